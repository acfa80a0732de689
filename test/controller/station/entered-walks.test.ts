import { expect, it } from 'vitest';
import { demoPatients } from '../../../controller/station/records/demo-patients.ts';
import { enterWalk, type EnteringContext } from '../../../controller/station/entered-walks.ts';
import type { EnteredWalk, WalkEntry } from '../../../protocols/entered-walk.ts';

const entry: WalkEntry = { kind: 'walk10m', value: 12.5, aid: 'cane', walkedOn: '2026-11-20' };

function entering() {
  const kept: EnteredWalk[] = [];
  const context: EnteringContext = {
    store: { patient: (id) => Promise.resolve(demoPatients.find((patient) => patient.id === id) ?? null), addEnteredWalk: (walk) => Promise.resolve(void kept.push(walk)) },
    now: () => new Date(2026, 10, 23, 12),
    newId: () => 'w1',
  };
  return { kept, enter: (change: Partial<WalkEntry> = {}, patientId = 'demo-1') => enterWalk(context, patientId, { ...entry, ...change }, 'page-1') };
}

it('keeps a walk with who entered it and when', async () => {
  const { kept, enter } = entering();
  await enter();
  await enter({ kind: 'walk6min', value: 1_000, walkedOn: '2026-11-23' });
  expect(kept[0]).toEqual({ ...entry, id: 'w1', patientId: 'demo-1', enteredAt: new Date(2026, 10, 23, 12).toISOString(), actor: 'page-1' });
  expect(kept).toHaveLength(2);
});

it.each<[string, Partial<WalkEntry>, RegExp]>([
  ['ten metres in no time', { value: 0 }, /time of ten metres, 0 s, is outside 2 … 600 s/],
  ['ten metres in an hour', { value: 3_600 }, /outside 2 … 600 s/],
  ['no number', { value: Number.NaN }, /outside/],
  ['six minutes without a step', { kind: 'walk6min', value: 0 }, /distance of six minutes, 0 m, is outside 1 … 1000 m/],
  ['kilometres as metres', { kind: 'walk6min', value: 31_000 }, /outside/],
  ['a day that is none', { walkedOn: '2026-02-30' }, /"2026-02-30" is no day/],
  ['a day in other words', { walkedOn: '20.11.2026' }, /is no day/],
  ['tomorrow', { walkedOn: '2026-11-24' }, /yet to come/],
  ['a day before the patient was born', { walkedOn: '1960-01-01' }, /not born/],
])('refuses %s by name, and keeps nothing', async (_, change, message) => {
  const { kept, enter } = entering();
  await expect(enter(change)).rejects.toMatchObject({ code: 'entryInvalid', message: expect.stringMatching(message) });
  expect(kept).toEqual([]);
});

it('refuses a patient whom nobody knows', async () => {
  await expect(entering().enter({}, 'nobody')).rejects.toMatchObject({ code: 'patientUnknown' });
});
