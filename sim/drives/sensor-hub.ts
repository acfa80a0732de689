/**
 * The sensor hub: joint-side encoders and torque sensors, foot loads, E-stop line, patient button and the enable relay
 * that feeds the drives. It streams from power-on with its own sequence and its own, slightly wrong, clock.
 */
import type { Random } from '../../protocols/random.ts';
import { hubChannelsOf, sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import {
  HUB_FRAME_MAX_BYTES,
  HUB_HEARTBEAT,
  HUB_IDENTITY,
  HUB_REQUEST,
  HUB_STATE,
  HubFrameReader,
  HubFrameWriter,
  decodeHubHeartbeat,
  decodeHubRequest,
  emptyHubState,
  encodeHubIdentity,
  encodeHubState,
  hubStateBytes,
  type HubState,
} from '../../protocols/wire/sensor-hub.ts';
import { bell } from '../bell.ts';
import type { Sensor } from '../faults/sensor.ts';
import type { SendBytes, VirtualDevice } from './device.ts';
import { HubExtras } from './hub-extras.ts';

/** What the sensors are mounted on. */
export interface SensedJoint {
  positionRad(): number;
  jointTorqueNm(): number;
  /** What is between the joint and the hub's numbers; without them nothing can go wrong. */
  readonly encoder?: Sensor;
  readonly torqueSensor?: Sensor;
}

export interface SensorHubOptions {
  readonly profile: RobotProfile;
  /** In the order of the profile's joints, and of those that it only measures. */
  readonly joints: readonly SensedJoint[];
  readonly sensed?: readonly Pick<SensedJoint, 'positionRad' | 'encoder'>[];
  /** What the soles feel; absent: the feet hang free. */
  readonly footLoadsN?: ArrayLike<number> | undefined;
  readonly random: Random;
  readonly send: SendBytes;
}

/** Our own figures: a 19-bit encoder and a strain-gauge torque sensor of 150 Nm. */
const ENCODER_NOISE_RAD = 2e-5;
const TORQUE_NOISE_NM = 0.05;
const LOAD_NOISE_N = 1;
const GOOD_QUALITY = 255;
const UNUSABLE_QUALITY = 0;
/** A quartz is good for some 20 parts in a million. */
const CLOCK_RATE = 1 + 20e-6;
const FIRMWARE_VERSION = 0x0100;
const CHALLENGES_KEPT = 32;
const TWO_TO_32 = 0x1_0000_0000;

interface Challenge {
  number: number;
  issuedUs: number;
}

export class SensorHub implements VirtualDevice {
  /** What this robot measures beside its joints. */
  readonly extras: HubExtras;
  readonly #options: SensorHubOptions;
  readonly #state: HubState;
  readonly #payload: Uint8Array;
  readonly #writer = new HubFrameWriter();
  readonly #reader: HubFrameReader;
  readonly #frame = new Uint8Array(HUB_FRAME_MAX_BYTES);
  readonly #periodUs: number;
  readonly #heartbeatTimeoutUs: number;
  readonly #challenges: Challenge[] = Array.from({ length: CHALLENGES_KEPT }, () => ({ number: -1, issuedUs: -Infinity }));
  #nextChallenge = 0;
  #nowUs = 0;
  #sent = 0;
  #answeredUs = -Infinity;
  #requestedOpen = false;
  #requestedBrake: boolean;
  #brakeLever = false;
  /** Clock and sequence of every frame while they stand still. */
  #frozen: { readonly atUs: number; readonly sequence: number } | null = null;
  estopClosed = true;
  patientButtonPressed = false;

  constructor(options: SensorHubOptions) {
    const { hub } = options.profile;
    const channels = hubChannelsOf(options.profile);
    this.#options = options;
    // Brakes that a device stands on are closed by springs, until somebody asks for them to be opened.
    this.#requestedBrake = options.profile.stop.endsIn === 'brake';
    this.#state = emptyHubState(channels, hub.footLoads);
    this.#payload = new Uint8Array(hubStateBytes(channels, hub.footLoads));
    this.#periodUs = 1e6 / hub.rateHz;
    this.#heartbeatTimeoutUs = hub.heartbeatTimeoutMs * 1_000;
    this.extras = new HubExtras(options.profile, options.random, (type, payload) => this.#send(type, payload));
    this.#reader = new HubFrameReader({
      onHubFrame: (type, _sequence, _timeUs, payload) => this.#onFrame(type, payload),
      onDiscarded: () => {},
    });
  }

  /** The relay's contact: it carries the drives' power, through the E-stop chain and without any software. */
  get drivesPowered(): boolean {
    const heard = this.#nowUs - this.#answeredUs <= this.#heartbeatTimeoutUs;
    return heard && this.estopClosed && !this.#requestedOpen;
  }

  get brakeEngaged(): boolean {
    return this.#requestedBrake || this.#brakeLever;
  }

  set brakeLever(engaged: boolean) {
    this.#brakeLever = engaged;
  }

  /** The clock goes on from what it would be, the sequence from where it stood. */
  freezeClock(frozen: boolean): void {
    if (!frozen) this.#frozen = null;
    else this.#frozen ??= { atUs: this.#nowUs, sequence: this.#writer.sequence };
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#reader.push(bytes);
  }

  unplugged(): void {
    this.#reader.reset();
  }

  step(nowUs: number): void {
    this.#nowUs = nowUs;
    if (this.#sent === 0) this.#sendIdentity();
    while (this.#sent * this.#periodUs <= nowUs) {
      this.#sent++;
      this.#sendState();
    }
    this.extras.step(nowUs, this.drivesPowered);
  }

  #onFrame(type: number, payload: Uint8Array): void {
    if (type === HUB_HEARTBEAT) this.#onHeartbeat(decodeHubHeartbeat(payload));
    else if (type === HUB_IDENTITY && payload.length === 0) this.#sendIdentity();
    else if (type === HUB_REQUEST) {
      const request = decodeHubRequest(payload);
      if (request === null) return;
      this.#requestedOpen = request.holdRelayOpen;
      this.#requestedBrake = request.engageBrake;
    } else this.extras.receive(type, payload, this.#nowUs);
  }

  /** Only a fresh challenge, answered for the first time, proves that the host is alive and not merely repeating. */
  #onHeartbeat(answer: number): void {
    if (answer < 0) return;
    const challenge = this.#challenges.find((candidate) => candidate.number === answer);
    if (challenge === undefined || this.#nowUs - challenge.issuedUs > this.#heartbeatTimeoutUs) return;
    challenge.number = -1;
    this.#answeredUs = this.#nowUs;
  }

  #sendState(): void {
    const { profile, joints, sensed, footLoadsN, random } = this.#options;
    const state = this.#state;
    profile.joints.forEach((joint, i) => {
      const sensed = joints[i];
      const channel = state.joints[joint.hubChannel];
      if (sensed === undefined || channel === undefined) return;
      const { encoder, torqueSensor } = sensed;
      const positionRad = sensed.positionRad() + ENCODER_NOISE_RAD * bell(random);
      const torqueNm = sensed.jointTorqueNm() + TORQUE_NOISE_NM * bell(random);
      channel.positionRad = encoder?.value(positionRad) ?? positionRad;
      channel.torqueNm = torqueSensor?.value(torqueNm) ?? torqueNm;
      channel.quality = encoder?.usable === false ? UNUSABLE_QUALITY : GOOD_QUALITY;
    });
    sensedJointsOf(profile).forEach(({ reading }, i) => {
      const [joint, channel] = [sensed?.[i], reading.by === 'hub' ? state.joints[reading.hubChannel] : undefined];
      if (joint === undefined || channel === undefined) return;
      const positionRad = joint.positionRad() + ENCODER_NOISE_RAD * bell(random);
      channel.positionRad = joint.encoder?.value(positionRad) ?? positionRad;
      channel.quality = joint.encoder?.usable === false ? UNUSABLE_QUALITY : GOOD_QUALITY;
    });
    for (let i = 0; i < state.footLoadsN.length; i++) state.footLoadsN[i] = Math.abs((footLoadsN?.[i] ?? 0) + LOAD_NOISE_N * bell(random));
    state.estopClosed = this.estopClosed;
    state.patientButtonPressed = this.patientButtonPressed;
    state.enableRelayClosed = this.drivesPowered;
    state.brakeEngaged = this.brakeEngaged;
    state.challenge = random.int(TWO_TO_32);
    this.#remember(state.challenge);
    encodeHubState(state, this.#payload);
    this.#send(HUB_STATE, this.#payload);
  }

  #remember(number: number): void {
    const slot = this.#challenges[this.#nextChallenge];
    this.#nextChallenge = (this.#nextChallenge + 1) % CHALLENGES_KEPT;
    if (slot === undefined) return;
    slot.number = number;
    slot.issuedUs = this.#nowUs;
  }

  #sendIdentity(): void {
    const { joints, footLoadsN } = this.#state;
    this.#send(HUB_IDENTITY, encodeHubIdentity({ firmwareVersion: FIRMWARE_VERSION, calibrationHash: 0, joints: joints.length, footLoads: footLoadsN.length }));
  }

  #send(type: number, payload: Uint8Array): void {
    const frozen = this.#frozen;
    if (frozen !== null) this.#writer.sequence = frozen.sequence;
    const bytes = this.#writer.write(type, (frozen?.atUs ?? this.#nowUs) * CLOCK_RATE, payload, this.#frame);
    this.#options.send(this.#frame.subarray(0, bytes));
  }
}
