/** The sensor hub as the loop sees it: newest state, its age, and the heartbeat that keeps the enable relay closed. */
import type { PermittedCommand, RelayOrder, RobotInputs } from '../../protocols/joints.ts';
import { hubChannelsOf, sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { encodeLiftSetPoint, encodeSupportSetPoint, encodeTreadmillSetPoint, HUB_LIFT_SETPOINT, HUB_SETPOINT_BYTES, HUB_SUPPORT_SETPOINT, HUB_TREADMILL_SETPOINT } from '../../protocols/wire/hub-inputs.ts';
import {
  decodeHubIdentity,
  decodeHubState,
  emptyHubState,
  encodeHubHeartbeat,
  encodeHubRequest,
  HUB_FRAME_MAX_BYTES,
  HUB_HEARTBEAT,
  HUB_HEARTBEAT_BYTES,
  HUB_IDENTITY,
  HUB_REQUEST,
  HUB_STATE,
  HubFrameReader,
  HubFrameWriter,
  type HubIdentity,
  type HubState,
} from '../../protocols/wire/sensor-hub.ts';
import type { Clock } from '../clock.ts';
import { NO_ANSWER, type Guard } from '../guard.ts';
import type { Link, LinkUser } from '../link.ts';
import { ReadBudget } from '../read-budget.ts';
import { HubInputs } from './hub-inputs.ts';

/** A hub that is silent is asked who it is, again and again: a port that is gone shows itself only to a writer. */
const ASK_AGAIN_US = 200 * US_PER_MS;
const SILENCE_NOTICE_US = 1_000 * US_PER_MS;
/** A request that was lost is made again; a frame of the hub tells of one that was not within two cycles. */
const REQUEST_AGAIN_US = 8 * US_PER_MS;
const NOTHING = new Uint8Array(0);

export class SensorHub implements LinkUser {
  readonly inputs: HubInputs;
  readonly #budget: ReadBudget;
  readonly #state: HubState;
  readonly #channels: readonly number[];
  /** Of each sensed joint; −1: another device reads it. */
  readonly #sensedChannels: readonly number[];
  readonly #reader: HubFrameReader;
  readonly #writer = new HubFrameWriter();
  readonly #frame = new Uint8Array(HUB_FRAME_MAX_BYTES);
  /** What goes out in one write. */
  readonly #out = new Uint8Array(HUB_FRAME_MAX_BYTES);
  #outBytes = 0;
  #outFrames = 0;
  readonly #heartbeat = new Uint8Array(HUB_HEARTBEAT_BYTES);
  readonly #setPoint = new Uint8Array(HUB_SETPOINT_BYTES);
  /** Its drives may let go only while its brakes are closed; also before anybody has asked, and when nobody is left. */
  readonly #standsOnBrakes: boolean;
  /** As last asked; a new connection goes on with it. */
  #brakes: boolean;
  /** As last asked: the relay stays open whatever heartbeats say. */
  #holdsRelayOpen = false;
  /** The hub has not yet shown that it did so. */
  #relayAwaited = false;
  #relayAskedUs = 0;
  readonly #drivesBelt: boolean;
  readonly #drivesSupport: boolean;
  readonly #drivesLift: boolean;
  readonly #views: (Uint8Array | undefined)[] = [];
  /** As it told over this connection; null: not yet. */
  identity: HubIdentity | null = null;
  #heardUs = -Infinity;
  #openedUs = 0;
  #askedUs = 0;
  /** A challenge of this connection is at hand. */
  #challenged = false;
  #wireSequence = 0;
  #wireTimeUs = 0;
  #sequence = 0;
  #deviceTimeUs = 0;
  #silenceTold = false;
  #wrongTold = false;

  constructor(
    profile: RobotProfile,
    private readonly link: Link,
    private readonly clock: Clock,
    private readonly guard: Pick<Guard, 'takeAnswer'>,
  ) {
    this.#channels = profile.joints.map((joint) => joint.hubChannel);
    this.#sensedChannels = sensedJointsOf(profile).map(({ reading }) => (reading.by === 'hub' ? reading.hubChannel : -1));
    this.#state = emptyHubState(hubChannelsOf(profile), profile.hub.footLoads);
    this.#budget = new ReadBudget(link, (HUB_FRAME_MAX_BYTES * profile.hub.rateHz) / profile.controlRateHz);
    this.#standsOnBrakes = profile.stop.endsIn === 'brake';
    this.#brakes = this.#standsOnBrakes;
    this.#drivesBelt = profile.treadmill !== undefined;
    this.#drivesSupport = profile.bodyWeightSupport !== undefined;
    this.#drivesLift = profile.armLift !== undefined;
    this.inputs = new HubInputs(profile, this.#state.footLoadsN);
    this.#reader = new HubFrameReader({
      onHubFrame: (type, sequence, timeUs, payload) => this.#onFrame(type, sequence, timeUs, payload),
      onDiscarded: (byteCount) => (this.link.stats.bytesDiscarded += byteCount),
    });
  }

  /** As far as the hub has told over this connection. */
  get enableRelayClosed(): boolean {
    return this.#challenged && this.#state.enableRelayClosed;
  }

  onOpen(): void {
    this.#openedUs = this.clock.nowUs();
    this.#heardUs = -Infinity;
    this.#challenged = false;
    this.#silenceTold = false;
    this.#wrongTold = false;
    this.identity = null;
    this.#budget.onOpen();
    this.#ask(this.#openedUs);
    this.requestBrakes(this.#brakes, this.#openedUs);
  }

  /** The enable relay stays as last ordered. */
  requestBrakes(engaged: boolean, nowUs: number): void {
    this.#brakes = engaged;
    this.#appendRequest(nowUs);
    this.#flush();
  }

  onBytes(chunk: Uint8Array): void {
    const taken = this.#budget.take(chunk.length);
    if (taken > 0) this.#reader.push(taken < chunk.length ? chunk.subarray(0, taken) : chunk);
  }

  onClosed(): void {
    this.#reader.reset();
    this.inputs.onLinkClosed();
    this.#challenged = false;
  }

  /** The relay opens at once, not only when heartbeats have been missing for long enough. */
  farewell(): Uint8Array {
    const request = encodeHubRequest({ holdRelayOpen: true, engageBrake: this.#standsOnBrakes });
    return this.#frame.slice(0, this.#writer.write(HUB_REQUEST, this.clock.nowUs(), request, this.#frame));
  }

  /**
   * Answers the newest challenge when the relay is to be kept closed and the independent guard gives the answer, has it
   * opened when it is not, and tells belt, support and lift what is permitted. All in one write: transports take few of
   * them, and what waited would be out of date.
   * @param command null: belt, support and lift hear nothing, and stop by their own watchdogs
   */
  send(relay: RelayOrder, nowUs: number, command: PermittedCommand | null): void {
    // Taken in any case: none is kept for later.
    const answer = this.guard.takeAnswer(nowUs);
    if (!this.link.stats.up) return;
    if (relay === 'keepClosed' && this.#challenged && answer !== NO_ANSWER) {
      encodeHubHeartbeat(answer, this.#heartbeat);
      this.#append(HUB_HEARTBEAT, this.#heartbeat, nowUs);
    }
    this.#orderRelay(relay === 'open', nowUs);
    if (command !== null && this.#challenged) this.#appendSetPoints(command, nowUs);
    this.#flush();
    this.#watch(nowUs);
    this.#budget.endCycle(nowUs);
  }

  read(inputs: RobotInputs, nowUs: number): void {
    this.inputs.read(inputs, nowUs);
    const { hub } = inputs;
    const state = this.#state;
    hub.ageUs = Math.max(0, nowUs - this.#heardUs);
    hub.sequence = this.#sequence;
    hub.deviceTimeUs = this.#deviceTimeUs;
    hub.estopClosed = state.estopClosed;
    hub.patientButtonPressed = state.patientButtonPressed;
    hub.enableRelayClosed = state.enableRelayClosed;
    hub.brakeEngaged = state.brakeEngaged;
    for (let i = 0; i < this.#channels.length; i++) {
      const joint = inputs.joints[i];
      const measured = state.joints[this.#channels[i] ?? -1];
      if (joint === undefined || measured === undefined) continue;
      joint.encoderPositionRad = measured.positionRad;
      joint.jointTorqueNm = measured.torqueNm;
      joint.encoderQuality = measured.quality;
    }
    for (let i = 0; i < this.#sensedChannels.length; i++) {
      const sensed = inputs.sensed[i];
      const measured = state.joints[this.#sensedChannels[i] ?? -1];
      if (sensed === undefined || measured === undefined) continue;
      sensed.positionRad = measured.positionRad;
      sensed.quality = measured.quality;
      sensed.ageUs = hub.ageUs;
      sensed.sequence = hub.sequence;
    }
  }

  #onFrame(type: number, sequence: number, timeUs: number, payload: Uint8Array): void {
    if (type === HUB_STATE && decodeHubState(payload, this.#state)) this.#accept(sequence, timeUs);
    else if (type === HUB_STATE) this.#refuse(payload.length);
    else if (type === HUB_IDENTITY) this.#identify(payload);
    else if (this.inputs.onFrame(type, payload, this.clock.nowUs())) this.link.stats.framesReceived++;
    else this.link.stats.bytesDiscarded += payload.length;
  }

  #accept(sequence: number, timeUs: number): void {
    this.link.stats.framesReceived++;
    // The fields wrap after 65 536 frames and 71 minutes; given out they go on. The first frame only sets the start.
    if (this.#challenged) {
      this.#sequence += (sequence - this.#wireSequence) & 0xffff;
      this.#deviceTimeUs += (timeUs - this.#wireTimeUs) >>> 0;
    } else {
      this.#sequence = sequence;
      this.#deviceTimeUs = timeUs;
    }
    this.#wireSequence = sequence;
    this.#wireTimeUs = timeUs;
    this.#challenged = true;
    this.#heardUs = this.clock.nowUs();
    this.inputs.onState(this.#state.estopClosed, this.#state.patientButtonPressed, this.#heardUs);
  }

  #refuse(payloadBytes: number): void {
    this.link.stats.bytesDiscarded += payloadBytes;
    this.#tellWrong('sends states of another size');
  }

  #identify(payload: Uint8Array): void {
    const identity = decodeHubIdentity(payload);
    const { joints, footLoadsN } = this.#state;
    this.identity = identity ?? this.identity;
    if (identity === null || (identity.joints === joints.length && identity.footLoads === footLoadsN.length)) return;
    this.#tellWrong(`has ${identity.joints} joints and ${identity.footLoads} foot loads`);
  }

  #tellWrong(what: string): void {
    if (this.#wrongTold) return;
    this.#wrongTold = true;
    this.link.notify('wrongDevice', `The sensor hub on ${this.link.id} ${what}; the profile expects ${this.#state.joints.length} joints and ${this.#state.footLoadsN.length} foot loads. Check that this hub belongs to this robot.`);
  }

  #watch(nowUs: number): void {
    const heardUs = Math.max(this.#heardUs, this.#openedUs);
    if (nowUs - Math.max(heardUs, this.#askedUs) > ASK_AGAIN_US) this.#ask(nowUs);
    const silent = nowUs - heardUs > SILENCE_NOTICE_US;
    if (silent === this.#silenceTold) return;
    this.#silenceTold = silent;
    if (silent) this.link.notify('adapterSilent', `The sensor hub on ${this.link.id} is silent. Check its power and that it is on this port.`);
    else this.link.notify('linkUp', `The sensor hub on ${this.link.id} answers again.`);
  }

  #ask(nowUs: number): void {
    this.#askedUs = nowUs;
    this.#send(HUB_IDENTITY, NOTHING, nowUs);
  }

  /** Also over a connection that has not told anything: power is cut sooner than it is known to be there. */
  #orderRelay(open: boolean, nowUs: number): void {
    const changed = open !== this.#holdsRelayOpen;
    this.#holdsRelayOpen = open;
    this.#relayAwaited = changed || (this.#relayAwaited && this.#state.enableRelayClosed === open);
    if (!this.#relayAwaited || (!changed && nowUs - this.#relayAskedUs < REQUEST_AGAIN_US)) return;
    this.#relayAskedUs = nowUs;
    this.#appendRequest(nowUs);
  }

  #appendRequest(nowUs: number): void {
    this.#append(HUB_REQUEST, encodeHubRequest({ holdRelayOpen: this.#holdsRelayOpen, engageBrake: this.#brakes }), nowUs);
  }

  #appendSetPoints({ beltSpeedMps, beltEnable, unloadingN, lockSupport, liftHeightM, liftEnable }: PermittedCommand, nowUs: number): void {
    if (this.#drivesLift) {
      encodeLiftSetPoint(liftHeightM, liftEnable, this.#setPoint);
      this.#append(HUB_LIFT_SETPOINT, this.#setPoint, nowUs);
    }
    if (this.#drivesBelt) {
      encodeTreadmillSetPoint(beltSpeedMps, beltEnable, this.#setPoint);
      this.#append(HUB_TREADMILL_SETPOINT, this.#setPoint, nowUs);
    }
    if (!this.#drivesSupport) return;
    encodeSupportSetPoint(unloadingN, lockSupport, this.#setPoint);
    this.#append(HUB_SUPPORT_SETPOINT, this.#setPoint, nowUs);
  }

  #send(type: number, payload: Uint8Array, nowUs: number): void {
    this.#append(type, payload, nowUs);
    this.#flush();
  }

  #append(type: number, payload: Uint8Array, nowUs: number): void {
    const length = this.#writer.write(type, nowUs, payload, this.#frame);
    for (let i = 0; i < length; i++) this.#out[this.#outBytes++] = this.#frame[i] ?? 0;
    this.#outFrames++;
  }

  #flush(): void {
    const length = this.#outBytes;
    const frames = this.#outFrames;
    this.#outBytes = 0;
    this.#outFrames = 0;
    if (frames > 0) this.link.write((this.#views[length] ??= this.#out.subarray(0, length)), frames);
  }
}
