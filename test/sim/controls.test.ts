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

test.each([
  { line: '{"estop":1}', says: /boolean/ },
  { line: '{"unknown":true}', says: /unknown/ },
  { line: 'estop', says: /JSON/ },
  { line: '[]', says: /object/ },
  { line: 'null', says: /object/ },
])('$line is refused', ({ line, says }) => {
  const { log, apply } = room();
  expect(() => apply(line)).toThrow(says);
  expect(log).toEqual([]);
});
