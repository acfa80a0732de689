/** What the live room says and shows of a robot that moves nothing. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { armKinds } from '../../../protocols/arm-profile.ts';
import type { StationStatus } from '../../../protocols/messages.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { sensedJointsOf } from '../../../protocols/profile.ts';
import { telemetryChannels } from '../../../protocols/telemetry.ts';
import { trainingModes } from '../../../protocols/training-mode.ts';
import { degToRad } from '../../../protocols/units.ts';
import { languages } from '../../../ui/app/language.ts';
import { plotKindsOf } from '../../../ui/plots/live-plots.ts';
import { LiveTelemetry } from '../../../ui/state/live-telemetry.ts';
import { parametersFrom, stepSpring, toGaitParameters } from '../../../ui/state/parameters.ts';
import { stateSentence, type StateFacts } from '../../../ui/therapist/state-sentence.ts';

const profile = parseProfile(readFileSync('hal/profiles/arm-support.json', 'utf8'), 'arm-support.json');
const channels = telemetryChannels(profile);

function frame(values: Readonly<Record<string, number>>) {
  const packed = new Float32Array(channels.length);
  for (const [name, value] of Object.entries(values)) packed[channels.findIndex((channel) => channel.name === name)] = value;
  return { sequence: 0, timeUs: 1_000_000, values: packed };
}

test('its joints are read by the name of their own channels, and have an age of their own', () => {
  const live = new LiveTelemetry(channels, profile);
  live.take(frame({ 'sensedPositionRad.elbow': degToRad(30), 'sensedAgeUs.elbow': 3_000, hubAgeUs: 9_000 }), 0);
  const elbow = live.joint(sensedJointsOf(profile).findIndex(({ id }) => id === 'elbow'));
  expect(elbow.angleRad).toBeCloseTo(degToRad(30));
  expect(elbow.ageMs).toBeCloseTo(3);
  expect(elbow.referenceRad).toBeNaN();
  expect(live.fastestJointDegPerSec()).toBe(0);
  expect(live.history.at(1 + 2 * 3, 0)).toBeCloseTo(30);
});

test('each of its joints has a plot', () => {
  expect(plotKindsOf(profile)).toEqual(armKinds);
});

test('the springs go to the robot and come back from telemetry as they were set, and stay within their levels', () => {
  const value = (channel: string): number => (channel === 'mode' ? trainingModes.indexOf('free') : channel === 'springUpperArm' ? 3 : channel === 'springForearm' ? 2 : 0.15);
  const shown = parametersFrom(value, profile)!;
  expect(shown).toMatchObject({ mode: 'free', springs: { upperArm: 3, forearm: 2 } });
  expect(toGaitParameters(stepSpring(shown, 'forearm', 1, 6)).springs).toEqual({ upperArm: 3, forearm: 3 });
  expect([stepSpring(shown, 'upperArm', 9, 6), stepSpring(shown, 'upperArm', -9, 6)].map(({ springs }) => springs?.upperArm)).toEqual([6, 0]);
});

const session = { sessionId: 's', patientId: 'p', startedAt: '2026-11-22T00:00:00Z', setup: { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: [], parameters: { speedMps: 0.15, guidance: { left: 0, right: 0 }, romScale: [], offsetRad: [] } } };

const facts = (blockers: readonly ('nothingDriven' | 'operatorLost' | 'sensorSilent')[], status: Partial<StationStatus> = {}): StateFacts => ({
  link: 'up',
  supervision: { state: 'ready', action: 'none', cause: 'none', causeJoint: -1, readyBlocker: 'nothingDriven', enabled: false, estopClosed: true, patientButton: false },
  status: { controller: 'running', simulated: true, lease: null, session, blockers: [...blockers], ...status },
  profile,
  parameters: null,
  jointsAtLimit: [],
  measuredStop: null,
});

test('it says that it measures, and what spoils that, and never asks to be armed or prepared', () => {
  expect(stateSentence(facts(['nothingDriven', 'operatorLost']), 'en')).toMatchObject({ title: 'Measuring', check: '', tone: 'active' });
  expect(stateSentence(facts(['nothingDriven', 'sensorSilent']), 'en')).toMatchObject({ title: 'Measuring', detail: 'A joint that is only measured is not heard', tone: 'medium' });
  for (const language of languages) expect(stateSentence(facts(['nothingDriven']), language).detail).not.toBe('');
});

test('after its program ended in the middle of a session, nothing is said of drives and preparation, which it has none of', () => {
  const sentence = stateSentence(facts([], { session: null, interrupted: true }), 'en');
  expect(sentence).toMatchObject({ check: 'Begin a new session to go on measuring.', tone: 'medium' });
  expect(sentence.detail).not.toContain('drives');
});
