import { describe, expect, test } from 'vitest';
import { DxlWriter } from '../../../protocols/wire/dynamixel.ts';
import { dxlTable as table } from '../../../protocols/wire/dynamixel-table.ts';
import { type DynamixelDrive } from '../../../sim/drives/dynamixel-drive.ts';
import { BAUD, servo, rigOf, hex, poke, register, instructionsIn } from './dynamixel-rig.ts';
import { createLineRig } from './line-rig.ts';

describe('on the wire', () => {
  test('a servo is pinged first', async () => {
    const rig = rigOf([servo(1)]);
    await rig.tick();
    // ROBOTIS e-manual, "Protocol 2.0", ping of id 1.
    expect(hex(rig.sent)).toBe('FF FF FD 00 01 03 00 01 19 4E');
  });

  test('a cycle is one sync write of goal currents and one sync read, in one write', async () => {
    const rig = rigOf([servo(1), servo(2)]);
    await rig.enable();
    rig.set(0, { torqueNm: 0.5 });
    rig.set(1, { torqueNm: -0.5 });
    await rig.ticks(2);
    rig.sent.length = 0;
    await rig.tick();
    // 0.5 Nm at 4.1 Nm per 2.3 A are 0.2805 A: 104 units of 2.69 mA.
    const expected = new Uint8Array(64);
    const writer = new DxlWriter();
    let end = writer.begin(254, 0x83).bytes([102, 0, 2, 0, 1, 104, 0, 2, 0x98, 0xff]).end(expected, 0);
    end = writer.begin(254, 0x82).bytes([224, 0, 16, 0, 1, 2]).end(expected, end);
    expect(hex(rig.sent.slice(0, end))).toBe(hex([...expected.subarray(0, end)]));
    expect(instructionsIn(rig.sent).slice(0, 2)).toEqual([0x83, 0x82]);
    expect(rig.loads.map((load) => Math.round(100 * load.torqueNm))).toEqual([50, -50]);
  });

  test('the farewell switches torque off for all, whatever is known of them', () => {
    const rig = rigOf([servo(1), servo(2)]);
    const out = new Uint8Array(64);
    const expected = new Uint8Array(64);
    const end = new DxlWriter().begin(254, 0x83).bytes([64, 0, 1, 0, 1, 0, 2, 0]).end(expected, 0);
    expect(hex([...out.subarray(0, rig.protocol.encodeFarewell(out, 0))])).toBe(hex([...expected.subarray(0, end)]));
  });
});

describe('servos that only measure', () => {
  const measuring = () => createLineRig([servo(1), servo(2)], { baud: BAUD, measuring: true });
  const heard = (rig: ReturnType<typeof measuring>) => rig.until(() => rig.inputs.sensed.every(({ quality }) => quality === 255));

  test('tell where they are, and make no torque whatever the robot is told', async () => {
    const rig = measuring();
    rig.loads[0]!.position = 0.3;
    rig.loads[1]!.position = 1.2;
    rig.command.enable = true;
    await heard(rig);
    const before = rig.inputs.sensed[1]!.sequence;
    await rig.ticks(250);
    expect(rig.inputs.sensed[0]).toMatchObject({ quality: 255, energised: false });
    expect(rig.inputs.sensed[0]!.positionRad).toBeCloseTo(0.3, 2);
    expect(rig.inputs.sensed[1]!.positionRad).toBeCloseTo(1.2, 2);
    expect(rig.inputs.sensed[1]!.sequence).toBeGreaterThan(before + 200);
    expect(rig.inputs.sensed[1]!.ageUs).toBeLessThan(5_000);
    expect([0, 1].map((i) => [register(rig, i, table.torqueEnable), register(rig, i, table.currentLimit)])).toEqual([[0, 0], [0, 0]]);
    expect(rig.virtual.drives.map(({ energised }) => energised)).toEqual([false, false]);
    expect(rig.loads.map(({ torqueNm }) => torqueNm)).toEqual([0, 0]);
  });

  test('of which one has its torque on are told so, and switched off, and gave nothing meanwhile', async () => {
    const rig = measuring();
    await heard(rig);
    const itself = rig.virtual.drives[1] as DynamixelDrive;
    itself.write(table.torqueEnable.address, Uint8Array.of(1), 0, 1, rig.clock.nowUs());
    expect(itself.energised).toBe(true);
    let told = 0;
    for (let i = 0; i < 50; i++) {
      await rig.tick();
      told += Number(rig.inputs.sensed[1]!.energised);
      expect(rig.inputs.sensed[0]!.energised).toBe(false);
      expect(rig.loads[1]!.torqueNm).toBe(0);
    }
    expect(told).toBeGreaterThan(0);
    expect(rig.inputs.sensed[1]).toMatchObject({ energised: false, quality: 255 });
    expect(register(rig, 1, table.torqueEnable)).toBe(0);
    expect(itself.write(table.goalCurrent.address, Uint8Array.of(1, 0), 0, 2, rig.clock.nowUs())).not.toBe(0);
  });

  // Its answer to the other program was taken for a status of a servo that has begun anew: torque stayed on for 0.1 s, and nobody was told.
  test.each([1, 2, 3])('of which another program on the bus switches one on, %i ms after a question, are told so too, and heard on', async (ms) => {
    const rig = measuring();
    await heard(rig);
    const { sequence } = rig.inputs.sensed[1]!;
    rig.advance(ms * 1_000);
    poke(rig, 2, table.torqueEnable, 1);
    let told = 0;
    for (let i = 0; i < 25; i++) {
      await rig.tick();
      told += Number(rig.inputs.sensed[1]!.energised);
    }
    expect(told).toBeGreaterThan(0);
    expect(register(rig, 1, table.torqueEnable)).toBe(0);
    expect(rig.inputs.sensed[1]!.sequence).toBeGreaterThan(sequence);
  });

  test('are as old as the question that they answer, however long the answer waited', async () => {
    const rig = measuring();
    await heard(rig);
    await rig.ticks(3);
    expect(rig.inputs.sensed[1]!.ageUs).toBe(4_000);
  });

  test('that fall silent have no age', async () => {
    const rig = measuring();
    await heard(rig);
    rig.virtual.drives[0]!.setPower(false, rig.clock.nowUs());
    await rig.ticks(100);
    expect(rig.inputs.sensed[0]).toMatchObject({ ageUs: Infinity, quality: 0 });
    expect(rig.inputs.sensed[1]!.ageUs).toBeLessThan(20_000);
  });
});
