/** A fault of the hazard table as it is done to a robot in lock-step, and what must follow. */
import type { Random } from '../../../../protocols/random.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { Action } from '../../../../protocols/supervision.ts';
import type { LockstepRig } from '../../lockstep-rig.ts';

/** Guided by so many percent, and the other training modes at full strength. */
export const guidedModes = ['walk100', 'walk60', 'walk30'] as const;
export const otherWalkingModes = ['walk0', 'pathControl', 'assistStiffness', 'assistTorque', 'transparent', 'resist'] as const;
/** What the robot is doing when the fault comes. `starting` and `pausing` are the ways into and out of the pattern. */
export const modes = ['ready', 'arming', 'hold', 'starting', ...guidedModes, ...otherWalkingModes, 'pausing', 'paused', 'stopping'] as const;
export type Mode = (typeof modes)[number];

export const walkingModes: readonly Mode[] = [...guidedModes, ...otherWalkingModes];
/** The drives hold or move the limbs. */
export const energisedModes: readonly Mode[] = modes.filter((mode) => mode !== 'ready');
/** The pattern runs. */
export const movingModes: readonly Mode[] = ['starting', ...walkingModes];

/**
 * What R1 asks for. A: the drive obeys, so the permitted range holds. B: drive, link or power has failed, so a joint may
 * coast, but never past its mechanical stop. C: the patient is stronger than the permitted torque, which wins.
 */
export type RiskClass = 'A' | 'B' | 'C';

/** What an injection has to do with. */
export interface Bench {
  readonly profile: RobotProfile;
  readonly rig: LockstepRig;
  /** Of this case alone. */
  readonly random: Random;
  /** Something happened that must not, as a sentence. */
  readonly breach: (finding: string) => void;
}

/** When the time allowed begins, and when it stands still; without it, it runs from the onset. */
export interface Exposure {
  /** Called before each cycle. @returns whether the fault can be seen in it at all */
  counts(bench: Bench): boolean;
  /** Called in each cycle that counts. @returns true when the bar is used up before its time */
  exhausted?(bench: Bench): boolean;
}

/** Of a robot that only measures, by places among its measured joints: what becomes of their readings. */
export interface Measuring {
  /** The sensor of this joint tells what is not so. `byItsJump`: only while readings come; after a silence it could be so. */
  readonly spoils?: { readonly joint: number; readonly seen: 'always' | 'byItsJump' | 'never' };
  /** Readings of these may stay away, or come late. */
  readonly silences?: readonly number[];
  /** These must be in doubt so soon, and stay so; without `until`, for a moment at least. */
  readonly doubted?: { readonly joints: readonly number[]; readonly withinMs: number; readonly until?: 'lifted' | 'forGood' };
  /** Whether the emergency stop was pressed may not be known. */
  readonly hidesHub?: boolean;
}

export interface Variant {
  readonly name: string;
  readonly riskClass: RiskClass;
  /** At least this, or the drives are released: 'none' means that nothing may happen. */
  readonly wanted: Action;
  /** From the onset to the first command that says so. Infinity: it may come, and need not. */
  readonly withinMs: number;
  /** In which modes it makes sense; without it in those of the fault. */
  readonly modes?: readonly Mode[];
  readonly exposure?: () => Exposure;
  /** Joints whose drives nobody reaches any more: each must be without torque so soon. */
  readonly lost?: { readonly joints: readonly number[]; readonly withinMs: number };
  /** This joint's drive may let go of it, instead of holding it: nobody knows where it is. */
  readonly letsGo?: number;
  /** Nothing but the drive's own limit bounds the torque: commands cross a wire without a checksum. */
  readonly unchecked?: boolean;
  /** Its drive hears a command now and then only: it lets go, and follows the next one, in a stop too. */
  readonly lapses?: boolean;
  /** The stop is over when the belt stands too. */
  readonly belt?: boolean;
  /** The patient goes on pushing, so the joints need not stand still after the stop. */
  readonly pushed?: boolean;
  /** For so long, from its injection; without it until it is lifted. */
  readonly pushedMs?: number;
  /** The link that it is about, where it is about one. */
  readonly link?: string;
  readonly measured?: Measuring;
  inject(bench: Bench): void;
  /** Before each cycle after the first. */
  each?(bench: Bench, cyclesSince: number): void;
  /** The cause goes away after the stop: still nothing may move. */
  lift?(bench: Bench): void;
}

export interface LockstepFault {
  /** As in the hazard table. */
  readonly id: string;
  readonly what: string;
  /** In words, for the report. */
  readonly bar: string;
  readonly modes: readonly Mode[];
  /** Of the cases in which it can be seen, this share must be detected in time; 1 without it. */
  readonly share?: number;
  /** None: this robot has not the part that could fail. */
  variants(profile: RobotProfile): readonly Variant[];
}

/** Two cycles at most: a frame of the hub waits for its turn and crosses the wire, and the loop reads it at its next tick. */
export const FRAME_MS = 8;
/** Table: 100 ms, as F08, F17 and F21 have it. */
export const ACT_MS = 100;

export const periodMsOf = (profile: RobotProfile): number => 1_000 / profile.controlRateHz;

export const jointIds = (profile: RobotProfile): readonly string[] => profile.joints.map(({ id }) => id);

/** Places of a link's joints in the profile; of the hub's link all, because its relay carries the power of all. */
export const jointsBehind = (profile: RobotProfile, link: string): readonly number[] =>
  profile.joints.flatMap(({ drive }, j) => (link === profile.hub.link || drive.link === link ? [j] : []));

/** How long a drive may go on when nobody reaches it: its own watchdog, or that of the relay that carries its power. */
export const releaseMsOf = (profile: RobotProfile, link: string): number =>
  link === profile.hub.link
    ? Math.max(profile.hub.heartbeatTimeoutMs, ...profile.joints.map(({ drive }) => drive.watchdogMs))
    : Math.max(...profile.joints.filter(({ drive }) => drive.link === link).map(({ drive }) => drive.watchdogMs));
