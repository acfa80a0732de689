/** Raw bytes as a robot's ports give them, for the independent monitor: the hub and every drive, each cycle. */
import { expect } from 'vitest';
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { emptyMitReply, MitCodec } from '../../../protocols/wire/mit.ts';
import { emptyHubState, encodeHubState, HUB_FRAME_MAX_BYTES, HUB_STATE, HubFrameWriter, hubStateBytes } from '../../../protocols/wire/sensor-hub.ts';
import { emptyCanFrame, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { Monitor } from '../../../controller/safety/monitor.ts';
import { profile as gaitOrthosis } from './fixtures.ts';

export const PERIOD_US = 4_000;

export class MonitorRig {
  readonly monitor: Monitor;
  nowUs = 1_000_000;
  /** The hub's own clock. */
  deviceUs = 4_294_000_000;
  readonly hub;
  /** What each drive reports; null: it is silent. */
  readonly torqueNm: (number | null)[];
  /** And how fast. */
  readonly radPerSec: number[];
  /** The motor's angle is the encoder's, and so much more. */
  readonly motorAheadDeg: number[];
  hubSpeaks = true;
  readonly #writer = new HubFrameWriter();

  constructor(readonly profile: RobotProfile = gaitOrthosis) {
    this.monitor = new Monitor(profile);
    this.hub = emptyHubState(profile.joints.length, profile.hub.footLoads);
    Object.assign(this.hub, { estopClosed: true, enableRelayClosed: true, challenge: 1 });
    for (const joint of this.hub.joints) Object.assign(joint, { positionRad: degToRad(20), quality: 255 });
    this.torqueNm = profile.joints.map(() => 0);
    this.radPerSec = profile.joints.map(() => 0);
    this.motorAheadDeg = profile.joints.map(() => 0);
  }

  linkOf(id: string): number {
    return this.profile.links.findIndex((link) => link.id === id);
  }

  sendHub(deviceUs = this.deviceUs): void {
    const payload = new Uint8Array(hubStateBytes(this.hub.joints.length, this.hub.footLoadsN.length));
    encodeHubState(this.hub, payload);
    this.push(this.profile.hub.link, this.hubFrame(HUB_STATE, deviceUs, payload));
  }

  hubFrame(type: number, deviceUs: number, payload: Uint8Array): Uint8Array {
    const out = new Uint8Array(HUB_FRAME_MAX_BYTES);
    return out.subarray(0, this.#writer.write(type, deviceUs, payload, out));
  }

  push(link: string, bytes: Uint8Array): void {
    this.monitor.push(this.linkOf(link), bytes, this.nowUs);
  }

  sendCan(link: string, frame: Partial<CanFrame>): void {
    const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
    this.push(link, out.subarray(0, encodeSlcanFrame({ ...emptyCanFrame(), length: 8, ...frame }, out, 0)));
  }

  mitReply(drive: DriveProfile, torqueNm: number, velocityRadPerSec = 0, positionRad = 0): Uint8Array {
    if (drive.protocol !== 'mit') throw new TypeError('the rig speaks MIT frames only');
    const data = new Uint8Array(8);
    new MitCodec(drive).encodeReply({ ...emptyMitReply(), id: drive.address, torqueNm: drive.direction * torqueNm, velocityRadPerSec: drive.direction * velocityRadPerSec, positionRad: drive.direction * positionRad }, data);
    return data;
  }

  /** One cycle: time, drives, hub. @returns the answer */
  tick(): number {
    this.nowUs += PERIOD_US;
    this.deviceUs = (this.deviceUs + PERIOD_US) % 2 ** 32;
    this.profile.joints.forEach(({ drive }, j) => {
      const torqueNm = this.torqueNm[j] ?? null;
      if (torqueNm !== null) this.sendCan(drive.link, { data: this.mitReply(drive, torqueNm, this.radPerSec[j], degToRad(this.positionDeg(j) + this.motorAheadDeg[j]!)) });
    });
    this.hub.challenge = (this.hub.challenge * 1_664_525 + 1_013_904_223) >>> 0;
    if (this.hubSpeaks) this.sendHub();
    return this.monitor.answer(this.nowUs);
  }

  run(seconds: number, each: () => void = () => {}): number {
    let answer = -1;
    for (let n = Math.round((seconds * 1e6) / PERIOD_US); n > 0; n--) {
      each();
      answer = this.tick();
    }
    return answer;
  }

  place(joint: number, positionDeg: number): void {
    this.hub.joints[joint]!.positionRad = degToRad(positionDeg);
  }

  positionDeg(joint: number): number {
    return (this.hub.joints[joint]!.positionRad * 180) / Math.PI;
  }

  /** Moves the joint at this speed until it is there. @returns the reason after it */
  move(joint: number, toDeg: number, degPerSec = 50, each: () => void = () => {}): string {
    const stepDeg = (degPerSec * PERIOD_US) / 1e6;
    while (this.positionDeg(joint) !== toDeg && this.monitor.reason === 'none') {
      const leftDeg = toDeg - this.positionDeg(joint);
      this.place(joint, Math.abs(leftDeg) <= stepDeg ? toDeg : this.positionDeg(joint) + Math.sign(leftDeg) * stepDeg);
      if (Math.abs(toDeg - this.positionDeg(joint)) < 1e-9) this.place(joint, toDeg);
      each();
      this.tick();
      if (Math.abs(toDeg - this.positionDeg(joint)) < 1e-9) break;
    }
    return this.monitor.reason;
  }
}

export const KNEE = 1;
export const HIP = 2;
export const verdict = ({ monitor }: MonitorRig) => [monitor.reason, monitor.joint];

/** A robot that pushes at every joint, half a second after the hub's first word. */
export function pushing(profile?: RobotProfile): MonitorRig {
  const rig = new MonitorRig(profile);
  rig.torqueNm.fill(5);
  rig.run(0.5);
  expect(verdict(rig)).toEqual(['none', -1]);
  return rig;
}

export function resting(): MonitorRig {
  const rig = new MonitorRig();
  rig.run(0.5);
  return rig;
}

/** The gait orthosis with another drive in each joint. */
export function withDrive(change: (drive: DriveProfile & { protocol: 'mit' }) => unknown, protocol?: string): RobotProfile {
  const profile = structuredClone(gaitOrthosis);
  for (const joint of profile.joints) joint.drive = change(joint.drive as never) as never;
  if (protocol !== undefined) for (const link of profile.links) if (link.protocol === 'slcan') link.protocol = protocol as never;
  return profile;
}
