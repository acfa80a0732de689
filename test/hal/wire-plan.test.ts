import { describe, expect, test } from 'vitest';
import type { WireCost } from '../../hal/drives/drive.ts';
import { createLineProtocol } from '../../hal/drives/lines.ts';
import type { ByteTransport, TransportFactory } from '../../hal/transport/transport.ts';
import { highestRateHz, planWires, requireWiresThatFit } from '../../hal/wire-plan.ts';
import { linkProtocolOf, type DriveProfile } from '../../protocols/drive-profile.ts';
import { bareCia402 } from '../../sim/drives/cia402-drive.ts';
import { bareCubemarsV1 } from '../../sim/drives/cubemars-v1-drive.ts';
import { bareCubemarsV3 } from '../../sim/drives/cubemars-v3-drive.ts';
import { bareDynamixel } from '../../sim/drives/dynamixel-drive.ts';
import { bareEpos4 } from '../../sim/drives/epos4-drive.ts';
import { bareMit } from '../../sim/drives/mit-drive.ts';
import { bareMoteus } from '../../sim/drives/moteus-drive.ts';
import { bareOdrive } from '../../sim/drives/odrive-drive.ts';
import { bareUnitree } from '../../sim/drives/unitree-drive.ts';
import { bareVesc } from '../../sim/drives/vesc-drive.ts';
import { createLineRig, jointWith } from './drives/line-rig.ts';
import { gaitOrthosis } from './robot-rig.ts';

/** Questions of diagnosis, now and then, are not in the cost: they use what is left of the wire. */
const WITH_DIAGNOSIS = 1.15;
const counters = () => ({ framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 });
const costOf = (drives: readonly DriveProfile[]): WireCost => createLineProtocol({ id: 'line', protocol: linkProtocolOf(drives[0]!), baud: 921_600 }, drives.map((drive, i) => jointWith(drive, i)), counters()).cost;

describe('ten bit times per byte, request and reply one after the other', () => {
  test.each([
    [46, 250, 2_003, 4_348],
    [33, 349, 2_793, 6_061],
    [96, 120, 960, 2_083],
    [110, 105, 838, 1_818],
  ])('%i bytes per cycle fit %i, %i and %i times a second at 115200, 921600 and 2 M', (bytes, ...expected) => {
    expect([115_200, 921_600, 2_000_000].map((baud) => Math.round(highestRateHz({ requestBytes: bytes, replyBytes: 0 }, baud)))).toEqual(expected);
  });
});

/** Bytes per cycle, counted by hand from the frame formats: what is sent and what comes back. */
const lines: Record<string, { drives: readonly DriveProfile[]; bytes: number }> = {
  'MIT on SLCAN: two lines of 22 and an acknowledgement of 2': { drives: [bareMit(1)], bytes: 46 },
  'CiA 402 on SLCAN: SYNC 6 + 2, RPDO 14 + 2, two TPDOs and their SYNC line of the second drive': { drives: [bareCia402(1), bareCia402(2)], bytes: 134 },
  'VESC: current 10, selective request 10, reply 29': { drives: [bareVesc(1)], bytes: 49 },
  'CubeMars V1: current 10, selective request 10, reply 28': { drives: [bareCubemarsV1(1)], bytes: 48 },
  'CubeMars V3: impedance 26, selective request 10, reply 28': { drives: [bareCubemarsV3(1)], bytes: 64 },
  'Dynamixel: sync write and sync read of four servos': { drives: [1, 2, 3, 4].map((id) => bareDynamixel(id)), bytes: 152 },
  'EPOS4: one write 14 + 10, four reads of 10 + 14': { drives: [bareEpos4(1)], bytes: 120 },
  'GO-M8010-6: 17 out, 16 back': { drives: [bareUnitree(1)], bytes: 33 },
};

describe('what a line says that a cycle costs', () => {
  test.each(Object.entries(lines))('%s', (_what, { drives, bytes }) => {
    const { requestBytes, replyBytes } = costOf(drives);
    expect(requestBytes + replyBytes).toBe(bytes);
  });

  test.each([...Object.entries(lines).map(([what, { drives }]) => [what, drives] as const), ['ODrive', [bareOdrive(0)]] as const, ['moteus', [bareMoteus(1)]] as const])(
    'is what crosses the wire while the drives are enabled, but for some diagnosis: %s',
    async (_what, drives) => {
      let received = 0;
      const wrap = (factory: TransportFactory): TransportFactory => () => counting(factory(), (bytes) => (received += bytes));
      const rig = createLineRig(drives, { wrap, baud: drives[0]!.protocol === 'unitree' ? 4_000_000 : 921_600 });
      await rig.enable();
      drives.forEach((_, i) => rig.set(i, { torqueNm: -0.1234, stiffnessNmPerRad: 1, dampingNmsPerRad: 0.1 }));
      await rig.ticks(50);
      rig.sent.length = 0;
      received = 0;
      const cycles = 200;
      await rig.ticks(cycles);
      const cost = rig.protocol.cost;
      const measured = [rig.sent.length / cycles, received / cycles];
      expect(measured[0]! + measured[1]!).toBeLessThanOrEqual(WITH_DIAGNOSIS * (cost.requestBytes + cost.replyBytes));
      expect(measured[0]! + measured[1]!).toBeGreaterThan(0.7 * (cost.requestBytes + cost.replyBytes));
    },
  );
});

function counting(inner: ByteTransport, count: (bytes: number) => void): ByteTransport {
  return {
    name: inner.name,
    open: async (handlers) =>
      inner.open({
        ...handlers,
        onOpen: () => handlers.onOpen(),
        onBytes: (chunk) => {
          count(chunk.length);
          handlers.onBytes(chunk);
        },
        onClosed: (cause) => handlers.onClosed(cause),
      }),
    write: (bytes) => inner.write(bytes),
    close: async () => inner.close(),
  };
}

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
  expect(() => requireWiresThatFit(profile)).toThrow(expect.objectContaining({ code: 'profileInvalid', message: expect.stringMatching(/"leg-right" at 115200 baud carries at most 125 cycles per second, the profile gait-orthosis has 250\. Lower controlRateHz/) }));
  profile.controlRateHz = 125;
  expect(() => requireWiresThatFit(profile)).not.toThrow();
  expect(planWires(profile).fits).toBe(true);
});

test('a hub that streams more than its wire carries does not fit, whatever the control rate', () => {
  const profile = gaitOrthosis();
  profile.hub.inputs = { emg: { channels: 16, rateHz: 4_000 } };
  expect(planWires(profile).fits).toBe(false);
  profile.hub.inputs = { emg: { channels: 4, rateHz: 1_000 }, heartRate: { rateHz: 10 }, treadmill: { rateHz: 50 }, bodyWeightSupport: { rateHz: 50 } };
  expect(planWires(profile)).toMatchObject({ fits: true, highestHz: expect.closeTo(1_001.7, 0) });
});
