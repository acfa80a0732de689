import { describe, expect, test } from 'vitest';
import { inquiries, usualBauds } from '../../hal/discovery.ts';
import { linkProtocols, type DriveProfile, type LinkProtocol } from '../../protocols/drive-profile.ts';
import { createRandom } from '../../protocols/random.ts';
import { bareAkV3 } from '../../sim/drives/ak-v3-drive.ts';
import { bareCia402 } from '../../sim/drives/cia402-drive.ts';
import { bareCubemarsV1 } from '../../sim/drives/cubemars-v1-drive.ts';
import { bareCubemarsV3 } from '../../sim/drives/cubemars-v3-drive.ts';
import { bareDynamixel } from '../../sim/drives/dynamixel-drive.ts';
import { bareEpos4 } from '../../sim/drives/epos4-drive.ts';
import { bareMit } from '../../sim/drives/mit-drive.ts';
import { bareMoteus } from '../../sim/drives/moteus-drive.ts';
import { bareOdrive } from '../../sim/drives/odrive-drive.ts';
import { SensorHub } from '../../sim/drives/sensor-hub.ts';
import { bareUnitree } from '../../sim/drives/unitree-drive.ts';
import { bareVesc } from '../../sim/drives/vesc-drive.ts';
import { ask, driveBench } from './discovery-rig.ts';
import { gaitOrthosis } from './robot-rig.ts';

/** Longest that one port may take at all its speeds. */
const BOUND_MS = 10_000;

interface Case {
  readonly drives: readonly DriveProfile[];
  readonly baud: number;
  readonly protocol: LinkProtocol;
  readonly found: readonly object[];
}

const cases: Record<string, Case> = {
  'MIT drives behind an SLCAN adapter': { drives: [bareMit(1), bareMit(7)], baud: 921_600, protocol: 'slcan', found: [{ protocol: 'mit', address: 1 }, { protocol: 'mit', address: 7 }] },
  'CANopen and MIT drives on one bus': {
    drives: [bareCia402(3), bareMit(4)],
    baud: 921_600,
    protocol: 'slcan',
    found: [{ protocol: 'cia402', address: 3, vendorId: bareCia402(3).vendorId, productCode: bareCia402(3).productCode }, { protocol: 'mit', address: 4 }],
  },
  'an ODrive with two axes': { drives: [bareOdrive(0), bareOdrive(1)], baud: 115_200, protocol: 'odrive-ascii', found: [{ address: 0, model: 'ODrive 3.6', firmware: '0.5.6', serialNumber: BigInt('35619029856331').toString(16).toUpperCase() }, { address: 1 }] },
  'a moteus': { drives: [bareMoteus(1)], baud: 921_600, protocol: 'moteus', found: [{ address: 1, modelNumber: bareMoteus(1).modelNumber, serialNumber: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{8}){2}$/) }] },
  'an EPOS4': { drives: [bareEpos4(1)], baud: 115_200, protocol: 'epos4', found: [{ address: 1, vendorId: 0xfb, serialNumber: expect.stringMatching(/^[0-9A-F]{8}$/) }] },
  'an AK drive of the third version on CAN': { drives: [bareAkV3(9), bareMit(2)], baud: 921_600, protocol: 'slcan', found: [{ protocol: 'mit', address: 2 }, { protocol: 'mit', address: 9 }] },
  'a VESC': { drives: [bareVesc(0)], baud: 115_200, protocol: 'vesc', found: [{ address: bareVesc(0).address, model: bareVesc(0).model, firmware: expect.stringMatching(/^\d+\.\d\d$/), serialNumber: expect.stringMatching(/^[0-9a-f]{24}$/) }] },
  'a CubeMars V1': { drives: [bareCubemarsV1(5)], baud: 921_600, protocol: 'cubemars-v1', found: [{ protocol: 'cubemars-v1', address: 5 }] },
  'a CubeMars V3': { drives: [bareCubemarsV3(6)], baud: 921_600, protocol: 'cubemars-v3', found: [{ protocol: 'cubemars-v3', address: 6 }] },
  'Dynamixel servos': { drives: [bareDynamixel(1), bareDynamixel(40)], baud: 57_600, protocol: 'dynamixel2', found: [{ address: 1, modelNumber: bareDynamixel(1).modelNumber }, { address: 40 }] },
  'GO-M8010-6 motors': { drives: [bareUnitree(0), bareUnitree(3)], baud: 4_000_000, protocol: 'unitree', found: [{ address: 0 }, { address: 3 }] },
};

describe('who is at a port', () => {
  test.each(Object.entries(cases))('%s: found at its usual speed without being told, and nothing makes torque', async (_name, { drives, baud, protocol, found }) => {
    const bench = await ask(driveBench(drives, baud));
    expect(bench.answer).toMatchObject({ protocol, baud, drives: found });
    expect(bench.answer?.drives).toHaveLength(found.length);
    expect(bench.tookMs).toBeLessThan(BOUND_MS);
    expect(bench.drives.map((drive) => drive.energised)).toEqual(drives.map(() => false));
    expect(bench.loads.map((load) => load.torqueNm)).toEqual(drives.map(() => 0));
  });

  test.each(Object.entries(cases))('%s: not taken for anything else when every protocol is asked at its speed', async (_name, { drives, baud, protocol, found }) => {
    const bench = await ask(driveBench(drives, baud), { baud });
    expect(bench.answer).toMatchObject({ protocol, drives: found });
    expect(bench.drives.some((drive) => drive.energised)).toBe(false);
  });

  test('a sensor hub: with its firmware, its joints and the hash of its calibration', async () => {
    const hub = (send: (bytes: Uint8Array) => void) => ({
      device: new SensorHub({ profile: gaitOrthosis(), joints: gaitOrthosis().joints.map(() => ({ positionRad: () => 0, jointTorqueNm: () => 0 })), random: createRandom(1), send }),
      drives: [],
    });
    const { answer } = await ask({ baud: 921_600, device: hub });
    expect(answer).toMatchObject({ protocol: 'sensor-hub', baud: 921_600, firmware: '0100', hub: { joints: 4, footLoads: gaitOrthosis().hub.footLoads, calibration: expect.stringMatching(/^[0-9A-F]{8}$/) } });
  });

  test.each([
    ['a CANable, by its build and source', 'b158aa7 github.com/normaldotcom/canable-fw.git\r', 'b158aa7 github.com/normaldotcom/canable-fw.git'],
    ['a Lawicel adapter after the bell for what was sent before', '\u0007V1013\r', '1013'],
  ])('%s', async (_what, answers, firmware) => {
    const adapter = (send: (bytes: Uint8Array) => void) => ({ device: { receive: (bytes: Uint8Array) => bytes.includes(0x56) && send(Buffer.from(answers)), step: () => {}, unplugged: () => {} }, drives: [] });
    const { answer, sent } = await ask({ baud: 115_200, device: adapter });
    expect(answer).toMatchObject({ protocol: 'slcan', firmware, drives: [] });
    // The bus is left closed.
    expect(Buffer.from(sent.get(115_200)!).toString('latin1')).toMatch(/\rC\rS8\rO\r[^]*[^O]\rC\r$/);
  });

  test('an adapter whose drives have no power is known by itself', async () => {
    const { answer } = await ask(driveBench([bareMit(1)], 921_600), { power: false });
    expect(answer).toMatchObject({ protocol: 'slcan', model: 'SLCAN adapter', firmware: expect.any(String), serialNumber: expect.any(String), drives: [] });
  });

  test('an EPOS4 with another node number is found, because it refuses the usual one', async () => {
    const { answer, tookMs } = await ask(driveBench([bareEpos4(5)], 115_200));
    expect(answer?.drives).toMatchObject([{ protocol: 'epos4', address: 5 }]);
    expect(tookMs).toBeLessThan(BOUND_MS);
  });

  test('a moteus with an address of its own is found by the address that the profile names', async () => {
    const { answer } = await ask(driveBench([bareMoteus(9)], 921_600), { hints: new Map([['moteus', [9]]]) });
    expect(answer?.drives).toMatchObject([{ address: 9 }]);
  });
});

describe('a port where nobody is that Dari knows', () => {
  const noDrives: never[] = [];

  test('that is silent is left after a bounded time', async () => {
    const { answer, tookMs, sent } = await ask({ baud: 921_600, device: () => ({ device: { receive: () => {}, step: () => {}, unplugged: () => {} }, drives: noDrives }) });
    expect(answer).toBeNull();
    expect(tookMs).toBeLessThan(BOUND_MS);
    expect([...sent.keys()]).toEqual([...usualBauds]);
  });

  test('that sends back what it gets is not guessed at', async () => {
    const echo = (send: (bytes: Uint8Array) => void) => ({ device: { receive: send, step: () => {}, unplugged: () => {} }, drives: noDrives });
    for (const baud of usualBauds) expect((await ask({ baud, device: echo })).answer).toBeNull();
  });

  test('that babbles is not guessed at', async () => {
    const random = createRandom(3);
    const babbler = (send: (bytes: Uint8Array) => void) => ({ device: { receive: () => {}, step: () => send(Uint8Array.from({ length: 20 }, () => Math.floor(random.next() * 256))), unplugged: () => {} }, drives: noDrives });
    expect((await ask({ baud: 921_600, device: babbler })).answer).toBeNull();
  });
});

test('every protocol of the profiles is asked for at speeds that are tried', () => {
  expect(inquiries.flatMap((inquiry) => inquiry.protocols).sort()).toEqual([...linkProtocols].sort());
  for (const { bauds } of inquiries) expect(bauds.every((baud) => usualBauds.includes(baud))).toBe(true);
});
