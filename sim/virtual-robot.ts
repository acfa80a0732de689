/**
 * The whole robot on virtual time: body, drives, hub and the serial lines to them. Real time and lock-step run this
 * same code; they differ only in who calls `advanceTo` and where the bytes come from.
 */
import { createRandom } from '../protocols/random.ts';
import type { LinkProfile, RobotProfile } from '../protocols/profile.ts';
import { Body, STEP_US } from './body/body.ts';
import type { Patient } from './body/human.ts';
import type { JointPort, SendBytes, VirtualDevice, VirtualDrive } from './drives/device.ts';
import { createVirtualLine } from './drives/lines.ts';
import { SensorHub } from './drives/sensor-hub.ts';
import { PacedLine } from './pacing.ts';

export interface VirtualRobotOptions extends Patient {
  readonly profile: RobotProfile;
  readonly seed: number;
}

/** One serial cable with its device. */
interface Port {
  readonly id: string;
  readonly device: VirtualDevice;
  readonly toDevice: PacedLine;
  readonly toHost: PacedLine;
  readonly deliver: SendBytes;
  host: SendBytes | null;
}

export class VirtualRobot {
  readonly #ports: readonly Port[];
  /** In the order of the profile's joints. */
  readonly #drives: VirtualDrive[] = [];
  readonly #hub: SensorHub;
  #nowUs = 0;
  #braked = false;

  private constructor(
    { profile, seed }: VirtualRobotOptions,
    /** The truth, for tests and judges; no device shows it. */
    readonly body: Body,
  ) {
    const jointPort = (i: number): JointPort => ({
      positionRad: () => body.positionRad(i),
      velocityRadPerSec: () => body.velocityRadPerSec(i),
      applyTorqueNm: (torqueNm) => body.setMotorTorqueNm(i, torqueNm),
    });
    const toHost = new Map(profile.links.map((link) => [link.id, new PacedLine(link.baud)]));
    const sender =
      (linkId: string): SendBytes =>
      (bytes) =>
        toHost.get(linkId)?.push(bytes, this.#nowUs);
    this.#hub = new SensorHub({
      profile,
      joints: profile.joints.map((_, i) => ({ positionRad: () => body.positionRad(i), jointTorqueNm: () => body.jointTorqueNm(i) })),
      random: createRandom(seed),
      send: sender(profile.hub.link),
    });
    const driveLine = (link: LinkProfile): VirtualDevice => {
      const joints = profile.joints.flatMap((joint, i) => (joint.drive.link === link.id ? [i] : []));
      const line = createVirtualLine(link, joints.flatMap((i) => (profile.joints[i] === undefined ? [] : [{ drive: profile.joints[i].drive, joint: jointPort(i) }])), sender(link.id));
      line.drives.forEach((drive, k) => (this.#drives[joints[k] ?? 0] = drive));
      return line.device;
    };
    this.#ports = profile.links.map((link) => {
      const device = link.id === profile.hub.link ? this.#hub : driveLine(link);
      const line = toHost.get(link.id) ?? new PacedLine(link.baud);
      return { id: link.id, device, toHost: line, toDevice: new PacedLine(link.baud), deliver: (bytes) => device.receive(bytes, this.#nowUs), host: null };
    });
  }

  static async create(options: VirtualRobotOptions): Promise<VirtualRobot> {
    return new VirtualRobot(options, await Body.create(options.profile, options));
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Plugs a host in: it gets each chunk as it leaves the wire. @throws RangeError for an unknown link */
  connect(linkId: string, host: SendBytes): void {
    this.#port(linkId).host = host;
  }

  /** Pulls the cable: what is on its way, in both directions, is gone. */
  disconnect(linkId: string): void {
    const port = this.#port(linkId);
    port.host = null;
    port.device.unplugged();
    port.toDevice.clear();
    port.toHost.clear();
  }

  /** Bytes that the host hands to the wire at `atUs` (not before now). */
  receive(linkId: string, bytes: Uint8Array, atUs: number): void {
    const port = this.#port(linkId);
    if (port.host !== null) port.toDevice.push(bytes, Math.max(atUs, this.#nowUs));
  }

  /** Runs whole physics steps up to `targetUs`; the rest waits for the next call. */
  advanceTo(targetUs: number): void {
    while (this.#nowUs + STEP_US <= targetUs) this.#step();
  }

  setEstop(open: boolean): void {
    this.#hub.estopClosed = !open;
  }

  setPatientButton(pressed: boolean): void {
    this.#hub.patientButtonPressed = pressed;
  }

  setBrake(engaged: boolean): void {
    this.#hub.brakeLever = engaged;
  }

  energised(joint: number): boolean {
    return this.#drives[joint]?.energised ?? false;
  }

  dispose(): void {
    this.body.dispose();
  }

  #step(): void {
    const nowUs = this.#nowUs;
    for (const port of this.#ports) port.toDevice.release(nowUs, port.deliver);
    for (const { device } of this.#ports) device.step(nowUs);
    const powered = this.#hub.drivesPowered;
    for (const drive of this.#drives) {
      drive.setPower(powered, nowUs);
      drive.step(nowUs, STEP_US / 1e6);
    }
    if (this.#hub.brakeEngaged !== this.#braked) {
      this.#braked = this.#hub.brakeEngaged;
      this.body.setBrakes(this.#braked);
    }
    this.body.step();
    this.#nowUs = nowUs + STEP_US;
    for (const port of this.#ports) port.toHost.release(this.#nowUs, port.host ?? discard);
  }

  #port(linkId: string): Port {
    const port = this.#ports.find((candidate) => candidate.id === linkId);
    if (port === undefined) throw new RangeError(`the profile has no link "${linkId}"`);
    return port;
  }
}

/** Nobody is plugged in. */
const discard: SendBytes = () => {};
