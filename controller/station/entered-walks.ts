/** Walk tests over ground that a therapist enters: nonsense is refused by name, what is kept says who entered it and when. */
import { dayOf, walkIssue, walkLimits, type WalkEntry, type WalkIssue } from '../../protocols/entered-walk.ts';
import { DariError } from '../../protocols/errors.ts';
import type { RecordStore } from './records/store.ts';

export interface EnteringContext {
  readonly store: Pick<RecordStore, 'patient' | 'addEnteredWalk'>;
  now(): Date;
  newId(): string;
}

const sentences: Readonly<Record<WalkIssue, (entry: WalkEntry) => string>> = {
  value: ({ kind, value }) => {
    const { min, max, unit } = walkLimits[kind];
    return `${kind === 'walk10m' ? 'The time of ten metres' : 'The distance of six minutes'}, ${value} ${unit}, is outside ${min} … ${max} ${unit}. Look at the number and its unit.`;
  },
  date: ({ walkedOn }) => `"${walkedOn}" is no day. Give the day of the test as YYYY-MM-DD.`,
  future: ({ walkedOn }) => `${walkedOn} is yet to come. Give the day of the test.`,
  beforeBirth: ({ walkedOn }) => `On ${walkedOn} this patient was not born. Look at the day of the test, and whose it is.`,
};

/** @throws DariError `patientUnknown`, `entryInvalid` */
export async function enterWalk(context: EnteringContext, patientId: string, entry: WalkEntry, actor: string): Promise<void> {
  const { store } = context;
  const patient = await store.patient(patientId);
  if (patient === null) throw new DariError('patientUnknown', `There is no patient "${patientId}". Choose one from the list of patients.`);
  const at = context.now();
  const issue = walkIssue(entry, dayOf(at), patient.birthDate);
  if (issue !== null) throw new DariError('entryInvalid', sentences[issue](entry));
  await store.addEnteredWalk({ ...entry, id: context.newId(), patientId, enteredAt: at.toISOString(), actor });
}
