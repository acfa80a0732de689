import { array, assert as holds, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { PacedLine } from '../../sim/pacing.ts';

const BAUD = 921_600;
const BYTE_US = 1e7 / BAUD;

test('no byte arrives before the wire could have carried it, none is lost, and the order holds', () => {
  const writes = array(record({ gapUs: integer({ min: 0, max: 5_000 }), length: integer({ min: 0, max: 200 }) }), { maxLength: 40 });
  holds(
    property(writes, integer({ min: 100, max: 3_000 }), (plan, quantumUs) => {
      const line = new PacedLine(BAUD);
      const earliestUs: number[] = [];
      let [nowUs, freeUs, sent, seen, nextQuantumUs] = [0, 0, 0, 0, 0];
      const release = (atUs: number): void =>
        line.release(atUs, (chunk) => {
          for (const byte of chunk) {
            expect(byte).toBe(seen & 0xff);
            expect(atUs).toBeGreaterThanOrEqual(earliestUs[seen]! - 1e-6);
            seen++;
          }
        });
      for (const { gapUs, length } of plan) {
        nowUs += gapUs;
        for (; nextQuantumUs <= nowUs; nextQuantumUs += quantumUs) release(nextQuantumUs);
        line.push(Uint8Array.from({ length }, (_, i) => (sent + i) & 0xff), nowUs);
        for (let i = 0; i < length; i++) {
          freeUs = Math.max(freeUs, nowUs) + BYTE_US;
          earliestUs.push(freeUs);
        }
        sent += length;
      }
      release(Math.max(freeUs, nowUs) + 1);
      expect(seen).toBe(sent);
      expect(line.droppedBytes).toBe(0);
    }),
  );
});

test('a second of continuous sending carries a tenth of the baud rate in bytes', () => {
  const line = new PacedLine(BAUD);
  let received = 0;
  for (let ms = 0; ms < 1_000; ms++) {
    line.push(new Uint8Array(100), ms * 1_000);
    line.release((ms + 1) * 1_000, (chunk) => (received += chunk.length));
  }
  expect(received).toBeGreaterThan(92_000);
  expect(received).toBeLessThanOrEqual(92_160);
});

test('a full buffer drops what does not fit and counts it', () => {
  const line = new PacedLine(BAUD, 64);
  line.push(new Uint8Array(100), 0);
  expect(line.waitingBytes).toBe(64);
  expect(line.droppedBytes).toBe(36);
});

test('a pulled cable forgets what was on its way', () => {
  const line = new PacedLine(BAUD);
  line.push(new Uint8Array(10), 0);
  line.clear();
  let received = 0;
  line.release(1e9, (chunk) => (received += chunk.length));
  expect(received).toBe(0);
});

test('an answer leaves in packets as a USB adapter hands it over, each when its last byte has crossed the wire', () => {
  // 79 bytes: the values of a VESC. PyVESC 1.0.5 (VESC.py, write) decodes what is there once more than 3 bytes of 40, or 76 of 79, have come.
  const line = new PacedLine(115_200, 16_384, 64);
  line.push(Uint8Array.from({ length: 79 }, (_, i) => i), 0);
  const seen: [number, number][] = [];
  for (let us = 0; us <= 10_000; us += 250) line.release(us, (chunk) => seen.push([us, chunk.length]));
  expect(seen).toEqual([
    [5_750, 64],
    [7_000, 15],
  ]);
});
