import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseProfile } from '../../protocols/profile-text.ts';
import { cycleLayout } from '../../protocols/session-log.ts';
import { decodeTelemetry, encodeTelemetry, telemetryChannels, telemetryPacketBytes } from '../../protocols/telemetry.ts';

const file = new URL('../../hal/profiles/gait-orthosis.json', import.meta.url);
const channels = telemetryChannels(parseProfile(readFileSync(file, 'utf8'), 'gait-orthosis.json'));

function packet(): Uint8Array<ArrayBuffer> {
  const row = Float64Array.from({ length: cycleLayout(4, 3).width + 1 }, (_, i) => i / 2);
  return encodeTelemetry(channels, 0x1_0000_0007, 123_456_789.5, row, 1);
}

test('channels are named by field and owner, each once', () => {
  const names = channels.map((channel) => channel.name);
  expect(names).toEqual(expect.arrayContaining(['state', 'encoderPositionRad.kneeLeft', 'linkUp.hub']));
  expect(new Set(names).size).toBe(names.length);
});

test('a packet comes back with its time, its sequence in 32 bits and every value', () => {
  const frame = decodeTelemetry(packet().buffer);
  expect(frame).toMatchObject({ sequence: 7, timeUs: 123_456_789.5 });
  expect([...frame!.values]).toEqual(channels.map((channel) => (channel.offset + 1) / 2));
});

test('a packet that is cut, too long, empty or of another version is refused', () => {
  const bytes = packet();
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  const other = bytes.slice();
  other[1] = 2;
  const wrong = [bytes.slice(0, -1), longer, new Uint8Array(0), other];
  expect(wrong.map((candidate) => decodeTelemetry(candidate.buffer))).toEqual([null, null, null, null]);
  expect(telemetryPacketBytes(channels.length)).toBe(bytes.length);
});
