import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileSchema } from '../../../protocols/profile.ts';
import { telemetryChannels } from '../../../protocols/telemetry.ts';
import { degToRad } from '../../../protocols/units.ts';
import { LiveTelemetry } from '../../../ui/state/live-telemetry.ts';

const profile = profileSchema.parse(JSON.parse(readFileSync('hal/profiles/gait-orthosis.json', 'utf8')));
const channels = telemetryChannels(profile);

function frame(timeUs: number, values: Readonly<Record<string, number>>) {
  const packed = new Float32Array(channels.length);
  for (const [name, value] of Object.entries(values)) packed[channels.findIndex((channel) => channel.name === name)] = value;
  return { sequence: 0, timeUs, values: packed };
}

test('a joint is read by its name, wherever its channels stand', () => {
  const live = new LiveTelemetry(channels, profile);
  live.take(frame(2_000_000, { 'encoderPositionRad.kneeLeft': degToRad(30), 'jointTorqueNm.kneeLeft': 8, hubAgeUs: 4_000 }), 10);
  expect(live.joint(1).angleRad).toBeCloseTo(degToRad(30));
  expect(live.joint(1).torqueNm).toBe(8);
  expect(live.joint(1).ageMs).toBe(4);
  expect(live.timeSec).toBe(2);
  expect(live.packetAgeMs(35)).toBe(25);
});

test('the reference is the pattern while that is whole, and what is wanted of the joint on the way there', () => {
  const live = new LiveTelemetry(channels, profile);
  const wanted = { 'desiredPositionRad.hipLeft': 0.5, 'referencePositionRad.hipLeft': 0.3, enable: 1 };
  for (const [blend, referenceRad] of [[0.99, 0.5], [1, 0.3]] as const) {
    live.take(frame(blend, { ...wanted, blend }), 0);
    expect(live.joint(0).referenceRad).toBeCloseTo(referenceRad, 6);
  }
});

test('there is no reference while the drives are off', () => {
  const live = new LiveTelemetry(channels, profile);
  live.take(frame(0, { 'desiredPositionRad.hipLeft': 0.5 }), 0);
  expect(live.joint(0).referenceRad).toBeNaN();
  live.take(frame(1, { 'desiredPositionRad.hipLeft': 0.5, enable: 1 }), 0);
  expect(live.joint(0).referenceRad).toBe(0.5);
});

test('before the first packet everything is unknown and infinitely old', () => {
  const live = new LiveTelemetry(channels, profile);
  expect(live.joint(0).angleRad).toBeNaN();
  expect(live.packetAgeMs(1_000)).toBe(Infinity);
});

test('a controller that starts again begins a new history', () => {
  const live = new LiveTelemetry(channels, profile);
  for (const timeUs of [1_000, 2_000, 3_000]) live.take(frame(timeUs, {}), 0);
  live.take(frame(500, {}), 0);
  expect(live.history.count).toBe(1);
});

test('the fastest joint counts, whichever way it turns', () => {
  const live = new LiveTelemetry(channels, profile);
  live.take(frame(0, { 'motorVelocityRadPerSec.hipRight': degToRad(-80), 'motorVelocityRadPerSec.kneeLeft': degToRad(20) }), 0);
  expect(live.fastestJointDegPerSec()).toBeCloseTo(80, 4);
});
