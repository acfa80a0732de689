/** Turns each stop that the step measured into an event: what tripped it, how long it took, how far each joint went. */
import type { RobotInputs } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { SessionEvent, StepOutput } from '../../protocols/session-log.ts';
import type { StopFigures } from '../../protocols/stop-figures.ts';
import type { Cause } from '../../protocols/supervision.ts';
import { radToDeg, US_PER_MS } from '../../protocols/units.ts';
import type { StopRecord } from '../safety/stop-meter.ts';

/** Of the newest trip; kept until its stop is measured. */
interface Trip {
  cause: Cause;
  causeJoint: number;
  /** NaN: no joint was seen. */
  speedRadPerSec: number;
}

const isStop = ({ state }: Pick<StepOutput, 'state'>): boolean => state === 'stopped' || state === 'emergency';

export class StopWatch {
  readonly #trip: Trip = { cause: 'none', causeJoint: -1, speedRadPerSec: Number.NaN };
  #stopped = false;
  #told = true;

  constructor(private readonly profile: RobotProfile) {}

  /** Once per cycle. @returns the event of a stop whose measuring has just ended, else null */
  look(record: StopRecord, inputs: RobotInputs, output: StepOutput): SessionEvent | null {
    const stopped = isStop(output);
    if (stopped && !this.#stopped) this.#begin(inputs, output);
    this.#stopped = stopped;
    if (!record.finished) {
      this.#told = false;
      return null;
    }
    if (this.#told) return null;
    this.#told = true;
    const { cause, causeJoint } = this.#trip;
    const joint = this.profile.joints[causeJoint];
    return { atUs: inputs.nowUs, kind: 'stop', subject: output.state, cause, ...(joint === undefined ? {} : { reason: joint.id }), stop: this.#figures(record) };
  }

  #begin(inputs: RobotInputs, { cause, causeJoint }: StepOutput): void {
    const trip = this.#trip;
    trip.cause = cause;
    trip.causeJoint = causeJoint;
    trip.speedRadPerSec = Number.NaN;
    for (const { motorVelocityRadPerSec } of inputs.joints) {
      const speed = Math.abs(motorVelocityRadPerSec);
      if (Number.isFinite(speed) && !(speed <= trip.speedRadPerSec)) trip.speedRadPerSec = speed;
    }
  }

  #figures({ timeUs, atRest, distanceRad }: StopRecord): StopFigures {
    const timeMs = timeUs / US_PER_MS;
    return {
      timeMs,
      atRest,
      withinLimits: atRest && timeMs <= this.profile.stop.maxTimeMs,
      tripDegPerSec: degreesOf(this.#trip.speedRadPerSec),
      distanceDeg: Object.fromEntries(this.profile.joints.map(({ id }, j) => [id, degreesOf(distanceRad[j])])),
    };
  }
}

/** JSON has no NaN. */
const degreesOf = (rad = Number.NaN): number | null => (Number.isFinite(rad) ? radToDeg(rad) : null);
