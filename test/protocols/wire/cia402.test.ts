import { describe, expect, test } from 'vitest';
import { CONTROL, controlwordToward, modeBit, powerCommandOf, powerStateOf, stateBits, STATUS, type PowerState } from '../../../protocols/wire/cia402.ts';

const states: readonly PowerState[] = ['notReady', 'switchOnDisabled', 'readyToSwitchOn', 'switchedOn', 'operationEnabled', 'quickStop', 'faultReaction', 'fault'];

describe('status word', () => {
  // Masks and values: canopen-python profiles/p402.py, State402.SW_MASK.
  test.each([
    [0x0021, 'readyToSwitchOn'],
    [0x0637, 'operationEnabled'],
    [0x0250, 'switchOnDisabled'],
    [0x0233, 'switchedOn'],
    [0x0217, 'quickStop'],
    [0x021f, 'faultReaction'],
    [0x0218, 'fault'],
    [0x0208, 'fault'],
    [0x0200, 'notReady'],
  ] as const)('%i is %s', (word, state) => {
    expect(powerStateOf(word)).toBe(state);
  });

  test('every state is read back, whatever the other bits say', () => {
    const others = STATUS.voltageEnabled | STATUS.warning | STATUS.remote | STATUS.targetReached | STATUS.internalLimit | STATUS.modeSpecific | STATUS.followingError;
    expect(states.map((state) => powerStateOf(stateBits(state) | others))).toEqual(states);
  });

  test('every one of the 65 536 words is one state or none', () => {
    const seen = new Set(Array.from({ length: 0x1_0000 }, (_, word) => powerStateOf(word)));
    expect(seen).toEqual(new Set([...states, null]));
  });
});

describe('control word', () => {
  // canopen-python p402.py; the fault reset bit is an edge and not a command of its own.
  test.each([
    [CONTROL.disableVoltage, 'disableVoltage'],
    [CONTROL.quickStop, 'quickStop'],
    [CONTROL.shutdown, 'shutdown'],
    [CONTROL.switchOn, 'switchOn'],
    [CONTROL.enableOperation, 'enableOperation'],
    [CONTROL.faultReset, 'disableVoltage'],
    [CONTROL.enableOperation | CONTROL.newSetPoint, 'enableOperation'],
  ] as const)('%i asks for %s', (word, command) => {
    expect(powerCommandOf(word)).toBe(command);
  });

  test('leads one step at a time toward operation, and never resets a fault', () => {
    expect(states.map(controlwordToward)).toEqual([0, 6, 7, 15, 15, 0, 0, 0]);
    expect(controlwordToward(null)).toBe(0);
  });

  test('modes have their bit in the list of supported ones', () => {
    expect([1, 3, 4, 6, 8, 9, 10].reduce((sum, mode) => sum + modeBit(mode), 0)).toBe(0x3ad);
    expect(modeBit(0)).toBe(0);
  });
});
