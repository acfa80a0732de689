/** One line of drives on virtual time: the host's drives, the wire at its baud rate, and the virtual drives on loads. */
import { expect } from 'vitest';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { DriveLine } from '../../../hal/drives/drive-line.ts';
import { createLineProtocol } from '../../../hal/drives/lines.ts';
import { Link } from '../../../hal/link.ts';
import type { Notice } from '../../../hal/notice.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import type { TransportFactory } from '../../../hal/transport/transport.ts';
import { linkProtocolOf, type DriveProfile } from '../../../protocols/drive-profile.ts';
import { PermittedCommand, type JointCommand, type RobotInputs } from '../../../protocols/joints.ts';
import type { JointProfile, LinkProfile } from '../../../protocols/profile.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';
import type { JointPort } from '../../../sim/drives/device.ts';
import { createVirtualLine } from '../../../sim/drives/lines.ts';
import { PacedLine } from '../../../sim/pacing.ts';
import { gaitOrthosis } from '../robot-rig.ts';

export const PERIOD_US = 4_000;
const LINE_STEP_US = 250;
const PHYSICS_STEP_US = 1_000;
/** Longer than any drive's watchdog here. */
const SILENCE_US = 160_000;

/** A free joint with inertia and a little friction; `held` keeps it where it is. */
export class TestLoad implements JointPort {
  position = 0;
  velocity = 0;
  torqueNm = 0;
  held = false;

  constructor(
    private readonly inertiaKgM2 = 0.5,
    private readonly frictionNmsPerRad = 0.5,
  ) {}

  positionRad(): number {
    return this.position;
  }

  velocityRadPerSec(): number {
    return this.velocity;
  }

  applyTorqueNm(torqueNm: number): void {
    this.torqueNm = torqueNm;
  }

  step(durationS: number): void {
    if (this.held) {
      this.velocity = 0;
      return;
    }
    this.velocity += ((this.torqueNm - this.frictionNmsPerRad * this.velocity) * durationS) / this.inertiaKgM2;
    this.position += this.velocity * durationS;
  }
}

/** A joint of the shipped orthosis (the left hip's limits) around a drive; the drive's link becomes `line`. */
export const jointWith = (drive: DriveProfile, index = 0): JointProfile => ({
  ...gaitOrthosis().joints[0]!,
  id: `joint${index}`,
  name: { en: `Joint ${index}`, ko: `관절 ${index}`, de: `Gelenk ${index}` },
  torqueLimitNm: drive.peakTorqueNm,
  drive: { ...drive, link: 'line' },
});

/** @param drives profiles of the drives on the line; `deviceDrives` when the devices differ from what the host expects; `measuring`: none moves a joint, all are read with their torque off */
export function createLineRig(drives: readonly DriveProfile[], options: { baud?: number; deviceDrives?: readonly DriveProfile[]; power?: boolean; measuring?: boolean; wrap?: (factory: TransportFactory) => TransportFactory } = {}) {
  const clock = new ManualClock(1_000_000);
  const scheduler = new ManualScheduler(clock);
  const notices: Notice[] = [];
  const link: LinkProfile = { id: 'line', protocol: linkProtocolOf(drives[0]!), baud: options.baud ?? 921_600 };
  const joints = drives.map((drive, i) => ({ ...jointWith(drive, i), ...(options.measuring === true ? { torqueLimitNm: 0 } : {}) }));
  const memory = createMemoryLink('line');
  const hostLink = new Link({ id: 'line', factory: options.wrap?.(memory.factory) ?? memory.factory, scheduler, onNotice: (notice) => notices.push(notice) });
  const protocol = createLineProtocol(link, joints, hostLink.stats);
  const line = new DriveLine(protocol, joints.map((_, i) => i), hostLink, clock);
  const loads = (options.deviceDrives ?? drives).map(() => new TestLoad());
  const toHost = new PacedLine(link.baud);
  const toDevice = new PacedLine(link.baud);
  /** Every byte that left the host, for byte-exact expectations; clear it as you like. */
  const sent: number[] = [];
  const virtual = createVirtualLine(link, (options.deviceDrives ?? drives).map((drive, i) => ({ drive: { ...drive, link: 'line' }, joint: loads[i]! })), (bytes) => toHost.push(bytes, clock.nowUs()));
  memory.device.onBytes = (chunk) => {
    sent.push(...chunk);
    toDevice.push(chunk, clock.nowUs());
  };
  const driven = options.measuring === true ? 0 : joints.length;
  const command = PermittedCommand.mint(driven);
  const inputs: RobotInputs = emptyInputs(driven, 1, joints.length - driven);
  const rig = { clock, scheduler, notices, link: hostLink, memory, protocol, line, drives: protocol.drives, loads, virtual, sent, command, inputs, joint: (i = 0) => inputs.joints[i]!, set, advance, tick, ticks, enable, until };
  if (options.power !== false) for (const drive of virtual.drives) drive.setPower(true, clock.nowUs());
  hostLink.start(line);

  /** Sets the command of one joint. */
  function set(i: number, values: Partial<JointCommand>): void {
    Object.assign(command.joints[i]!, values);
  }

  /** The devices, wires and loads run on. */
  function advance(durationUs: number): void {
    for (const end = clock.nowUs() + durationUs; clock.nowUs() < end; ) {
      clock.advanceUs(LINE_STEP_US);
      toDevice.release(clock.nowUs(), (chunk) => virtual.device.receive(chunk, clock.nowUs()));
      virtual.device.step(clock.nowUs());
      if (clock.nowUs() % PHYSICS_STEP_US === 0) {
        for (const drive of virtual.drives) drive.step(clock.nowUs(), PHYSICS_STEP_US / 1e6);
        for (const load of loads) load.step(PHYSICS_STEP_US / 1e6);
      }
      toHost.release(clock.nowUs(), (chunk) => memory.device.write(chunk));
    }
  }

  /** One control cycle: the time passes, then the host reads and sends. */
  async function tick(): Promise<RobotInputs> {
    advance(PERIOD_US);
    scheduler.runDue();
    await Promise.resolve();
    await Promise.resolve();
    line.read(inputs, clock.nowUs());
    line.send(command, clock.nowUs(), true);
    return inputs;
  }

  async function ticks(count: number): Promise<RobotInputs> {
    for (let i = 0; i < count; i++) await tick();
    return inputs;
  }

  /** Runs on until the condition holds. */
  async function until(condition: () => boolean, mostTicks = 1_000): Promise<void> {
    for (let i = 0; i < mostTicks; i++) {
      if (condition()) return;
      await tick();
    }
    throw new Error(`not within ${mostTicks} ticks; states ${inputs.joints.map((joint) => joint.driveState).join(', ')}; refusals ${protocol.drives.map((drive) => drive.refusal).join(', ')}`);
  }

  /** Waits for every drive, then enables them all as the loop does. */
  async function enable(): Promise<void> {
    command.enable = false;
    await until(() => inputs.joints.every((joint) => joint.driveState === 'disabled'));
    command.enable = true;
    await until(() => inputs.joints.every((joint) => joint.driveState === 'enabled'));
  }

  return rig;
}

/** A held joint is driven with so much, then the host says nothing for longer than the drive's watchdog waits. @returns what the first reply afterwards shows */
export async function torqueAfterSilenceNm(rig: ReturnType<typeof createLineRig>, torqueNm: number): Promise<number> {
  rig.loads[0]!.held = true;
  await rig.enable();
  rig.set(0, { torqueNm });
  await rig.ticks(100);
  expect(rig.joint().motorTorqueNm).toBeCloseTo(torqueNm, 1);
  rig.drives[0]!.expectSilence?.();
  rig.advance(SILENCE_US);
  rig.line.read(rig.inputs, rig.clock.nowUs());
  const { driveSequence } = rig.joint();
  await rig.until(() => rig.joint().driveSequence > driveSequence);
  return rig.joint().motorTorqueNm;
}
