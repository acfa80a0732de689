import { expect, test } from 'vitest';
import { applyControlLine, type SimControls } from '../../sim/controls.ts';

function room(): { log: string[]; apply: (line: string) => void } {
  const log: string[] = [];
  const note =
    (what: string) =>
    (value: unknown): void => {
      log.push(`${what} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    };
  const controls: SimControls = { estop: note('estop'), patientButton: note('button'), brake: note('brake'), patient: note('patient'), prompt: note('prompt'), unplug: note('unplug'), plug: note('plug'), fault: note('fault'), clearFaults: note('clear') };
  return { log, apply: (line) => applyControlLine(line, controls, () => log.push('stats')) };
}

test('a line does what it names and nothing else', () => {
  const { log, apply } = room();
  apply('{"estop":true,"unplug":"hub"}');
  apply('{"patientButton":false}');
  apply('{"patient":true}');
  apply('{"prompt":{"ask":"push","joint":"kneeLeft","markNm":30}}');
  apply('{"prompt":null}');
  apply('{"stats":true}');
  expect(log).toEqual(['estop true', 'unplug hub', 'button false', 'patient true', 'prompt {"ask":"push","joint":"kneeLeft","markNm":30}', 'prompt null', 'stats']);
});

test('faults are ordered with what they need, and lifted on one link or on all', () => {
  const { log, apply } = room();
  apply('{"fault":{"link":"leg-left","kind":"flipBits","rate":0.001}}');
  apply('{"fault":{"link":"leg-left","kind":"mute","direction":"toHost"}}');
  apply('{"fault":{"link":"leg-left","kind":"reset","address":2}}');
  apply('{"clearFaults":"leg-left"}');
  apply('{"clearFaults":true}');
  expect(log).toEqual([
    'fault {"kind":"flipBits","link":"leg-left","rate":0.001}',
    'fault {"kind":"mute","link":"leg-left","direction":"toHost"}',
    'fault {"kind":"reset","link":"leg-left","address":2}',
    'clear leg-left',
    'clear null',
  ]);
});

test('faults of joints, of the patient and of the hub are ordered without a link', () => {
  const { log, apply } = room();
  apply('{"fault":{"kind":"sensor","sensor":"jointEncoder","joint":"kneeLeft","how":"stuck"}}');
  apply('{"fault":{"kind":"push","joint":"hipLeft","torqueNm":-40,"riseMs":50,"holdMs":300}}');
  apply('{"fault":{"kind":"hubClockFrozen"}}');
  expect(log).toEqual([
    'fault {"kind":"sensor","sensor":"jointEncoder","joint":"kneeLeft","how":"stuck"}',
    'fault {"kind":"push","joint":"hipLeft","torqueNm":-40,"riseMs":50,"holdMs":300}',
    'fault {"kind":"hubClockFrozen"}',
  ]);
});

test.each([
  ['{"fault":{"kind":"sensor","sensor":"nose","joint":"kneeLeft","how":"stuck"}}', /fault\.sensor: must be one of jointEncoder, motorEncoder, jointTorque/],
  ['{"fault":{"kind":"sensor","sensor":"jointTorque","joint":"kneeLeft","how":"melted"}}', /fault\.how: must be one of stuck, jump, drift, flip, offset, noise, invalid/],
  ['{"fault":{"kind":"sensor","sensor":"jointTorque","joint":"kneeLeft","how":"stuck","size":1}}', /fault\.size: belongs to jump, drift, offset and noise/],
  ['{"fault":{"kind":"sensor","sensor":"jointTorque","joint":"kneeLeft","how":"noise","size":-1}}', /not negative for noise/],
  ['{"fault":{"kind":"push","joint":"kneeLeft","torqueNm":4000,"riseMs":50,"holdMs":1}}', /fault\.torqueNm: must be -400 to 400 Nm/],
  ['{"fault":{"kind":"push","joint":"kneeLeft","torqueNm":40,"riseMs":-1,"holdMs":1}}', /fault\.riseMs: must be 0 to 60000 ms/],
  ['{"fault":{"kind":"heat","joint":"kneeLeft","tempC":900}}', /fault\.tempC: must be -20 to 200 °C/],
  ['{"fault":{"kind":"block"}}', /fault\.joint: must be the id of a joint/],
  ['{"fault":{"kind":"hubClockFrozen","link":"hub"}}', /does not understand/],
])('%s is refused with what is allowed', (line, allowed) => {
  const { log, apply } = room();
  expect(() => apply(line)).toThrow(allowed);
  expect(log).toEqual([]);
});

test.each([
  ['{"fault":{"link":"hub","kind":"nonsense"}}', /fault\.kind/],
  ['{"fault":{"link":"hub","kind":"drop"}}', /fault\.rate/],
  ['{"fault":{"link":"hub","kind":"drop","rate":1.5}}', /fault\.rate/],
  ['{"fault":{"kind":"mute"}}', /fault\.link/],
  ['{"fault":{"link":"hub","kind":"delay","delayMs":-1}}', /fault\.delayMs/],
])('%s is refused, and the place is named', (line, place) => {
  const { log, apply } = room();
  expect(() => apply(line)).toThrow(place);
  expect(() => apply(line)).toThrow(/flipBits, babble, mute/);
  expect(log).toEqual([]);
});

test.each(['{"estop":1}', '{"unknown":true}', 'estop', '[]', 'null'])('%s is refused', (line) => {
  const { log, apply } = room();
  expect(() => apply(line)).toThrow(/does not understand/);
  expect(log).toEqual([]);
});
