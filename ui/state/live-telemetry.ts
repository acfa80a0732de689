/** The newest telemetry frame by name, and the history that the plots draw. Not reactive: panels read it per frame. */
import { allJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import type { TelemetryFrame } from '../../protocols/telemetry.ts';
import { unitOf } from '../app/joint-unit.ts';
import { radToDeg, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { sharedClockMs } from '../net/worker-messages.ts';
import { RingBuffer } from './ring-buffer.ts';

export interface JointReading {
  readonly angleRad: number;
  /** Where the robot guides the joint to; not a number while its drives are off, for then it guides nowhere. */
  readonly referenceRad: number;
  readonly velocityRadPerSec: number;
  /** At the joint, from its own sensor. */
  readonly torqueNm: number;
  /** Older of the hub's frame (angle, torque) when the packet was made. */
  readonly ageMs: number;
  readonly driveAgeMs: number;
  readonly tempC: number;
}

/** Two minutes at the telemetry rate. */
const HISTORY_SAMPLES = 2 * 60 * 60;

interface JointChannels {
  readonly angle: number;
  readonly reference: number;
  readonly pattern: number;
  readonly velocity: number;
  readonly torque: number;
  readonly driveAge: number;
  readonly temp: number;
  /** −1: the hub's age is the angle's. */
  readonly sensedAge: number;
  /** What is shown of a degree. */
  readonly perDeg: number;
}

export class LiveTelemetry {
  readonly #index: ReadonlyMap<string, number>;
  readonly #joints: readonly JointChannels[];
  readonly #hubAge: number;
  readonly #enable: number;
  readonly #blend: number;
  /** Column 0: time in s; then angle and reference in the units shown (`joint-unit.ts`) per joint, those that are only measured behind the driven ones. */
  readonly history: RingBuffer;
  #values: Float32Array = new Float32Array(0);
  #sample: Float64Array;
  #timeUs = Number.NaN;
  #receivedMs = -Infinity;

  constructor(channels: readonly { readonly name: string }[], profile: RobotProfile) {
    this.#index = new Map(channels.map((channel, index) => [channel.name, index]));
    const of = (key: string): number => this.#index.get(key) ?? -1;
    this.#hubAge = of('hubAgeUs');
    this.#enable = of('enable');
    this.#blend = of('blend');
    const joints = allJointsOf(profile);
    this.#joints = joints.map(({ id, ...joint }, j) => ({
      perDeg: unitOf(joint).perDeg,
      angle: of(`${j < profile.joints.length ? 'encoderPositionRad' : 'sensedPositionRad'}.${id}`),
      sensedAge: of(`sensedAgeUs.${id}`),
      reference: of(`desiredPositionRad.${id}`),
      pattern: of(`referencePositionRad.${id}`),
      velocity: of(`motorVelocityRadPerSec.${id}`),
      torque: of(`jointTorqueNm.${id}`),
      driveAge: of(`driveAgeUs.${id}`),
      temp: of(`driveTempC.${id}`),
    }));
    this.history = new RingBuffer(1 + 2 * joints.length, HISTORY_SAMPLES);
    this.#sample = new Float64Array(1 + 2 * joints.length);
  }

  take(frame: TelemetryFrame, receivedMs: number): void {
    // A restarted controller counts from zero again: its history is not ours.
    if (frame.timeUs < this.#timeUs) this.history.clear();
    this.#values = frame.values;
    this.#timeUs = frame.timeUs;
    this.#receivedMs = receivedMs;
    this.#sample[0] = frame.timeUs / US_PER_S;
    this.#joints.forEach((joint, j) => {
      this.#sample[1 + 2 * j] = joint.perDeg * radToDeg(this.#at(joint.angle));
      this.#sample[2 + 2 * j] = joint.perDeg * radToDeg(this.#reference(joint));
    });
    this.history.push(this.#sample);
  }

  #at(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }

  #reference(joint: JointChannels): number {
    if (this.#at(this.#enable) !== 1) return Number.NaN;
    // A mode that does not lead wants the joint elsewhere than on the whole pattern.
    return this.#at(this.#blend) === 1 ? this.#at(joint.pattern) : this.#at(joint.reference);
  }

  /** NaN when the channel is unknown or nothing came yet. */
  value(name: string): number {
    return this.#at(this.#index.get(name) ?? -1);
  }

  joint(index: number): JointReading {
    const joint = this.#joints[index];
    const at = (key: keyof JointChannels): number => (joint === undefined ? Number.NaN : this.#at(joint[key]));
    return {
      angleRad: at('angle'),
      referenceRad: joint === undefined ? Number.NaN : this.#reference(joint),
      velocityRadPerSec: at('velocity'),
      torqueNm: at('torque'),
      ageMs: this.#at(joint === undefined || joint.sensedAge < 0 ? this.#hubAge : joint.sensedAge) / US_PER_MS,
      driveAgeMs: at('driveAge') / US_PER_MS,
      tempC: at('temp'),
    };
  }

  fastestJointDegPerSec(): number {
    return this.#joints.reduce((fastest, joint) => (joint.velocity < 0 ? fastest : Math.max(fastest, Math.abs(radToDeg(this.#at(joint.velocity))))), 0);
  }

  get timeSec(): number {
    return this.#timeUs / US_PER_S;
  }

  /** Since the newest packet arrived; Infinity before the first. */
  packetAgeMs(nowMs = sharedClockMs()): number {
    return nowMs - this.#receivedMs;
  }
}
