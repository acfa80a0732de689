/** A small host of its own, so that the virtual robot is not judged by the HAL that was written beside it. */
import { MIT_FRAME_BYTES, MitCodec, emptyMitCommand, emptyMitReply, encodeMitSpecial, type MitCommand, type MitReply, type MitSpecial } from '../../../protocols/wire/mit.ts';
import { HUB_FRAME_MAX_BYTES, HUB_HEARTBEAT, HUB_STATE, HubFrameReader, HubFrameWriter, decodeHubState, emptyHubState, encodeHubHeartbeat } from '../../../protocols/wire/sensor-hub.ts';
import { SLCAN_FRAME_MAX_BYTES, SlcanReader, emptyCanFrame, encodeSlcanFrame } from '../../../protocols/wire/slcan.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { VirtualRobot } from '../../../sim/virtual-robot.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export class TestHost {
  readonly replies: MitReply[];
  readonly replyCounts: number[];
  readonly hub;
  readonly hubTypes: number[] = [];
  readonly hubTimesUs: number[] = [];
  readonly hubSequences: number[] = [];
  hubFrames = 0;
  discarded = 0;
  acks = 0;
  errors = 0;
  /** Everything received, for comparisons. */
  readonly received: number[] = [];
  heartbeat = true;
  readonly #codecs: MitCodec[];
  readonly #writer = new HubFrameWriter();

  constructor(
    readonly robot: VirtualRobot,
    readonly profile: RobotProfile,
  ) {
    this.#codecs = profile.joints.map(({ drive }) => {
      if (drive.protocol !== 'mit') throw new TypeError('this host speaks MIT frames only');
      return new MitCodec(drive);
    });
    this.replies = profile.joints.map(emptyMitReply);
    this.replyCounts = profile.joints.map(() => 0);
    this.hub = emptyHubState(profile.joints.length, profile.hub.footLoads);
    for (const link of profile.links) this.connect(link.id);
  }

  connect(linkId: string): void {
    const reader = linkId === this.profile.hub.link ? this.#hubReader() : this.#slcanReader(linkId);
    this.robot.connect(linkId, (bytes) => {
      this.received.push(...bytes);
      reader.push(bytes);
    });
    if (linkId !== this.profile.hub.link) this.text(linkId, 'C\rS8\rO\r');
  }

  text(linkId: string, text: string): void {
    this.robot.receive(linkId, ascii(text), this.robot.nowUs);
  }

  special(joint: number, special: MitSpecial): void {
    const data = new Uint8Array(MIT_FRAME_BYTES);
    encodeMitSpecial(special, data);
    this.#sendFrame(joint, data);
  }

  command(joint: number, command: Partial<MitCommand>): void {
    const data = new Uint8Array(MIT_FRAME_BYTES);
    this.#codecs[joint]!.encodeCommand({ ...emptyMitCommand(), ...command }, data);
    this.#sendFrame(joint, data);
  }

  everyDrive(special: MitSpecial): void {
    this.profile.joints.forEach((_, joint) => this.special(joint, special));
  }

  /** One control cycle of 4 ms: `act`, heartbeat, then the robot moves on. */
  cycle(act: () => void = () => {}): void {
    act();
    if (this.heartbeat) this.#beat();
    this.robot.advanceTo(this.robot.nowUs + 4_000);
  }

  cycles(count: number, act: (index: number) => void = () => {}): void {
    for (let i = 0; i < count; i++) this.cycle(() => act(i));
  }

  /** Heartbeats until the relay has closed and the drives have booted. */
  powerUp(): void {
    this.cycles(60);
  }

  #beat(): void {
    const payload = new Uint8Array(4);
    encodeHubHeartbeat(this.hub.challenge, payload);
    this.#sendHub(HUB_HEARTBEAT, payload);
  }

  #sendHub(type: number, payload: Uint8Array): void {
    const out = new Uint8Array(HUB_FRAME_MAX_BYTES);
    const length = this.#writer.write(type, this.robot.nowUs, payload, out);
    this.robot.receive(this.profile.hub.link, out.subarray(0, length), this.robot.nowUs);
  }

  hubFrame(type: number, payload: Uint8Array): void {
    this.#sendHub(type, payload);
  }

  #sendFrame(joint: number, data: Uint8Array): void {
    const { drive } = this.profile.joints[joint]!;
    const frame = { ...emptyCanFrame(), id: drive.address, length: data.length, data };
    const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
    this.robot.receive(drive.link, out.subarray(0, encodeSlcanFrame(frame, out, 0)), this.robot.nowUs);
  }

  #slcanReader(linkId: string): SlcanReader {
    return new SlcanReader({
      onCanFrame: (frame) => {
        const joint = this.profile.joints.findIndex(({ drive }) => drive.link === linkId && drive.address === frame.data[0]);
        this.#codecs[joint]!.decodeReply(frame.data, this.replies[joint]!);
        this.replyCounts[joint]!++;
      },
      onAck: () => this.acks++,
      onError: () => this.errors++,
      onText: () => {},
      onDiscarded: (bytes) => (this.discarded += bytes),
    });
  }

  #hubReader(): HubFrameReader {
    return new HubFrameReader({
      onHubFrame: (type, sequence, timeUs, payload) => {
        this.hubTypes.push(type);
        if (type !== HUB_STATE) return;
        decodeHubState(payload, this.hub);
        this.hubTimesUs.push(timeUs);
        this.hubSequences.push(sequence);
        this.hubFrames++;
      },
      onDiscarded: (bytes) => (this.discarded += bytes),
    });
  }
}
