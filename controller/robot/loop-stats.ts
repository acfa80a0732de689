/** What the loop measures of itself, instead of assuming it; filled once per cycle without allocating. */
import type { RobotInputs } from '../../protocols/joints.ts';
import type { LoopStats } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** Figures that only the process knows. */
export interface ProcessFigures {
  readonly rowsLost: number;
  readonly heapUsedBytes: number;
  readonly rssBytes: number;
  readonly cpuUs: number;
}

export class LoopStatistics {
  readonly #lateness = new LatencyHistogram();
  readonly #sensorToCommand = new LatencyHistogram();
  readonly #commandToReply = new LatencyHistogram();
  readonly #compute = new LatencyHistogram();
  readonly #periodUs: number;
  readonly #repliesSeen: Float64Array;
  #sinceUs: number;
  #ticks = 0;
  #lateTicks = 0;
  #missedTicks = 0;
  #lastDueUs = Number.NaN;
  #lastWrittenUs = Number.NaN;

  constructor(
    private readonly profile: RobotProfile,
    nowUs: number,
  ) {
    this.#periodUs = US_PER_S / profile.controlRateHz;
    this.#repliesSeen = new Float64Array(profile.joints.length);
    this.#sinceUs = nowUs;
  }

  /** @param doneUs when the cycle's commands were handed over */
  record(inputs: RobotInputs, doneUs: number): void {
    const dueUs = inputs.nowUs - inputs.latenessUs;
    this.#ticks++;
    this.#lateness.record(inputs.latenessUs);
    if (inputs.latenessUs > this.#periodUs / 2) this.#lateTicks++;
    if (!Number.isNaN(this.#lastDueUs)) this.#missedTicks += Math.max(0, Math.round((dueUs - this.#lastDueUs) / this.#periodUs) - 1);
    this.#lastDueUs = dueUs;
    this.#compute.record(doneUs - inputs.nowUs);
    let oldestUs = inputs.hub.ageUs;
    for (let j = 0; j < inputs.joints.length; j++) {
      const joint = inputs.joints[j];
      if (joint === undefined) continue;
      oldestUs = Math.max(oldestUs, joint.driveAgeUs);
      if (joint.driveSequence === this.#repliesSeen[j]) continue;
      this.#repliesSeen[j] = joint.driveSequence;
      const replyUs = inputs.nowUs - joint.driveAgeUs - this.#lastWrittenUs;
      if (replyUs > 0) this.#commandToReply.record(replyUs);
    }
    this.#sensorToCommand.record(oldestUs + doneUs - inputs.nowUs);
    this.#lastWrittenUs = doneUs;
  }

  report(inputs: RobotInputs, nowUs: number, figures: ProcessFigures): LoopStats {
    return {
      durationUs: nowUs - this.#sinceUs,
      ticks: this.#ticks,
      lateTicks: this.#lateTicks,
      missedTicks: this.#missedTicks,
      lateness: this.#lateness.quantiles(),
      sensorToCommand: this.#sensorToCommand.quantiles(),
      commandToReply: this.#commandToReply.quantiles(),
      compute: this.#compute.quantiles(),
      links: this.profile.links.map((link, l) => ({
        linkId: link.id,
        framesSent: inputs.links[l]?.framesSent ?? 0,
        framesReceived: inputs.links[l]?.framesReceived ?? 0,
        bytesDiscarded: inputs.links[l]?.bytesDiscarded ?? 0,
        framesRefused: inputs.links[l]?.framesRefused ?? 0,
      })),
      hubSequence: inputs.hub.sequence,
      ...figures,
    };
  }

  startOver(nowUs: number): void {
    this.#sinceUs = nowUs;
    this.#ticks = 0;
    this.#lateTicks = 0;
    this.#missedTicks = 0;
    for (const histogram of [this.#lateness, this.#sensorToCommand, this.#commandToReply, this.#compute]) histogram.reset();
  }
}
