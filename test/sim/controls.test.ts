import { expect, test } from 'vitest';
import { applyControlLine, type SimControls } from '../../sim/controls.ts';

function room(): { log: string[]; apply: (line: string) => void } {
  const log: string[] = [];
  const note =
    (what: string) =>
    (value: boolean | string): void => {
      log.push(`${what} ${value}`);
    };
  const controls: SimControls = { estop: note('estop'), patientButton: note('button'), brake: note('brake'), unplug: note('unplug'), plug: note('plug') };
  return { log, apply: (line) => applyControlLine(line, controls, () => log.push('stats')) };
}

test('a line does what it names and nothing else', () => {
  const { log, apply } = room();
  apply('{"estop":true,"unplug":"hub"}');
  apply('{"patientButton":false}');
  apply('{"stats":true}');
  expect(log).toEqual(['estop true', 'unplug hub', 'button false', 'stats']);
});

test.each(['{"estop":1}', '{"unknown":true}', 'estop', '[]', 'null'])('%s is refused', (line) => {
  const { log, apply } = room();
  expect(() => apply(line)).toThrow(/does not understand/);
  expect(log).toEqual([]);
});
