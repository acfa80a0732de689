import { Cia402Drive } from '../../../hal/drives/cia402-drive.ts';
import type { JointOf } from '../../../hal/drives/drive.ts';
import { stateBits, type PowerState } from '../../../protocols/wire/cia402.ts';
import { canDataFrame, COB, putLe } from '../../../protocols/wire/canopen.ts';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';
import { emptyCanFrame } from '../../../protocols/wire/slcan.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { CanopenDouble, key } from './canopen-double.ts';
import { jointWith } from './line-rig.ts';

export const bare = (changes: Partial<DriveProfileOf<'cia402'>> = {}): DriveProfileOf<'cia402'> => ({ ...bareCia402(1), ...changes });

/** The host's drive against a node that answers as a test says, 4 ms per cycle. */
export function withDouble(changes: Partial<DriveProfileOf<'cia402'>> = {}) {
  const profile = bare(changes);
  const joint = jointWith(profile) as JointOf<'cia402'>;
  const drive = new Cia402Drive(joint);
  let nowUs = 1_000_000;
  const node = new CanopenDouble(1, (frame) => drive.onCanFrame(frame, nowUs));
  node.values.set(key(0x1018, 1), profile.vendorId);
  node.values.set(key(0x1018, 2), profile.productCode);
  node.values.set(key(0x1018, 4), 42);
  node.values.set(key(0x6502), 0x3ad);
  node.values.set(key(0x6076), (1_000 * profile.ratedTorqueNm) / profile.gearRatio);
  node.values.set(key(0x6061), 10);
  node.texts.set(0x1008, 'EPOS4 Module 50/15');
  node.texts.set(0x100a, '0x0170');
  const command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  const inputs = emptyInputs(1, 1).joints[0]!;
  drive.onLinkOpen(nowUs);
  const cycle = (enable = false): string[] => {
    nowUs += 4_000;
    drive.command(enable, command, nowUs);
    const frame = emptyCanFrame();
    const before = node.heard.length;
    while (drive.nextFrame(nowUs, frame)) node.hear(frame);
    drive.onSent(nowUs);
    drive.read(inputs, nowUs);
    return node.heard.slice(before);
  };
  const cycles = (count: number): void => {
    for (let i = 0; i < count; i++) cycle();
  };
  const report = (state: PowerState, values: { counts?: number; torque?: number; velocity?: number; mode?: number; error?: number; warns?: boolean } = {}): void => {
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.tpdo[0] + 1, 8);
    putLe(frame.data, 0, 2, stateBits(state) | 0x210 | (values.warns === true ? 0x80 : 0));
    putLe(frame.data, 2, 4, values.counts ?? 0);
    putLe(frame.data, 6, 2, values.torque ?? 0);
    // Twice: one frame alone may be a reading error.
    drive.onCanFrame(frame, nowUs);
    drive.onCanFrame(frame, nowUs);
    canDataFrame(frame, COB.tpdo[1] + 1, 7);
    putLe(frame.data, 0, 4, values.velocity ?? 0);
    putLe(frame.data, 4, 2, values.error ?? 0);
    putLe(frame.data, 6, 1, values.mode ?? 10);
    drive.onCanFrame(frame, nowUs);
    drive.read(inputs, nowUs);
  };
  return { drive, node, command, inputs, cycle, cycles, report, joint };
}
