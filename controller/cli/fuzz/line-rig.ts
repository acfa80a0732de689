/** One drive of a protocol on a line without a wire: the host's side and the device's, on virtual time. */
import { createLineProtocol } from '../../../hal/drives/lines.ts';
import type { LineProtocol } from '../../../hal/drives/drive.ts';
import { linkProtocolOf, type DriveProfile } from '../../../protocols/drive-profile.ts';
import { emptyJointCommand, type JointInputs } from '../../../protocols/joints.ts';
import type { JointProfile, LinkProfile } from '../../../protocols/profile.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';
import type { JointPort, SendBytes, VirtualLine } from '../../../sim/drives/device.ts';
import { createVirtualLine } from '../../../sim/drives/lines.ts';

const PERIOD_US = 4_000;
const LINE_STEP_US = 250;
const PHYSICS_STEP_US = 1_000;
const BAUD = 1_000_000;
/** Longer than any drive boots. */
const BOOT_US = 2_000_000;
const OUT_BYTES = 4_096;
/** A free load, so that what a drive reports changes. */
const INERTIA_KG_M2 = 0.5;
const FRICTION_NMS_PER_RAD = 2;

export class FuzzLoad implements JointPort {
  torqueNm = 0;
  #positionRad = 0;
  #velocityRadPerSec = 0;

  positionRad(): number {
    return this.#positionRad;
  }

  velocityRadPerSec(): number {
    return this.#velocityRadPerSec;
  }

  applyTorqueNm(torqueNm: number): void {
    this.torqueNm = torqueNm;
  }

  step(durationS: number): void {
    this.#velocityRadPerSec += ((this.torqueNm - FRICTION_NMS_PER_RAD * this.#velocityRadPerSec) * durationS) / INERTIA_KG_M2;
    // A soft spring home keeps it within what a drive can report.
    this.#velocityRadPerSec -= 4 * this.#positionRad * durationS;
    this.#positionRad += this.#velocityRadPerSec * durationS;
  }
}

/** The device's side alone, powered and booted. */
export class FuzzDevice {
  readonly load = new FuzzLoad();
  readonly line: VirtualLine;
  #physicsUs = 0;

  constructor(
    drive: DriveProfile,
    public nowUs: number,
    send: SendBytes,
  ) {
    this.line = createVirtualLine(linkOf(drive), [{ drive, joint: this.load }], send);
    this.restart();
  }

  /** The cable was pulled and the power cut; both are back, and the drive has booted. */
  restart(): void {
    this.line.device.unplugged();
    for (const drive of this.line.drives) drive.setPower(false, this.nowUs);
    for (const drive of this.line.drives) drive.setPower(true, this.nowUs);
    for (const end = this.nowUs + BOOT_US; this.nowUs < end; ) this.advance(PHYSICS_STEP_US * 100);
  }

  /** One step, however long. */
  advance(durationUs: number): void {
    this.nowUs += durationUs;
    this.line.device.step(this.nowUs);
    if (this.nowUs - this.#physicsUs < PHYSICS_STEP_US) return;
    this.#physicsUs = this.nowUs;
    for (const drive of this.line.drives) drive.step(this.nowUs, PHYSICS_STEP_US / 1e6);
    this.load.step(PHYSICS_STEP_US / 1e6);
  }

  get energised(): boolean {
    return this.line.drives.some((drive) => drive.energised);
  }
}

/** The host's side alone, as `DriveLine` runs it. */
export class FuzzHost {
  readonly protocol: LineProtocol;
  readonly counters = { framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 };
  readonly command = emptyJointCommand();
  readonly #out = new Uint8Array(OUT_BYTES);
  readonly #inputs: readonly JointInputs[];

  constructor(
    drive: DriveProfile,
    joint: JointProfile,
    private readonly send: SendBytes,
  ) {
    const seat: JointProfile = { ...joint, torqueLimitNm: drive.peakTorqueNm, drive: { ...drive, link: 'line' } };
    this.protocol = createLineProtocol(linkOf(drive), [seat], this.counters);
    this.#inputs = emptyInputs(1, 1).joints;
  }

  open(nowUs: number): void {
    this.protocol.onOpen(nowUs);
    this.#send(this.protocol.encodeOpening(this.#out, 0), nowUs);
  }

  close(): void {
    this.protocol.onClosed();
  }

  cycle(enable: boolean, nowUs: number): void {
    const { protocol } = this;
    for (const drive of protocol.drives) drive.command(enable, this.command, nowUs);
    protocol.beginCycle(nowUs);
    if (protocol.turnTaking) {
      if (protocol.awaitsReply) protocol.onReplyTimeout(nowUs);
      this.#send(protocol.encode(nowUs, this.#out, 0), nowUs);
      return;
    }
    let end = 0;
    for (let next = protocol.encode(nowUs, this.#out, 0); next > end; next = protocol.encode(nowUs, this.#out, end)) end = next;
    this.#send(end, nowUs);
  }

  receive(chunk: Uint8Array, nowUs: number): void {
    const { protocol } = this;
    protocol.push(chunk, nowUs);
    if (protocol.turnTaking && !protocol.awaitsReply) this.#send(protocol.encode(nowUs, this.#out, 0), nowUs);
  }

  /** Of the first drive. */
  read(nowUs: number): JointInputs | undefined {
    const [inputs] = this.#inputs;
    if (inputs !== undefined) this.protocol.drives[0]?.read(inputs, nowUs);
    return inputs;
  }

  #send(end: number, nowUs: number): void {
    if (end === 0) return;
    this.send(this.#out.subarray(0, end));
    for (const drive of this.protocol.drives) drive.onSent(nowUs);
  }
}

/** Both sides, and the wire between them. */
export class FuzzPair {
  readonly device: FuzzDevice;
  readonly host: FuzzHost;
  /** Everything that was sent, piece by piece, while it is wanted. */
  readonly toDevice: Uint8Array[] = [];
  readonly toHost: Uint8Array[] = [];
  /** The wire from the device is cut: the host hears only what somebody else says. */
  cut = false;
  /** What was sent is kept. */
  keep = false;
  readonly #onItsWay: { readonly bytes: Uint8Array; readonly toHost: boolean }[] = [];

  constructor(drive: DriveProfile, joint: JointProfile) {
    this.device = new FuzzDevice(drive, 0, (bytes) => this.#post(bytes, true));
    this.host = new FuzzHost(drive, joint, (bytes) => this.#post(bytes, false));
  }

  /** Runs so many control cycles; the host wants the drive enabled from `enabledFrom` on. */
  run(cycles: number, enabledFrom: number): void {
    const { device, host } = this;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const on = cycle >= enabledFrom;
      Object.assign(host.command, { positionRad: 0.3 * (cycle % 3), stiffnessNmPerRad: on ? 20 : 0, dampingNmsPerRad: on ? 1 : 0, torqueNm: on ? cycle % 5 : 0 });
      host.cycle(on, device.nowUs);
      for (let stepUs = 0; stepUs < PERIOD_US; stepUs += LINE_STEP_US) this.step(LINE_STEP_US);
    }
  }

  /** What is on its way arrives, and time goes on. */
  step(durationUs: number): void {
    const { device, host } = this;
    for (const { bytes, toHost } of this.#onItsWay.splice(0)) {
      if (!toHost) device.line.device.receive(bytes, device.nowUs);
      else if (!this.cut) host.receive(bytes, device.nowUs);
    }
    device.advance(durationUs);
  }

  #post(bytes: Uint8Array, toHost: boolean): void {
    const copy = bytes.slice();
    if (this.keep) (toHost ? this.toHost : this.toDevice).push(copy);
    this.#onItsWay.push({ bytes: copy, toHost });
  }
}

/** What the two say to each other; pieces as they were sent. */
export interface Dialogue {
  readonly toDevice: readonly Uint8Array[];
  readonly toHost: readonly Uint8Array[];
  /** The drive made torque at the end. */
  readonly energised: boolean;
}

/** Set-up and boot are over by then. */
export const FOUND_CYCLES = 250;
export const NEVER = Infinity;

/** The host finds the drive and polls it; with `enable` it then moves it. */
export function recordDialogue(drive: DriveProfile, joint: JointProfile, enable: boolean): Dialogue {
  const pair = new FuzzPair(drive, joint);
  pair.keep = true;
  pair.host.open(pair.device.nowUs);
  pair.run(2 * FOUND_CYCLES, enable ? FOUND_CYCLES : NEVER);
  return { toDevice: pair.toDevice, toHost: pair.toHost, energised: pair.device.energised };
}

const linkOf = (drive: DriveProfile): LinkProfile => ({ id: 'line', protocol: linkProtocolOf(drive), baud: BAUD });
