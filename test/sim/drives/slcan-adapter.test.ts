import { describe, expect, test } from 'vitest';
import { emptyCanFrame, type CanFrame } from '../../../protocols/wire/slcan.ts';
import type { CanNode, CanTransmit } from '../../../sim/drives/device.ts';
import { SlcanAdapter } from '../../../sim/drives/slcan-adapter.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Answers frames with id 1 with one byte, from id 0. */
class Echo implements CanNode {
  readonly canBitRate = 1_000_000;
  #transmit: CanTransmit = () => false;

  attach(transmit: CanTransmit): void {
    this.#transmit = transmit;
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    const answer = { ...emptyCanFrame(), length: 1 };
    answer.data[0] = frame.data[0] ?? 0;
    if (frame.id === 1) this.#transmit(answer, nowUs);
  }
}

function adapter(style: 'lawicel' | 'slcanpty' | 'canable'): { ask: (text: string, nowUs?: number) => string; device: SlcanAdapter } {
  let answer = '';
  const device = new SlcanAdapter(style, [new Echo()], (bytes) => (answer += String.fromCharCode(...bytes)));
  return {
    device,
    ask: (text, nowUs = 0) => {
      answer = '';
      device.receive(ascii(text), nowUs);
      device.step(nowUs + 1_000);
      return answer;
    },
  };
}

test.each([
  { style: 'lawicel', setUp: '\r\r', sent: 'z\rt00015A\r', extended: 'Z\r', unknown: '\u0007' },
  { style: 'slcanpty', setUp: '\r\r', sent: '\rt00015A\r', extended: '\r', unknown: '\u0007' },
  { style: 'canable', setUp: '', sent: 't00015A\r', extended: '', unknown: '' },
] as const)('a $style adapter acknowledges in its own way', ({ style, setUp, sent, extended, unknown }) => {
  const { ask } = adapter(style);
  expect(ask('S8\rO\r')).toBe(setUp);
  expect(ask('t00115A\r')).toBe(sent);
  expect(ask('T0000000215A\r')).toBe(extended);
  expect(ask('t0091\r')).toBe(unknown);
});

describe('a lawicel adapter', () => {
  test('sends nothing on the bus while its channel is closed', () => {
    const { ask } = adapter('lawicel');
    expect(ask('t00115A\r')).toBe('\u0007');
    expect(ask('O\r')).toBe('\u0007');
  });

  test('refuses a new bit rate while open, and takes it after closing', () => {
    const { ask } = adapter('lawicel');
    expect(ask('S8\rO\rS8\r')).toBe('\r\r\u0007');
    expect(ask('C\rS8\r')).toBe('\r\r');
  });

  test('acknowledges but brings no answer at a bit rate that the drives do not use', () => {
    const { ask } = adapter('lawicel');
    ask('S6\rO\r');
    expect(ask('t00115A\r')).toBe('z\r');
  });

  test('tells its version and serial number, and stamps received frames when told to', () => {
    const { ask } = adapter('lawicel');
    expect(ask('V\r')).toMatch(/^V[0-9A-F]{4}\r$/);
    expect(ask('N\r')).toMatch(/^N[0-9A-Z]{4}\r$/);
    ask('Z1\rS8\rO\r');
    expect(ask('t00115A\r', 61_002_000)).toBe('z\rt00015A03EA\r');
  });

  test('forgets its settings and half a line when its cable is pulled', () => {
    const { ask, device } = adapter('lawicel');
    ask('S8\rO\rt0011');
    device.unplugged();
    expect(ask('S8\rO\rt00115A\r')).toBe('\r\rz\rt00015A\r');
  });
});
