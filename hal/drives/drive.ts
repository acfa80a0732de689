/**
 * Drive: one motor controller, in the joint's own coordinates (direction and zero offset are applied here, nowhere
 * else). A line (`drive-line.ts`) owns the port and calls its drives.
 *
 * - A drive is absent until it has told who it is and its watchdog and limits are set and read back, as far as its
 *   protocol can (`Setup`). One that does not fit its profile, or whose watchdog is off, is refused with a reason and
 *   stays absent until its link opens again.
 * - It begins blocked. It is enabled only after a command with `enable` false and then one with `enable` true went to
 *   it since its link opened: nothing starts to move because a cable came back (`Enablement`).
 * - It falls back to blocked when it has not been fed, or has not answered, for longer than its own command watchdog,
 *   because then it has released by itself; and when it left its enabled state without being told.
 * - The state given out is the observed one: `enabled` when the drive has said or shown so, not when it was told.
 * - A set-point carries what `capability.setPoint` names. Where that is not `impedance`, the host closes the loop
 *   (`HostImpedance`): torque τ = K·(q_d − q) + B·(q̇_d − q̇) + τ_ff; velocity and position go to the drive's own loop
 *   under its own torque limit.
 * - A fault is cleared only while the drive is released, by a command with `enable` false after one with `enable` true.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import type { DriveProfile, DriveProfileOf, DriveProtocol } from '../../protocols/drive-profile.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import type { LinkStatistics } from '../link.ts';

/** What a drive has to know of the joint that it sits on; a torque limit of 0: it only measures. */
export type DriveSeat = Pick<JointProfile, 'id' | 'name' | 'drive' | 'torqueLimitNm' | 'speedLimitDegPerSec'>;
/** One whose drive speaks `P`. */
export type JointOf<P extends DriveProtocol> = DriveSeat & { readonly drive: DriveProfileOf<P> };

export type DriveCapability = Pick<DriveProfile, 'setPoint' | 'watchdog'>;

/** As the drive tells; '' for what its protocol does not tell. */
export interface DriveIdentity {
  readonly model: string;
  readonly firmware: string;
  readonly serialNumber: string;
}

/** Totals since the process started. */
export interface DriveStatistics {
  requests: number;
  replies: number;
  /** Requests that had to be sent again. */
  retries: number;
  /** Replies refused: a value that the drive cannot have, an answer to no question. */
  refused: number;
  /** From the newest answered request's sending to its reply. */
  roundTripUs: number;
}

export const emptyDriveStatistics = (): DriveStatistics => ({ requests: 0, replies: 0, retries: 0, refused: 0, roundTripUs: 0 });

export interface Drive {
  readonly joint: DriveSeat;
  readonly capability: DriveCapability;
  /** null until the drive has told. */
  readonly identity: DriveIdentity | null;
  /** Why this drive is not used, in plain language, ending with what to do; null: no reason. */
  readonly refusal: string | null;
  readonly statistics: Readonly<DriveStatistics>;
  /** The link (re)opened: what is known of the drive is void. */
  onLinkOpen(nowUs: number): void;
  onLinkClosed(): void;
  /** The command of this cycle; the frames that follow carry it. Keeps nothing of `command` but its values. */
  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void;
  /** The transport took this cycle's frames. */
  onSent(nowUs: number): void;
  /**
   * Only drives whose watchdog is to be proven: the host will now be silent on purpose, and the next set-point is the
   * same as the last, so that the first reply shows whether the drive had released. Ends with the next release.
   */
  expectSilence?(): void;
  /** Fills the drive's part of the inputs; an absent drive has no age and no sequence. */
  read(joint: JointInputs, nowUs: number): void;
}

/** A drive that sits with others, or alone, on a serial line of its own protocol. */
export interface LineDrive extends Drive {
  /**
   * Appends the drive's next request of this cycle: the set-point with its status request first, then at most one step
   * of set-up or one of diagnosis. Returns `at` unchanged when there is no more.
   */
  encode(nowUs: number, out: Uint8Array, at: number): number;
  /** Appends what leaves the drive released, whatever state it is in. @returns the index after it */
  encodeFarewell(out: Uint8Array, at: number): number;
}

/** Bytes of one cycle on the wire, set-point and status of every drive on it; set-up and diagnosis use what is left. */
export interface WireCost {
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** What a protocol makes of a line: bytes to frames to drives, and the drives' requests to bytes. */
export interface LineProtocol {
  /** In the order in which they were given. */
  readonly drives: readonly Drive[];
  readonly cost: WireCost;
  /**
   * true: one request is on the wire at a time, the next follows when the answer is here or `replyPatienceUs` is over.
   * false: all requests of a cycle leave in one write, so that at most one cycle is ever queued.
   */
  readonly turnTaking: boolean;
  readonly replyPatienceUs: number;
  /** true: something on the line, an adapter, answers even while the drives have no power. */
  readonly hasAdapter: boolean;
  /** What to look at when nothing at all answers, e.g. `Check that the drive has power and that the baud rate is 921600.` */
  readonly silenceAdvice: string;
  /** The port (re)opened or closed; also tells the drives. */
  onOpen(nowUs: number): void;
  /** Appends what opens the line before the first cycle: an adapter's handshake, or nothing. */
  encodeOpening(out: Uint8Array, at: number): number;
  onClosed(): void;
  /** Every drive has had its command of this cycle. */
  beginCycle(nowUs: number): void;
  /** Appends the next request; returns `at` unchanged when the cycle has no more. Never more than `out` holds. */
  encode(nowUs: number, out: Uint8Array, at: number): number;
  /** Turn-taking only: an answer to the last request is still due. */
  readonly awaitsReply: boolean;
  /** Turn-taking only: it did not come. */
  onReplyTimeout(nowUs: number): void;
  /** What arrived, in any chunking; valid only during the call. */
  push(chunk: Uint8Array, nowUs: number): void;
  /** Appends what leaves every drive released. */
  encodeFarewell(out: Uint8Array, at: number): number;
}

/** What a protocol counts of its line. */
export type LineCounters = Pick<LinkStatistics, 'framesReceived' | 'bytesDiscarded' | 'checksumErrors' | 'framesRefused'>;
