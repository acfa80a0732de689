/** Counts what each drive was asked and answered, cycle by cycle, by the drives' own statistics. */
import type { DriveRobotIo } from '../../../hal/drive-robot-io.ts';
import type { Drive } from '../../../hal/drives/drive.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { LatencyHistogram, type LatencyQuantiles } from '../../robot/latency-histogram.ts';

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface BusesFigures {
  readonly ticks: number;
  /** Ticks per second. */
  readonly heldHz: number;
  readonly missedDeadlines: number;
  readonly lateTicksPercent: number;
  readonly latenessUs: Quantiles;
  /** Requests that left and were never answered, and frames that the hub numbered and nobody received. */
  readonly lostFrames: number;
  /** Requests that a full queue did not take: the one before had not left yet. */
  readonly droppedFrames: number;
  readonly discardedBytes: number;
  readonly checksumErrors: number;
  readonly drives: readonly {
    readonly joint: string;
    readonly protocol: string;
    readonly link: string;
    readonly requests: number;
    /** Dropped ones among them. */
    readonly unanswered: number;
    readonly retries: number;
    readonly refused: number;
    /** From the sending of a request to its reply. */
    readonly roundTripUs: Quantiles;
  }[];
}

/** A reply may be on its way at either end of the measurement: the least of so many cycles counts. */
const SETTLE_TICKS = 25;

class Watched {
  readonly roundTrips = new LatencyHistogram();
  requests = 0;
  retries = 0;
  refused = 0;
  #replies = 0;
  #outstanding = 0;
  #outstandingAtStart = Infinity;
  #newest: number[] = [];
  #ticks = 0;

  constructor(readonly drive: Drive) {}

  look(): void {
    const { requests, replies, roundTripUs } = this.drive.statistics;
    if (replies > this.#replies) this.roundTrips.record(roundTripUs);
    this.#replies = replies;
    this.#outstanding = requests - replies;
    if (this.#ticks++ < SETTLE_TICKS) this.#outstandingAtStart = Math.min(this.#outstandingAtStart, this.#outstanding);
    this.#newest[this.#ticks % SETTLE_TICKS] = this.#outstanding;
  }

  startOver(): void {
    const { requests, replies, retries, refused } = this.drive.statistics;
    this.roundTrips.reset();
    Object.assign(this, { requests, retries, refused });
    this.#replies = replies;
    this.#outstandingAtStart = Infinity;
    this.#newest = [];
    this.#ticks = 0;
  }

  get unanswered(): number {
    return Math.max(0, Math.min(...this.#newest.filter(Number.isFinite)) - this.#outstandingAtStart);
  }
}

export class BusesMeter {
  readonly #watched: readonly Watched[];
  readonly #links: readonly string[];
  readonly #lateness = new LatencyHistogram();
  #before: Totals = { bytesDiscarded: 0, checksumErrors: 0, hubMissing: 0, framesRefused: [] };
  #ticks = 0;
  #lateTicks = 0;
  #hubFrames = 0;
  /** Frames that the hub had numbered and nobody had received; its sequence may have begun anywhere. */
  #hubMissing = 0;

  constructor(
    private readonly io: DriveRobotIo,
    private readonly rateHz: number,
  ) {
    this.#watched = io.lines.flatMap(({ bus }) => bus.protocol.drives.map((drive) => new Watched(drive)));
    this.#links = io.lines.flatMap(({ link, bus }) => bus.protocol.drives.map(() => link.id));
  }

  /** Once per cycle, before it sends. */
  look(inputs: RobotInputs, latenessUs: number): void {
    this.#ticks++;
    this.#lateness.record(latenessUs);
    if (latenessUs > US_PER_S / this.rateHz / 2) this.#lateTicks++;
    // The inputs were read right after the look before, so their sequence belongs to what had come until then.
    this.#hubMissing = inputs.hub.sequence - this.#hubFrames;
    this.#hubFrames = this.io.hubs.reduce((total, { link }) => total + link.stats.framesReceived, 0);
    for (const watched of this.#watched) watched.look();
  }

  startOver(): void {
    this.#before = this.#totals();
    this.#ticks = 0;
    this.#lateTicks = 0;
    this.#lateness.reset();
    for (const watched of this.#watched) watched.startOver();
  }

  figures(durationSec: number, missedDeadlines: number): BusesFigures {
    const now = this.#totals();
    const drives = this.#watched.map((watched, i) => {
      const { requests, retries, refused } = watched.drive.statistics;
      const { joint } = watched.drive;
      return {
        joint: joint.id,
        protocol: joint.drive.protocol,
        link: this.#links[i] ?? '',
        requests: requests - watched.requests,
        unanswered: watched.unanswered,
        retries: retries - watched.retries,
        refused: refused - watched.refused,
        roundTripUs: short(watched.roundTrips.quantiles()),
      };
    });
    return {
      ticks: this.#ticks,
      heldHz: Number((this.#ticks / durationSec).toFixed(2)),
      missedDeadlines,
      lateTicksPercent: Number(((100 * this.#lateTicks) / Math.max(1, this.#ticks)).toFixed(3)),
      latenessUs: short(this.#lateness.quantiles()),
      lostFrames: this.#lostRequests(now) + Math.max(0, now.hubMissing - this.#before.hubMissing),
      droppedFrames: now.framesRefused.reduce((sum, refused, i) => sum + refused - (this.#before.framesRefused[i] ?? 0), 0),
      discardedBytes: now.bytesDiscarded - this.#before.bytesDiscarded,
      checksumErrors: now.checksumErrors - this.#before.checksumErrors,
      drives,
    };
  }

  /** Link by link, because only the link knows what it could not take. */
  #lostRequests(now: Totals): number {
    return this.io.lines.reduce((sum, { link }, i) => {
      const unanswered = this.#watched.reduce((total, watched, k) => total + (this.#links[k] === link.id ? watched.unanswered : 0), 0);
      return sum + Math.max(0, unanswered - (now.framesRefused[i] ?? 0) + (this.#before.framesRefused[i] ?? 0));
    }, 0);
  }

  #totals(): Totals {
    const links = [...this.io.lines, ...this.io.hubs].map(({ link }) => link.stats);
    const sum = (key: 'bytesDiscarded' | 'checksumErrors'): number => links.reduce((total, stats) => total + stats[key], 0);
    return {
      bytesDiscarded: sum('bytesDiscarded'),
      checksumErrors: sum('checksumErrors'),
      hubMissing: this.#hubMissing,
      framesRefused: links.map(({ framesRefused }) => framesRefused),
    };
  }
}

/** Since the process started. */
interface Totals {
  readonly bytesDiscarded: number;
  readonly checksumErrors: number;
  readonly hubMissing: number;
  /** By link, those with drives first. */
  readonly framesRefused: readonly number[];
}

const short = ({ p50Us, p99Us, p999Us, maxUs }: LatencyQuantiles): Quantiles => ({ p50: Math.round(p50Us), p99: Math.round(p99Us), p999: Math.round(p999Us), max: Math.round(maxUs) });
