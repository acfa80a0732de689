/**
 * The far end of a robot's cables in a few lines: an SLCAN adapter with MIT drives that answer every frame, and a
 * sensor hub that speaks when told. No physics; a test sets what they report.
 */
import type { MemoryDeviceEnd } from '../../hal/transport/memory.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { emptyMitCommand, emptyMitReply, MitCodec, mitSpecialOf, type MitCommand } from '../../protocols/wire/mit.ts';
import {
  decodeHubHeartbeat,
  decodeHubRequest,
  emptyHubState,
  encodeHubIdentity,
  encodeHubState,
  HUB_FRAME_MAX_BYTES,
  HUB_HEARTBEAT,
  HUB_IDENTITY,
  HUB_REQUEST,
  HUB_STATE,
  HubFrameReader,
  HubFrameWriter,
  hubStateBytes,
} from '../../protocols/wire/sensor-hub.ts';
import {
  decodeSlcanCommand,
  emptyCanFrame,
  encodeSlcanFrame,
  SLCAN_ERROR,
  SLCAN_FRAME_MAX_BYTES,
  slcanCommandAnswer,
  slcanFrameAck,
  SlcanReader,
  type AdapterStyle,
  type CanFrame,
} from '../../protocols/wire/slcan.ts';

export class DriveDouble {
  readonly codec: MitCodec;
  readonly reply = { ...emptyMitReply(), tempC: 30 };
  readonly log: string[] = [];
  readonly command: MitCommand = emptyMitCommand();
  answers = true;
  enabled = false;

  constructor(readonly joint: JointProfile) {
    if (joint.drive.protocol !== 'mit') throw new TypeError('the double speaks MIT frames only');
    this.codec = new MitCodec(joint.drive);
    this.reply.id = joint.drive.address;
  }

  /** @returns whether it answers */
  take(data: Uint8Array): boolean {
    if (!this.answers) return false;
    const special = mitSpecialOf(data);
    if (special === 'enter') this.enabled = true;
    if (special === 'exit') this.enabled = false;
    if (special === null) this.codec.decodeCommand(data, this.command);
    this.log.push(special ?? 'set-point');
    return true;
  }
}

export class AdapterDouble {
  readonly drives: DriveDouble[];
  open = false;
  commands: string[] = [];

  constructor(
    readonly end: MemoryDeviceEnd,
    joints: readonly JointProfile[],
    readonly style: AdapterStyle = 'lawicel',
  ) {
    this.drives = joints.map((joint) => new DriveDouble(joint));
    const reader = new SlcanReader({
      onCanFrame: (frame) => this.#onFrame(frame),
      onAck: () => {},
      onError: () => {},
      onText: (line) => this.#onText(line),
      onDiscarded: () => {},
    });
    end.onBytes = (chunk) => reader.push(chunk);
  }

  send(frame: CanFrame): void {
    const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
    this.end.write(out.subarray(0, encodeSlcanFrame(frame, out, 0)));
  }

  #onText(line: Uint8Array): void {
    const command = decodeSlcanCommand(line);
    if (command === null) return this.end.write(SLCAN_ERROR);
    this.commands.push(command.kind);
    if (command.kind === 'open') this.open = true;
    if (command.kind === 'close') this.open = false;
    this.end.write(slcanCommandAnswer(this.style, command));
  }

  #onFrame(frame: CanFrame): void {
    if (!this.open) return this.end.write(SLCAN_ERROR);
    this.end.write(slcanFrameAck(this.style, frame.extended));
    const drive = this.drives.find((candidate) => candidate.joint.drive.address === frame.id);
    if (drive?.take(frame.data) !== true) return;
    const answer = { ...emptyCanFrame(), length: 8 };
    drive.codec.encodeReply(drive.reply, answer.data);
    this.send(answer);
  }
}

export class HubDouble {
  readonly state;
  readonly answered: number[] = [];
  readonly requests: { holdRelayOpen: boolean; engageBrake: boolean }[] = [];
  asked = 0;
  readonly #writer = new HubFrameWriter();

  constructor(
    readonly end: MemoryDeviceEnd,
    profile: RobotProfile,
    readonly identity = { firmwareVersion: 1, calibrationHash: 2, joints: profile.joints.length, footLoads: profile.hub.footLoads },
  ) {
    this.state = emptyHubState(profile.joints.length, profile.hub.footLoads);
    const reader = new HubFrameReader({ onHubFrame: (type, _sequence, _timeUs, payload) => this.#onFrame(type, payload), onDiscarded: () => {} });
    end.onBytes = (chunk) => reader.push(chunk);
  }

  sendState(timeUs: number): void {
    const payload = new Uint8Array(hubStateBytes(this.state.joints.length, this.state.footLoadsN.length));
    encodeHubState(this.state, payload);
    this.send(HUB_STATE, timeUs, payload);
  }

  send(type: number, timeUs: number, payload: Uint8Array): void {
    const out = new Uint8Array(HUB_FRAME_MAX_BYTES);
    this.end.write(out.subarray(0, this.#writer.write(type, timeUs, payload, out)));
  }

  #onFrame(type: number, payload: Uint8Array): void {
    if (type === HUB_HEARTBEAT) this.answered.push(decodeHubHeartbeat(payload));
    const request = type === HUB_REQUEST ? decodeHubRequest(payload) : null;
    if (request !== null) this.requests.push(request);
    if (type !== HUB_IDENTITY) return;
    this.asked++;
    this.send(HUB_IDENTITY, 0, encodeHubIdentity(this.identity));
  }
}
