/** The optional inputs that come through the sensor hub. */
import type { EmgInputs, FootLoads, RobotInputs } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { EMG_CHANNELS } from '../../protocols/trigger.ts';
import {
  decodeBodyWeightSupport,
  decodeEmgBlock,
  decodeGrip,
  decodeHeartRate,
  decodeLift,
  decodeTreadmill,
  emptyBodyWeightSupport,
  emptyEmgBlock,
  emptyGrip,
  emptyHeartRate,
  emptyLift,
  emptyTreadmill,
  HUB_EMG,
  HUB_GRIP,
  HUB_HEART_RATE,
  HUB_LIFT,
  HUB_SUPPORT,
  HUB_TREADMILL,
  type BodyWeightSupport,
  type EmgBlock,
  type Grip,
  type HeartRate,
  type Lift,
  type Treadmill,
} from '../../protocols/wire/hub-inputs.ts';
import { NewestInput, type Input } from './input.ts';

export interface EmergencyStop {
  /** true: the line is closed, the drives may have power. */
  closed: boolean;
}

export interface PatientButton {
  pressed: boolean;
}

/** What a robot measures beside its joints; null: its profile does not name it. */
export interface RobotInputDevices {
  readonly estop: Input<EmergencyStop>;
  readonly patientButton: Input<PatientButton>;
  readonly footLoadsN: Input<readonly number[]> | null;
  readonly emg: Input<EmgBlock> | null;
  readonly heartRate: Input<HeartRate> | null;
  readonly grip: Input<Grip> | null;
  readonly treadmill: Input<Treadmill> | null;
  readonly bodyWeightSupport: Input<BodyWeightSupport> | null;
  readonly lift: Input<Lift> | null;
}

export class HubInputs implements RobotInputDevices {
  readonly estop = new NewestInput<EmergencyStop>({ closed: false });
  readonly patientButton = new NewestInput<PatientButton>({ pressed: false });
  readonly footLoadsN: NewestInput<number[]> | null;
  readonly emg: NewestInput<EmgBlock> | null;
  readonly heartRate: NewestInput<HeartRate> | null;
  readonly grip: NewestInput<Grip> | null;
  readonly treadmill: NewestInput<Treadmill> | null;
  readonly bodyWeightSupport: NewestInput<BodyWeightSupport> | null;
  readonly lift: NewestInput<Lift> | null;
  readonly #all: readonly (NewestInput<unknown> | null)[];
  readonly #emgChannels: number;

  constructor({ hub }: RobotProfile, footLoadsN: number[]) {
    const { emg, heartRate, grip, treadmill, bodyWeightSupport, armLift } = hub.inputs ?? {};
    this.footLoadsN = footLoadsN.length === 0 ? null : new NewestInput(footLoadsN);
    this.emg = emg === undefined ? null : new NewestInput(emptyEmgBlock());
    this.#emgChannels = emg?.channels ?? 0;
    this.heartRate = heartRate === undefined ? null : new NewestInput(emptyHeartRate());
    this.grip = grip === undefined ? null : new NewestInput(emptyGrip());
    this.treadmill = treadmill === undefined ? null : new NewestInput(emptyTreadmill());
    this.bodyWeightSupport = bodyWeightSupport === undefined ? null : new NewestInput(emptyBodyWeightSupport());
    this.lift = armLift === undefined ? null : new NewestInput(emptyLift());
    this.#all = [this.estop, this.patientButton, this.footLoadsN, this.emg, this.heartRate, this.grip, this.treadmill, this.bodyWeightSupport, this.lift];
  }

  onState(estopClosed: boolean, buttonPressed: boolean, nowUs: number): void {
    this.estop.value.closed = estopClosed;
    this.estop.heard(nowUs);
    this.patientButton.value.pressed = buttonPressed;
    this.patientButton.heard(nowUs);
    this.footLoadsN?.heard(nowUs);
  }

  /** What the decisions of a cycle rest on; a robot without belt, support or lift leaves the records as they are. */
  read({ treadmill, support, feet, grip, lift, emg }: RobotInputs, nowUs: number): void {
    if (this.lift !== null) {
      lift.ageUs = this.lift.ageUs(nowUs);
      lift.heightM = this.lift.value.heightM;
      lift.moving = this.lift.value.moving;
      lift.fault = this.lift.value.fault;
    }
    if (this.grip !== null) {
      grip.ageUs = this.grip.ageUs(nowUs);
      grip.forceN = this.grip.value.forceN;
    }
    if (this.emg !== null) readEmg(this.emg, emg);
    if (this.footLoadsN !== null) readFeet(this.footLoadsN.value, feet);
    if (this.treadmill !== null) {
      const { leftMps, rightMps, ready, stopRopePulled, fault } = this.treadmill.value;
      treadmill.ageUs = this.treadmill.ageUs(nowUs);
      treadmill.leftMps = leftMps;
      treadmill.rightMps = rightMps;
      treadmill.ready = ready;
      treadmill.stopRopePulled = stopRopePulled;
      treadmill.fault = fault;
    }
    if (this.bodyWeightSupport === null) return;
    const { unloadingN, locked, fault } = this.bodyWeightSupport.value;
    support.ageUs = this.bodyWeightSupport.ageUs(nowUs);
    support.unloadingN = unloadingN;
    support.locked = locked;
    support.fault = fault;
  }

  /** @returns false for a frame of no input of this robot, or one that cannot be true: it is then not used */
  onFrame(type: number, payload: Uint8Array, nowUs: number): boolean {
    switch (type) {
      case HUB_EMG:
        return take(this.emg, this.#readEmg, payload, nowUs);
      case HUB_HEART_RATE:
        return take(this.heartRate, decodeHeartRate, payload, nowUs);
      case HUB_GRIP:
        return take(this.grip, decodeGrip, payload, nowUs);
      case HUB_LIFT:
        return take(this.lift, decodeLift, payload, nowUs);
      case HUB_TREADMILL:
        return take(this.treadmill, decodeTreadmill, payload, nowUs);
      case HUB_SUPPORT:
        return take(this.bodyWeightSupport, decodeBodyWeightSupport, payload, nowUs);
      default:
        return false;
    }
  }

  readonly #readEmg = (payload: Uint8Array, block: EmgBlock): boolean => decodeEmgBlock(payload, block, this.#emgChannels);

  onLinkClosed(): void {
    for (const input of this.#all) input?.lost();
  }
}

function readFeet(loadsN: readonly number[], feet: FootLoads): void {
  feet.leftHeelN = loadsN[0] ?? 0;
  feet.leftForefootN = loadsN[1] ?? 0;
  feet.rightHeelN = loadsN[2] ?? 0;
  feet.rightForefootN = loadsN[3] ?? 0;
}

function readEmg({ value, sequence }: Input<EmgBlock>, emg: EmgInputs): void {
  if (sequence === emg.sequence) return;
  emg.sequence = sequence;
  const { channels, samplesPerChannel, samplesUv } = value;
  for (let channel = 0; channel < Math.min(channels, EMG_CHANNELS); channel++) {
    let sumUv = 0;
    let peakUv = 0;
    for (let sample = 0; sample < samplesPerChannel; sample++) {
      const uv = Math.abs(samplesUv[sample * channels + channel] ?? 0);
      sumUv += uv;
      peakUv = Math.max(peakUv, uv);
    }
    emg.meanUv[channel] = sumUv / samplesPerChannel;
    emg.peakUv[channel] = peakUv;
  }
}

function take<T>(input: NewestInput<T> | null, decode: (payload: Uint8Array, value: T) => boolean, payload: Uint8Array, nowUs: number): boolean {
  if (input === null || !decode(payload, input.value)) return false;
  input.heard(nowUs);
  return true;
}
