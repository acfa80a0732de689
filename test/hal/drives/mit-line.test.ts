/** The rig itself, with the drives that have been there from the start. */
import { expect, test } from 'vitest';
import { gaitOrthosis } from '../robot-rig.ts';
import { createLineRig } from './line-rig.ts';

const mit = gaitOrthosis().joints.filter((joint) => joint.drive.link === 'leg-left').map((joint) => joint.drive);

test('drives on an SLCAN adapter come up disabled, obey an impedance and are released again', async () => {
  const rig = createLineRig(mit);
  await rig.enable();
  rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 50, dampingNmsPerRad: 5 });
  await rig.ticks(500);
  expect(rig.joint(0).motorPositionRad).toBeCloseTo(0.3, 2);
  expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
  rig.command.enable = false;
  await rig.ticks(3);
  expect(rig.joint(0).driveState).toBe('disabled');
  expect(rig.virtual.drives.map((drive) => drive.energised)).toEqual([false, false]);
  expect(rig.notices).toEqual([]);
});

test('a drive that comes back with its link stays released until it is disarmed and armed again', async () => {
  const rig = createLineRig(mit);
  await rig.enable();
  rig.memory.device.unplug();
  await rig.ticks(30);
  rig.memory.device.plug();
  await rig.until(() => rig.joint(0).driveState === 'disabled');
  await rig.ticks(50);
  expect(rig.virtual.drives.map((drive) => drive.energised)).toEqual([false, false]);
});
