import { describe, expect, test } from 'vitest';
import { createLineProtocol } from '../../hal/drives/lines.ts';
import { highestRateHz, planWires } from '../../hal/wire-plan.ts';
import { linkProtocolOf, type DriveProfile } from '../../protocols/drive-profile.ts';
import { bareMit } from '../../sim/drives/mit-drive.ts';
import { bareUnitree } from '../../sim/drives/unitree-drive.ts';
import { jointWith } from './drives/line-rig.ts';
import { gaitOrthosis } from './robot-rig.ts';

function costOf(...drives: DriveProfile[]) {
  const counters = { framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 };
  return createLineProtocol({ id: 'line', protocol: linkProtocolOf(drives[0]!), baud: 921_600 }, drives.map(jointWith), counters).cost;
}

describe('the ceilings of the wires, ten bit times per byte, request and reply', () => {
  test.each([
    ['SLCAN MIT, one motor: two lines of 22 and an acknowledgement of 2', costOf(bareMit(1)), 46, [250, 2_003, 4_348]],
    ['Unitree: 17 bytes out, 16 back', costOf(bareUnitree(1)), 33, [349, 2_793, 6_061]],
  ])('%s', (_what, cost, bytes, [at115200, at921600, at2M]) => {
    expect(cost.requestBytes + cost.replyBytes).toBe(bytes);
    expect([115_200, 921_600, 2_000_000].map((baud) => Math.round(highestRateHz(cost, baud)))).toEqual([at115200, at921600, at2M]);
  });
});

test('the plan of the shipped robot tells each link its share and its highest rate', () => {
  const plan = planWires(gaitOrthosis());
  expect(plan.fits).toBe(true);
  expect(plan.links.map(({ link, drives, highestHz, utilisation }) => [link.id, drives, Math.floor(highestHz), Number(utilisation.toFixed(3))])).toEqual([
    ['leg-left', 2, 1_001, 0.25],
    ['leg-right', 2, 1_001, 0.25],
    ['hub', 0, expect.any(Number), expect.closeTo(0.2, 0)],
  ]);
  expect(Math.floor(plan.highestHz)).toBe(1_001);
});

test('a rate that a wire cannot carry does not fit, and the slowest drive link sets the highest', () => {
  const profile = gaitOrthosis();
  profile.links[1]!.baud = 115_200;
  const plan = planWires(profile);
  expect(plan.fits).toBe(false);
  expect(Math.floor(plan.highestHz)).toBe(125);
  expect(plan.links[1]!.utilisation).toBeCloseTo(2, 1);
  profile.controlRateHz = 125;
  expect(planWires(profile).fits).toBe(true);
});

test('a hub that streams more than its wire carries does not fit, whatever the control rate', () => {
  const profile = gaitOrthosis();
  profile.hub.inputs = { emg: { channels: 16, rateHz: 4_000 } };
  expect(planWires(profile).fits).toBe(false);
  profile.hub.inputs = { emg: { channels: 4, rateHz: 1_000 }, heartRate: { rateHz: 10 }, treadmill: { rateHz: 50 }, bodyWeightSupport: { rateHz: 50 } };
  expect(planWires(profile)).toMatchObject({ fits: true, highestHz: expect.closeTo(1_001.7, 0) });
});
