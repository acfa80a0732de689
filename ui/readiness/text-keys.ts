/** What is said before somebody is trained: preparation, confirmations, readiness, recovery, alarms. */
import type { PreparationReason, PreparationStep } from '../../protocols/preparation.ts';
import type { ReadinessItem } from '../../protocols/readiness.ts';
import type { Confirmation } from '../../protocols/supervision.ts';
import type { StepStatus } from './preparation-steps.ts';

export interface FailureText {
  readonly what: string;
  readonly check: string;
}

export interface ReadinessTexts {
  // preparation
  readonly prepare: string;
  readonly prepareWhat: string;
  readonly again: string;
  readonly nobodyInside: string;
  readonly beginSelfTest: string;
  readonly beginSelfTestSummary: string;
  readonly confirmEmptyFirst: string;
  readonly steps: Readonly<Record<PreparationStep, string>>;
  readonly statuses: Readonly<Record<StepStatus, string>>;
  readonly failed: (step: string) => string;
  readonly failures: Readonly<Record<Exclude<PreparationReason, 'none' | 'guard'>, FailureText>>;
  readonly pressEstop: string;
  readonly pressEstopWhat: string;
  readonly releaseEstop: string;
  readonly releaseEstopWhat: string;
  readonly acknowledgeNow: string;
  readonly acknowledgeNowWhat: string;
  readonly testing: string;
  readonly testingWhat: string;
  readonly goHome: string;
  readonly goHomeSummary: string;
  readonly goHomeWhat: string;
  readonly waitForRobot: string;
  // state sentence
  readonly idleWhat: string;
  readonly idleWithSession: string;
  readonly selfTestWhat: string;
  readonly homingWhat: string;
  readonly recoveringWhat: string;
  readonly estopTested: string;
  readonly stoppedIn: (seconds: string, joint: string, degrees: string) => string;
  readonly notAtRest: string;
  // simulated hardware
  readonly virtualHardware: string;
  readonly virtualEstop: string;
  readonly virtualPatient: string;
  readonly press: string;
  readonly release: string;
  // confirmations
  readonly confirmTitle: string;
  readonly confirm: Readonly<Record<Confirmation, (name: string, birthDate: string, size: string) => string>>;
  readonly playTone: string;
  readonly playing: string;
  readonly playFirst: string;
  readonly otherPatient: string;
  readonly stillToConfirm: (count: number) => string;
  // readiness
  readonly beforeArmingOf: (mode: string) => string;
  readonly core: string;
  readonly coreHint: string;
  readonly fine: string;
  readonly items: Readonly<Record<ReadinessItem, string>>;
  readonly missing: Readonly<Record<Confirmation, string>>;
  readonly confirmAgain: (what: string) => string;
  readonly prepareAgain: string;
  // recovery
  readonly recover: string;
  readonly recoverSummary: string;
  readonly above: (joint: string, degrees: string) => string;
  readonly below: (joint: string, degrees: string) => string;
  // alarms
  readonly mute: string;
  readonly muted: string;
}
