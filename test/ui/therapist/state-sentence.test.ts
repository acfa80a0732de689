import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileSchema } from '../../../protocols/profile.ts';
import { causes, supervisorStates } from '../../../protocols/supervision.ts';
import { languages } from '../../../ui/app/language.ts';
import type { Supervision } from '../../../ui/state/station-state.ts';
import { stateSentence, type StateFacts } from '../../../ui/therapist/state-sentence.ts';

const profile = profileSchema.parse(JSON.parse(readFileSync('hal/profiles/gait-orthosis.json', 'utf8')));
const supervision: Supervision = { state: 'ready', action: 'none', cause: 'none', causeJoint: -1, readyBlocker: 'none', enabled: false, estopClosed: true, patientButton: false };
const session = { sessionId: 's', patientId: 'p', startedAt: '2026-11-22T00:00:00Z', setup: { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: [], parameters: { speedMps: 0.4, guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] } } };
const facts = (over: Partial<Supervision> = {}, more: Partial<StateFacts> = {}): StateFacts => ({
  link: 'up',
  supervision: { ...supervision, ...over },
  status: { controller: 'running', simulated: true, lease: null, session },
  profile,
  parameters: { mode: 'guidedGait' as const, speedKmh: 2, guidancePercent: { left: 60, right: 60 }, romPercent: [], offsetDeg: [], timingPercent: [] },
  jointsAtLimit: [],
  measuredStop: null,
  ...more,
});

test('a lost link outranks everything that was last known', () => {
  const sentence = stateSentence(facts({ state: 'running' }, { link: 'down' }), 'en');
  expect(sentence.title).toBe('Disconnected');
  expect(sentence.tone).toBe('high');
});

test('training says speed, guidance, and that all joints are inside', () => {
  expect(stateSentence(facts({ state: 'running' }), 'en').detail).toBe('2.0 km/h · guidance 60 % · all joints inside their range');
  expect(stateSentence(facts({ state: 'running' }), 'ko').title).toBe('훈련 중');
});

test('a mode that does not guide is named', () => {
  const parameters = { ...facts().parameters!, mode: 'pathControl' as const };
  expect(stateSentence(facts({ state: 'running' }, { parameters }), 'en').detail).toBe('2.0 km/h · Path control 60 % · all joints inside their range');
});

test('a joint at its limit is named', () => {
  const sentence = stateSentence(facts({ state: 'running' }, { jointsAtLimit: [1] }), 'de');
  expect(sentence.detail).toContain('Knie links');
  expect(sentence.tone).toBe('medium');
});

test('a stop names its cause, its joint and what to do', () => {
  const sentence = stateSentence(facts({ state: 'stopped', cause: 'sensorDisagreement', causeJoint: 3 }), 'en');
  expect(sentence.detail).toBe('Motor and joint angle disagree · at Knee right');
  expect(sentence.check).not.toBe('');
  expect(sentence.tone).toBe('high');
});

test('a measured stop says how long it took and how far the farthest joint went', () => {
  const measuredStop = { timeMs: 214, atRest: true, withinLimits: true, tripDegPerSec: 90, distanceDeg: { hipLeft: 2.1, kneeLeft: 6.34, hipRight: null } };
  const stopped = { state: 'stopped', cause: 'operatorStop' } as const;
  expect(stateSentence(facts(stopped, { measuredStop }), 'en').detail).toBe('Stopped by the therapist. Stopped in 0.21 s, Knee left after 6.3°.');
  expect(stateSentence(facts(stopped, { measuredStop: { ...measuredStop, atRest: false } }), 'de').detail).toContain('Nicht alle Gelenke');
});

test('ready without a session asks for one; with a blocker it says why arming waits', () => {
  expect(stateSentence(facts({}, { status: null }), 'en').detail).toContain('Choose a patient');
  expect(stateSentence(facts({ readyBlocker: 'brakeEngaged' }), 'en').detail).toBe('Cannot be armed yet: The brake is engaged.');
  expect(languages.map((language) => stateSentence(facts({ readyBlocker: 'outsideSoftRange' }), language).title)).not.toEqual(languages.map((language) => stateSentence(facts(), language).title));
  expect(stateSentence(facts({ readyBlocker: 'outsideSoftRange' }), 'en').title).toBe('Not ready yet');
});

test('there is a sentence for every state and cause in every language', () => {
  for (const language of languages) for (const state of supervisorStates) for (const cause of causes) expect(stateSentence(facts({ state, cause }), language).title).not.toBe('');
});

test.each(languages)('after the robot process ended in the middle of a session, people are told of the patient in it, until the next self-test (%s)', (language) => {
  const status = { controller: 'running' as const, simulated: true, lease: null, session: null, interrupted: true as const };
  for (const state of ['connecting', 'idle'] as const) {
    const sentence = stateSentence(facts({ state }, { status }), language);
    expect(sentence.tone).toBe('high');
    expect(sentence.check).not.toBe('');
    expect(sentence.detail).not.toBe(stateSentence(facts({ state }, { status: { ...status, interrupted: undefined } }), language).detail);
  }
  expect(stateSentence(facts({ state: 'selfTest' }, { status }), language).tone).toBe('active');
});
