/** What the safety lab says; one catalog per language. */
import type { LimitReason } from '../../protocols/session-log.ts';
import type { Action, SupervisorState } from '../../protocols/supervision.ts';
import type { ChoiceWord, Group, Preset, Select, Slider, Switch } from './lab-inputs.ts';

export interface LabTexts {
  readonly title: string;
  /** That nothing here reaches a robot. */
  readonly noRobot: string;
  readonly noProfile: string;
  /** Of a robot that only measures. */
  readonly movesNothing: string;
  readonly joint: string;
  readonly presets: string;
  readonly preset: Record<Preset, string>;
  readonly run: string;
  readonly halt: string;
  readonly step: string;
  readonly bringingUp: string;
  readonly cycle: (count: string, seconds: string) => string;
  readonly inputs: string;
  readonly group: Record<Group, string>;
  /** What a person has to know of a group. */
  readonly hint: Partial<Record<Group, string>>;
  readonly changed: (count: number) => string;
  readonly slider: Record<Slider, string>;
  readonly switch: Record<Switch, string>;
  readonly select: Record<Select, string>;
  readonly choice: Record<ChoiceWord, string>;
  readonly held: string;
  readonly follow: (reading: string) => string;
  readonly decision: string;
  readonly action: Record<Action, string>;
  readonly state: Record<SupervisorState, string>;
  readonly advice: string;
  readonly latched: string;
  readonly notLatched: string;
  readonly energised: string;
  readonly released: string;
  readonly acknowledge: string;
  readonly arm: string;
  readonly start: string;
  readonly stop: string;
  readonly blocker: string;
  readonly command: string;
  readonly quantity: string;
  readonly desired: string;
  readonly permitted: string;
  readonly angle: string;
  readonly speed: string;
  readonly stiffness: string;
  readonly damping: string;
  readonly feedForward: string;
  readonly driveTorque: string;
  readonly tried: string;
  readonly limitedBy: string;
  readonly unlimited: string;
  readonly reason: Record<LimitReason, string>;
  readonly lines: string;
  readonly activeLines: string;
  readonly allLines: (count: string) => string;
  readonly noLines: string;
  readonly check: string;
  readonly cause: string;
  readonly thenAction: string;
  readonly grace: string;
  readonly graceOf: (spent: string, all: string) => string;
  readonly status: string;
  readonly present: string;
  readonly gone: string;
  readonly absent: string;
  readonly dormant: string;
  readonly plotAngle: string;
  readonly plotTorque: string;
  readonly measured: string;
}
