/** What a disarmed robot's drives and links tell of themselves, gathered cycle by cycle. */
import type { DriveRobotIo } from '../../hal/drive-robot-io.ts';
import type { Drive, DriveIdentity } from '../../hal/drives/drive.ts';
import type { LinkStatistics } from '../../hal/link.ts';
import type { Notice } from '../../hal/notice.ts';
import { BITS_PER_BYTE, planWires, type LinkPlan } from '../../hal/wire-plan.ts';
import type { DriveState, RobotInputs } from '../../protocols/joints.ts';
import { allJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { emptyIntent } from '../../protocols/session-log.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { LatencyHistogram } from '../robot/latency-histogram.ts';
import { createRobotStep, relayOrder, type RobotStep } from '../robot/robot-step.ts';

export interface DriveReport {
  readonly joint: string;
  readonly name: string;
  readonly link: string;
  readonly protocol: string;
  readonly address: number;
  /** As the profile says. */
  readonly model: string;
  /** As the drive says; null: it has not, or its protocol cannot. */
  readonly identity: DriveIdentity | null;
  readonly state: DriveState;
  readonly errorCode: number;
  readonly watchdog: string;
  readonly watchdogMs: number;
  readonly setPoint: string;
  /** Why it is not used. */
  readonly refusal: string | null;
  /** Accepted frames per second. */
  readonly hz: number;
  /** null: never heard. */
  readonly ageMs: number | null;
  readonly roundTripMs: { readonly p50: number; readonly max: number } | null;
  readonly requests: number;
  readonly replies: number;
  readonly retries: number;
  readonly refused: number;
}

export interface LinkReport extends LinkStatistics {
  readonly link: string;
  readonly protocol: string;
  readonly baud: number;
  readonly port: string;
  /** Share of the wire's time, planned for the profile's rate and measured. */
  readonly utilisation: number;
  readonly measured: number;
  readonly highestHz: number;
  /** The newest notice that is not over. */
  readonly trouble: string | null;
}

export interface HubReport {
  readonly link: string;
  /** null: it has not told. */
  readonly firmware: string | null;
  readonly calibration: string | null;
  readonly ageMs: number | null;
  readonly estopClosed: boolean;
  /** The drives have power. */
  readonly enableRelayClosed: boolean;
}

export interface RobotReport {
  readonly profile: string;
  readonly controlRateHz: number;
  /** Since the numbers of this report began. */
  readonly seconds: number;
  readonly drives: readonly DriveReport[];
  readonly links: readonly LinkReport[];
  readonly hubs: readonly HubReport[];
}

interface Watched {
  readonly drive: Drive;
  readonly link: string;
  readonly index: number;
  readonly roundTrips: LatencyHistogram;
  replies: number;
  sequence: number;
  frames: number;
}

export const robotIsWell = ({ drives, links }: RobotReport): boolean =>
  links.every(({ up, trouble }) => up && trouble === null) && drives.every(({ state, refusal }) => refusal === null && (state === 'disabled' || state === 'enabled'));

/** Runs the robot disarmed: without a session the step's envelope permits nothing but release. */
export class DriveWatch {
  readonly #step: RobotStep;
  readonly #intent;
  readonly #plans: readonly LinkPlan[];
  readonly #watched: readonly Watched[];
  readonly #trouble = new Map<string, string>();
  /** At the last report, by link. */
  readonly #bytes = new Map<string, number>();
  #inputs: RobotInputs | null = null;
  #cycle = 0;
  #sinceUs: number | null = null;

  /** @param ports addresses by link id, for the report */
  constructor(
    private readonly profile: RobotProfile,
    private readonly io: DriveRobotIo,
    private readonly ports: ReadonlyMap<string, string>,
  ) {
    this.#step = createRobotStep(profile, null, 'none');
    this.#intent = emptyIntent(profile.joints.length);
    this.#plans = planWires(profile).links;
    this.#watched = io.lines.flatMap(({ link, bus }) =>
      bus.protocol.drives.map((drive) => ({ drive, link: link.id, index: allJointsOf(profile).findIndex(({ id }) => id === drive.joint.id), roundTrips: new LatencyHistogram(), replies: 0, sequence: 0, frames: 0 })),
    );
  }

  notice({ linkId, code, message }: Notice): void {
    if (code === 'linkUp') this.#trouble.delete(linkId);
    else this.#trouble.set(linkId, message);
  }

  /** One cycle, as the control loop runs it without a session. */
  tick(nowUs: number, latenessUs: number): void {
    const { io } = this;
    this.#sinceUs ??= nowUs;
    const inputs = io.read(this.#cycle++, nowUs, latenessUs);
    const output = this.#step.step(inputs, this.#intent);
    io.write(output.permitted, nowUs, relayOrder(output));
    this.#inputs = inputs;
    for (const watched of this.#watched) count(watched, inputs);
  }

  /** Rates and round trips begin anew with every report. */
  report(nowUs: number): RobotReport {
    const seconds = Math.max(0, nowUs - (this.#sinceUs ?? nowUs)) / US_PER_S;
    const report: RobotReport = {
      profile: this.profile.id,
      controlRateHz: this.profile.controlRateHz,
      seconds,
      drives: this.#watched.map((watched) => this.#drive(watched, seconds)),
      links: this.#links(seconds),
      hubs: this.#hubs(),
    };
    this.#sinceUs = nowUs;
    for (const watched of this.#watched) {
      watched.roundTrips.reset();
      watched.frames = 0;
    }
    return report;
  }

  #drive({ drive, link, index, roundTrips, frames }: Watched, seconds: number): DriveReport {
    const seen = this.#inputs?.joints[index];
    const { joint, statistics } = drive;
    const { count: heard, p50Us, maxUs } = roundTrips.quantiles();
    return {
      joint: joint.id,
      name: joint.name.en,
      link,
      protocol: joint.drive.protocol,
      address: joint.drive.address,
      model: joint.drive.model,
      identity: drive.identity,
      state: seen?.driveState ?? 'absent',
      errorCode: seen?.driveErrorCode ?? 0,
      watchdog: drive.capability.watchdog,
      watchdogMs: joint.drive.watchdogMs,
      setPoint: drive.capability.setPoint,
      refusal: drive.refusal,
      hz: seconds > 0 ? frames / seconds : 0,
      ageMs: ageMs(seen?.driveAgeUs),
      roundTripMs: heard === 0 ? null : { p50: p50Us / US_PER_MS, max: maxUs / US_PER_MS },
      requests: statistics.requests,
      replies: statistics.replies,
      retries: statistics.retries,
      refused: statistics.refused,
    };
  }

  #links(seconds: number): LinkReport[] {
    const all = [...this.io.lines, ...this.io.hubs];
    return this.#plans.flatMap(({ link: { id, protocol, baud }, utilisation, highestHz }) => {
      const stats = all.find(({ link }) => link.id === id)?.link.stats;
      if (stats === undefined) return [];
      const bytes = stats.bytesReceived + stats.bytesSent;
      const measured = seconds > 0 ? ((bytes - (this.#bytes.get(id) ?? 0)) * BITS_PER_BYTE) / (baud * seconds) : 0;
      this.#bytes.set(id, bytes);
      return [{ measured, link: id, protocol, baud, port: this.ports.get(id) ?? '', utilisation, highestHz, trouble: this.#trouble.get(id) ?? null, ...stats }];
    });
  }

  #hubs(): HubReport[] {
    return this.io.hubs.map(({ link, hub }) => ({
      link: link.id,
      firmware: hub.identity === null ? null : hex(hub.identity.firmwareVersion, 4),
      calibration: hub.identity === null ? null : hex(hub.identity.calibrationHash, 8),
      ageMs: ageMs(this.#inputs?.hub.ageUs),
      estopClosed: this.#inputs?.hub.estopClosed ?? false,
      enableRelayClosed: hub.enableRelayClosed,
    }));
  }
}

function count(watched: Watched, inputs: RobotInputs): void {
  const { statistics } = watched.drive;
  if (statistics.replies > watched.replies) watched.roundTrips.record(statistics.roundTripUs);
  watched.replies = statistics.replies;
  const sequence = inputs.joints[watched.index]?.driveSequence ?? 0;
  // A link that opens again counts from the start.
  watched.frames += sequence >= watched.sequence ? sequence - watched.sequence : sequence;
  watched.sequence = sequence;
}

const ageMs = (ageUs: number | undefined): number | null => (ageUs === undefined || !Number.isFinite(ageUs) ? null : ageUs / US_PER_MS);
const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
