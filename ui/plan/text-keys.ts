/** What the choice of a session's kind has to say; each language says all of it. */
import type { AssessmentKind } from '../../protocols/assessment.ts';
import type { EmgEffort } from './emg-measure.ts';
import type { PlanKind } from './plan-choice.ts';

export interface PlanTexts {
  readonly title: string;
  readonly change: string;
  readonly kinds: Readonly<Record<PlanKind, { readonly name: string; readonly what: string }>>;
  readonly use: string;
  readonly back: string;
  // trigger
  readonly source: string;
  readonly sources: Readonly<Record<'torque' | 'emg', string>>;
  readonly threshold: string;
  readonly ofMvc: string;
  readonly channel: string;
  readonly effort: Readonly<Record<EmgEffort, string>>;
  readonly measure: Readonly<Record<EmgEffort, string>>;
  readonly measuring: string;
  readonly notHeard: string;
  readonly less: (what: string) => string;
  readonly more: (what: string) => string;
  readonly pushOf: (nm: string) => string;
  readonly muscleOf: (channel: string, percent: string) => string;
  // replay
  readonly movements: string;
  readonly noMovements: string;
  readonly movementOf: (date: string, cycles: string, seconds: string) => string;
  readonly makeOne: string;
  readonly makeHow: string;
  readonly session: string;
  readonly noSessions: string;
  readonly name: string;
  readonly make: string;
  readonly making: string;
  readonly unreadable: string;
  readonly loading: string;
  // assessment
  readonly whatKind: string;
  readonly joint: string;
  readonly arm: string;
  readonly arms: Readonly<Record<'left' | 'right', string>>;
  readonly assessments: Readonly<Record<AssessmentKind, { readonly name: string; readonly what: string }>>;
}
