import { array, assert as holds, constantFrom, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../protocols/random.ts';
import { LINE_STEP_US } from '../../../sim/drives/device.ts';
import { createLineFault, type LineFaultOrder } from '../../../sim/faults/catalogue.ts';
import type { ByteFlow } from '../../../sim/faults/fault.ts';

const BAUD = 115_200;
const BYTES_PER_S = BAUD / 10;

/** What comes through, with the time of each chunk. */
class Received implements ByteFlow {
  readonly chunks: { readonly bytes: number[]; readonly atUs: number }[] = [];

  push(bytes: Uint8Array, nowUs: number): void {
    if (bytes.length > 0) this.chunks.push({ bytes: [...bytes], atUs: nowUs });
  }

  step(): void {}
  flush(): void {}
  clear(): void {}

  get bytes(): number[] {
    return this.chunks.flatMap(({ bytes }) => bytes);
  }
}

const link = 'leg-left';

function faulty(orders: readonly LineFaultOrder[], seed = 7): { front: ByteFlow; received: Received } {
  const received = new Received();
  return { received, front: orders.reduce<ByteFlow>((behind, order, i) => createLineFault(order, behind, createRandom(seed + i), BAUD), received) };
}

/** A frame per millisecond; every line step in between. */
function send(front: ByteFlow, frames: number, frame: Uint8Array): void {
  for (let i = 0; i < frames; i++) {
    front.push(frame, i * 1_000);
    for (let step = 1; step <= 4; step++) front.step(i * 1_000 + step * LINE_STEP_US);
  }
}

const FRAME = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

describe('drop', () => {
  test('loses single bytes at its rate, and leaves the order', () => {
    const { front, received } = faulty([{ kind: 'drop', link, rate: 0.2 }]);
    send(front, 1_000, FRAME);
    expect(received.bytes.length).toBeGreaterThan(7_700);
    expect(received.bytes.length).toBeLessThan(8_300);
    for (const { bytes } of received.chunks) expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
  });
});

describe('flipBits', () => {
  test('inverts bits at its rate and loses none', () => {
    const { front, received } = faulty([{ kind: 'flipBits', link, rate: 0.01 }]);
    send(front, 1_000, new Uint8Array(10));
    const flipped = received.bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect(received.bytes).toHaveLength(10_000);
    expect(flipped).toBeGreaterThan(650);
    expect(flipped).toBeLessThan(950);
  });

  test('does not touch what the sender keeps', () => {
    const { front } = faulty([{ kind: 'flipBits', link, rate: 1 }]);
    const frame = FRAME.slice();
    front.push(frame, 0);
    expect(frame).toEqual(FRAME);
  });
});

describe('duplicate', () => {
  test('sends some frames twice, whole and one after the other', () => {
    const { front, received } = faulty([{ kind: 'duplicate', link, rate: 0.5 }]);
    send(front, 1_000, FRAME);
    expect(received.chunks.length).toBeGreaterThan(1_400);
    expect(received.chunks.length).toBeLessThan(1_600);
    for (const { bytes } of received.chunks) expect(bytes).toEqual([...FRAME]);
  });

  test('with many copies it is a device that sends a hundred times its traffic', () => {
    const { front, received } = faulty([{ kind: 'duplicate', link, rate: 1, copies: 99 }]);
    send(front, 3, FRAME);
    expect(received.chunks).toHaveLength(300);
  });
});

describe('delay', () => {
  test('makes every frame late by the same time and keeps their order', () => {
    const { front, received } = faulty([{ kind: 'delay', link, delayMs: 20 }]);
    for (let i = 0; i < 100; i++) {
      front.push(Uint8Array.of(i), i * 1_000);
      front.step(i * 1_000);
    }
    expect(received.bytes).toEqual(Array.from({ length: 80 }, (_, i) => i));
    for (const { bytes, atUs } of received.chunks) expect(atUs).toBe(bytes[0]! * 1_000 + 20_000);
  });

  test('at a lower rate the others overtake: frames change their order, none is lost', () => {
    const { front, received } = faulty([{ kind: 'delay', link, delayMs: 3, rate: 0.3 }]);
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    for (const i of numbers) {
      front.push(Uint8Array.of(i), i * 1_000);
      front.step(i * 1_000);
    }
    front.step(1e6);
    expect(received.bytes).not.toEqual(numbers);
    expect(received.bytes.toSorted((a, b) => a - b)).toEqual(numbers);
  });
});

describe('split', () => {
  test('a frame comes in two pieces with a pause between', () => {
    const { front, received } = faulty([{ kind: 'split', link, rate: 1, delayMs: 2 }]);
    front.push(FRAME, 0);
    expect(received.bytes.length).toBeGreaterThan(0);
    expect(received.bytes.length).toBeLessThan(FRAME.length);
    front.step(1_750);
    expect(received.chunks).toHaveLength(1);
    front.step(2_000);
    expect(received.bytes).toEqual([...FRAME]);
  });

  test('nothing overtakes a piece that waits', () => {
    const { front, received } = faulty([{ kind: 'split', link, rate: 0.5, delayMs: 3 }]);
    const numbers = Array.from({ length: 240 }, (_, i) => i);
    for (let i = 0; i < 240; i += 4) {
      front.push(Uint8Array.from(numbers.slice(i, i + 4)), i * 250);
      front.step(i * 250);
    }
    front.step(1e6);
    expect(received.bytes).toEqual(numbers);
  });
});

describe('babble', () => {
  test('fills its part of the wire with garbage, and lets the frames through that have room beside it', () => {
    const { front, received } = faulty([{ kind: 'babble', link, rate: 0.1 }]);
    send(front, 1_000, FRAME);
    const whole = received.chunks.filter(({ bytes }) => bytes.join() === FRAME.join());
    expect(whole).toHaveLength(1_000);
    const garbage = received.bytes.length - 10_000;
    expect(garbage).toBeGreaterThan(0.09 * BYTES_PER_S);
    expect(garbage).toBeLessThanOrEqual(0.1 * BYTES_PER_S);
    expect(new Set(received.bytes).size).toBeGreaterThan(240);
  });

  test('leaves no room for a frame when all of the wire is garbage', () => {
    const { front, received } = faulty([{ kind: 'babble', link, rate: 1 }]);
    send(front, 1_000, FRAME);
    expect(received.chunks.filter(({ bytes }) => bytes.join() === FRAME.join())).toHaveLength(0);
    expect(received.bytes.length).toBeGreaterThan(0.99 * BYTES_PER_S);
  });
});

describe('mute', () => {
  test('lets nothing through', () => {
    const { front, received } = faulty([{ kind: 'mute', link }]);
    send(front, 100, FRAME);
    front.flush(1e6);
    expect(received.bytes).toEqual([]);
  });
});

const every: readonly LineFaultOrder[] = [
  { kind: 'drop', link, rate: 0.05 },
  { kind: 'delay', link, delayMs: 5, rate: 0.2 },
  { kind: 'duplicate', link, rate: 0.1 },
  { kind: 'split', link, rate: 0.3 },
  { kind: 'flipBits', link, rate: 0.001 },
  { kind: 'babble', link, rate: 0.1 },
  { kind: 'mute', link },
];

describe('a stack', () => {
  test('in any order gives the same bits for the same seed, and works on after it was pulled', () => {
    holds(
      property(array(constantFrom(...every), { minLength: 1, maxLength: 6 }), integer(), array(uint8Array({ maxLength: 30 }), { maxLength: 40 }), (orders, seed, frames) => {
        const run = (): string => {
          const { front, received } = faulty(orders, seed);
          frames.forEach((frame, i) => {
            front.push(frame, i * 1_000);
            front.step((i + 1) * 1_000);
          });
          front.clear();
          front.push(FRAME, 1e6);
          front.flush(1e6);
          return JSON.stringify(received.chunks);
        };
        expect(run()).toBe(run());
      }),
      { numRuns: 200 },
    );
  });

  test('of faults that lose nothing brings every byte, once what it holds back is let go', () => {
    const orders: LineFaultOrder[] = [
      { kind: 'split', link, rate: 0.5, delayMs: 50 },
      { kind: 'delay', link, delayMs: 200 },
      { kind: 'split', link, rate: 0.5 },
    ];
    const { front, received } = faulty(orders);
    const numbers = Array.from({ length: 250 }, (_, i) => i);
    for (let i = 0; i < 250; i += 10) front.push(Uint8Array.from(numbers.slice(i, i + 10)), i * 100);
    front.flush(25_000);
    expect(received.bytes).toEqual(numbers);
  });

  test('forgets with the cable what it holds back', () => {
    const { front, received } = faulty([
      { kind: 'delay', link, delayMs: 10 },
      { kind: 'split', link, rate: 1 },
    ]);
    front.push(FRAME, 0);
    const before = received.bytes.length;
    front.clear();
    front.step(1e6);
    front.flush(1e6);
    expect(received.bytes).toHaveLength(before);
  });
});
