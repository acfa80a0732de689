import { expect, test } from 'vitest';
import type { PreparationNews } from '../../../protocols/preparation.ts';
import type { Supervision } from '../../../ui/state/station-state.ts';
import { alarmOf, burst, REPEAT_SEC, type AlarmFacts } from '../../../ui/readiness/alarm.ts';

const standing: Supervision = { state: 'stopped', action: 'protectiveStop', cause: 'driveSilent', causeJoint: -1, readyBlocker: 'none', enabled: false, estopClosed: true, patientButton: false };
const facts = (over: Partial<Supervision> = {}, more: Partial<AlarmFacts> = {}): AlarmFacts => ({ link: 'up', supervision: { ...standing, ...over }, sessionOpen: true, preparation: undefined, ...more });
const tested: PreparationNews = { step: 'estop', status: 'waiting', ask: 'releaseEstop', reason: 'none', cause: 'none', joint: null, tested: false, prepared: false };

test('a stop sounds with the priority of its cause, a wanted one not at all', () => {
  expect(alarmOf(facts())).toBe('high');
  expect(alarmOf(facts({ cause: 'operatorLost' }))).toBe('medium');
  expect(alarmOf(facts({ cause: 'operatorStop' }))).toBeNull();
  expect(alarmOf(facts({ state: 'running', cause: 'none' }))).toBeNull();
});

test('an emergency stop is a high alarm, unless the self-test asked for it', () => {
  expect(alarmOf(facts({ state: 'emergency', cause: 'estopOpen' }))).toBe('high');
  expect(alarmOf(facts({ state: 'emergency', cause: 'estopOpen' }, { preparation: tested }))).toBeNull();
});

test('a lost robot sounds while somebody trains', () => {
  expect(alarmOf(facts({}, { link: 'down' }))).toBe('high');
  expect(alarmOf(facts({}, { link: 'waiting' }))).toBe('medium');
  expect(alarmOf(facts({}, { link: 'down', sessionOpen: false }))).toBeNull();
});

test.each(['high', 'medium'] as const)('a burst of %s priority has its pulses one after the other, and ends before the next', (priority) => {
  const pulses = burst(priority);
  expect(pulses).toHaveLength(priority === 'high' ? 10 : 3);
  pulses.slice(1).forEach(({ atSec }, n) => expect(atSec).toBeGreaterThan(pulses[n]!.atSec + pulses[n]!.lengthSec));
  expect(pulses.at(-1)!.atSec + pulses.at(-1)!.lengthSec).toBeLessThan(REPEAT_SEC[priority]);
});
