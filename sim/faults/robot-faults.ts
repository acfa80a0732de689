/** Faults of a whole robot that no cable and no protocol knows: its sensors, its patient, a joint's drive, the hub's clock. */
import { createRandom, type Random } from '../../protocols/random.ts';
import { allJointsOf, linkOf, type RobotProfile } from '../../protocols/profile.ts';
import type { VirtualLift } from '../body/lift.ts';
import type { VirtualSupport } from '../body/support.ts';
import type { VirtualTreadmill } from '../body/treadmill.ts';
import type { JointPort, VirtualDrive } from '../drives/device.ts';
import { isActuatorFault, type RobotFaultOrder } from './catalogue.ts';
import type { ActuatorOrder } from './actuators.ts';
import { Drift } from './drift.ts';
import { Flip } from './flip.ts';
import { Invalid } from './invalid.ts';
import { Jump } from './jump.ts';
import { Noise } from './noise.ts';
import { Offset } from './offset.ts';
import { Push } from './push.ts';
import { Sensor, type SensorFault, type SensorName, type SensorOrder } from './sensor.ts';
import { Stuck } from './stuck.ts';

/** Plain ones: about 6°, 3°/s and 15 Nm, each well beyond what a healthy sensor does. */
const DEFAULT_SIZES = { jump: 0.1, offset: 0.1, drift: 0.05, noise: 0.05 };
const DEFAULT_TORQUE_SIZES = { jump: 15, offset: 15, drift: 15, noise: 15 };
/** Spreads the seeds of faults that were ordered one after the other; another spread than that of the cables. */
const SEED_STEP = 0x85eb_ca6b;

/** The limbs in the robot. */
export interface PushedBody {
  /** Torque on the human joint beside its own muscles; it stays until changed. */
  setPushNm(joint: number, torqueNm: number): void;
  setBlocked(joint: number, blocked: boolean): void;
}

/** Belt, support and lift, as the hub leads to them; null: this robot drives none. */
export interface FaultyActuators {
  readonly belt: Pick<VirtualTreadmill, 'runAway' | 'stick' | 'clearFaults' | 'fault' | 'stopRopePulled'> | null;
  readonly support: Pick<VirtualSupport, 'drop' | 'clearFaults' | 'fault'> | null;
  readonly lift: Pick<VirtualLift, 'runOn' | 'stick' | 'clearFaults' | 'fault'> | null;
}

export interface RobotFaultTargets {
  readonly profile: RobotProfile;
  readonly seed: number;
  readonly now: () => number;
  readonly body: PushedBody;
  readonly drive: (joint: number) => VirtualDrive | undefined;
  readonly freezeHubClock: (frozen: boolean) => void;
  readonly actuators: () => FaultyActuators;
}

export class RobotFaults {
  /** Of every joint, those that are only measured behind the driven ones; what there is no sensor for is never asked. */
  readonly sensors: readonly Readonly<Record<SensorName, Sensor>>[];
  readonly #pushes = new Map<number, Push>();
  #noises = 0;

  constructor(private readonly targets: RobotFaultTargets) {
    const sensor = (): Sensor => new Sensor(targets.now);
    this.sensors = allJointsOf(targets.profile).map(() => ({ jointEncoder: sensor(), motorEncoder: sensor(), jointTorque: sensor() }));
  }

  /** A joint as its drive measures it: the drive closes its loops on this. */
  measured(joint: number, port: JointPort): JointPort {
    const encoder = this.sensors[joint]?.motorEncoder ?? new Sensor(this.targets.now);
    return {
      positionRad: () => encoder.value(port.positionRad()),
      velocityRadPerSec: () => encoder.rate(port.velocityRadPerSec()),
      applyTorqueNm: (torqueNm) => port.applyTorqueNm(torqueNm),
    };
  }

  /** @throws RangeError for a joint that the robot does not have */
  order(order: RobotFaultOrder): void {
    const { body, drive, freezeHubClock, now } = this.targets;
    if (order.kind === 'hubClockFrozen') {
      freezeHubClock(true);
      return;
    }
    if (isActuatorFault(order)) {
      this.#orderActuator(order);
      return;
    }
    const joint = this.#joint(order.joint);
    if (order.kind === 'sensor') this.sensors[joint]?.[order.sensor].add(this.#sensorFault(order));
    else if (order.kind === 'push') this.#pushes.set(joint, new Push(order, now()));
    else if (order.kind === 'block') body.setBlocked(joint, true);
    else if (order.kind === 'heat') drive(joint)?.heatTo(order.tempC);
    else drive(joint)?.reset(now());
  }

  /** Those of a link (the hub's sensors and clock, the encoders in its drives), or all of the robot and its patient (null). */
  clear(linkId: string | null): void {
    const { profile, body, freezeHubClock } = this.targets;
    const meant = (link: string): boolean => linkId === null || linkId === link;
    allJointsOf(profile).forEach((joint, j) => {
      if (meant(linkOf(profile, joint))) this.sensors[j]?.motorEncoder.lift();
      if (!meant(profile.hub.link)) return;
      this.sensors[j]?.jointEncoder.lift();
      this.sensors[j]?.jointTorque.lift();
    });
    if (meant(profile.hub.link)) {
      freezeHubClock(false);
      const { belt, support, lift } = this.targets.actuators();
      lift?.clearFaults();
      belt?.clearFaults();
      support?.clearFaults();
    }
    if (linkId !== null) return;
    allJointsOf(profile).forEach((_, j) => {
      body.setBlocked(j, false);
      body.setPushNm(j, 0);
    });
    this.#pushes.clear();
  }

  /** Before each physics step. */
  step(nowUs: number): void {
    for (const [joint, push] of this.#pushes) {
      this.targets.body.setPushNm(joint, push.torqueNm(nowUs));
      if (push.isOver(nowUs)) this.#pushes.delete(joint);
    }
  }

  /** @throws RangeError for a robot that drives no belt, no support or no lift */
  #orderActuator(order: ActuatorOrder): void {
    const { belt, support, lift } = this.targets.actuators();
    if (order.kind === 'liftStuck' || order.kind === 'liftRunsOn' || order.kind === 'liftFault') {
      if (lift === null) throw new RangeError(`this robot drives no lift for the fault ${order.kind}`);
      if (order.kind === 'liftStuck') lift.stick();
      else if (order.kind === 'liftRunsOn') lift.runOn(order.speedMps);
      else lift.fault = true;
      return;
    }
    if (order.kind === 'supportDrop' || order.kind === 'supportFault') {
      if (support === null) throw new RangeError(`this robot drives no body-weight support for the fault ${order.kind}`);
      if (order.kind === 'supportDrop') support.drop(order.dropN);
      else support.fault = true;
      return;
    }
    if (belt === null) throw new RangeError(`this robot drives no belt for the fault ${order.kind}`);
    if (order.kind === 'beltRunaway') belt.runAway(order.accelerationMps2, order.toMps);
    else if (order.kind === 'beltStuck') belt.stick();
    else if (order.kind === 'beltFault') belt.fault = true;
    else belt.stopRopePulled = true;
  }

  #sensorFault(order: SensorOrder): SensorFault {
    const { how, sensor } = order;
    const defaults = sensor === 'jointTorque' ? DEFAULT_TORQUE_SIZES : DEFAULT_SIZES;
    switch (how) {
      case 'jump':
        return new Jump(order.size ?? defaults.jump, this.targets.now());
      case 'offset':
        return new Offset(order.size ?? defaults.offset);
      case 'drift':
        return new Drift(order.size ?? defaults.drift, this.targets.now());
      case 'noise':
        return new Noise(order.size ?? defaults.noise, this.#random());
      case 'flip':
        return new Flip();
      case 'invalid':
        return new Invalid(sensor);
      case 'stuck':
        break;
    }
    return new Stuck();
  }

  #random(): Random {
    return createRandom(this.targets.seed + SEED_STEP * ++this.#noises);
  }

  #joint(id: string): number {
    const joints = allJointsOf(this.targets.profile);
    const joint = joints.findIndex((candidate) => candidate.id === id);
    if (joint < 0) throw new RangeError(`there is no joint "${id}"; there are ${joints.map((candidate) => candidate.id).join(', ')}`);
    return joint;
  }
}
