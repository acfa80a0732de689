import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CIA402_ERROR, stateBits, type PowerState } from '../../../protocols/wire/cia402.ts';
import { canDataFrame, COB, putLe } from '../../../protocols/wire/canopen.ts';
import { emptyCanFrame, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { createRandom } from '../../../protocols/random.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { bare, withDouble } from './cia402-double.ts';
import { textOf } from './canopen-double.ts';
import { createLineRig } from './line-rig.ts';

describe('set-points', () => {
  test('torque: the host closes the impedance, and the joint follows', async () => {
    const rig = createLineRig([bare({ direction: -1, zeroOffsetDeg: 10 })]);
    await rig.enable();
    rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 50, dampingNmsPerRad: 5 });
    await rig.ticks(500);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 2);
    expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
    rig.loads[0]!.held = true;
    rig.set(0, { stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 12 });
    await rig.ticks(5);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(12, 1);
    expect(rig.joint().motorTorqueNm).toBeCloseTo(12, 1);
  });

  test.each([4, 10] as const)('torque by mode %i', async (torqueMode) => {
    const rig = createLineRig([bare({ torqueMode })]);
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 10 });
    await rig.ticks(10);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(10, 1);
  });

  test('position: the drive starts where it is and goes where it is told', async () => {
    const rig = createLineRig([bare({ setPoint: 'position' })]);
    rig.loads[0]!.position = 0.4;
    rig.set(0, { positionRad: 0.4 });
    await rig.enable();
    await rig.ticks(50);
    expect(rig.loads[0]!.position).toBeCloseTo(0.4, 2);
    rig.set(0, { positionRad: 0.2 });
    await rig.ticks(300);
    expect(rig.loads[0]!.position).toBeCloseTo(0.2, 2);
  });

  test('velocity', async () => {
    const rig = createLineRig([bare({ setPoint: 'velocity' })]);
    await rig.enable();
    rig.set(0, { velocityRadPerSec: 0.5 });
    await rig.ticks(250);
    expect(rig.loads[0]!.velocity).toBeCloseTo(0.5, 1);
    expect(rig.joint().motorVelocityRadPerSec).toBeCloseTo(0.5, 1);
  });

  test('a command without meaning releases the drive until it is disarmed and armed again', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.set(0, { torqueNm: Number.NaN });
    await rig.ticks(5);
    expect(rig.joint().driveState).toBe('disabled');
    rig.set(0, { torqueNm: 0 });
    await rig.ticks(20);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    rig.command.enable = false;
    await rig.ticks(2);
    await rig.enable();
    expect(rig.virtual.drives[0]!.energised).toBe(true);
  });

  test('the walk to operation is told by what the status word says, one step per answer', () => {
    const { cycle, cycles, report, inputs } = withDouble();
    cycles(100);
    report('switchOnDisabled');
    expect(inputs.driveState).toBe('disabled');
    cycle(false);
    expect(cycle(true)).toEqual(['t201406000000']);
    report('readyToSwitchOn');
    expect(cycle(true)).toEqual(['t201407000000']);
    report('switchedOn');
    expect(cycle(true)).toEqual(['t20140F000000']);
    report('operationEnabled');
    expect(inputs.driveState).toBe('enabled');
    expect(cycle(false)).toEqual(['t201400000000']);
  });
});

describe('states are what the drive says', () => {
  test('a fault is told with its code, and cleared on the edge from armed to disarmed, by a rising bit', () => {
    const { cycle, cycles, report, inputs } = withDouble();
    cycles(100);
    report('fault', { error: CIA402_ERROR.followingError });
    expect([inputs.driveState, inputs.driveErrorCode]).toEqual(['fault', 0x8611]);
    expect(cycle(false)).toEqual(['t201400000000']);
    expect(cycle(true)).toEqual(['t201400000000']);
    report('fault', { error: CIA402_ERROR.followingError });
    expect([cycle(false), cycle(false), cycle(false)].flat()).toEqual(['t201480000000', 't201400000000', 't201480000000']);
    report('switchOnDisabled');
    expect([cycle(false), cycle(false)].flat()).toEqual(['t201400000000', 't201400000000']);
    expect([inputs.driveState, inputs.driveErrorCode]).toEqual(['disabled', 0]);
  });

  test('an emergency message names the fault where 603Fh does not', () => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.emcy + 1, 8);
    putLe(frame.data, 0, 2, 0x2310);
    expect(drive.onCanFrame(frame, 0)).toBe(true);
    report('faultReaction');
    expect([inputs.driveState, inputs.driveErrorCode]).toEqual(['fault', 0x2310]);
  });

  test('a drive that falls out of operation by itself is blocked', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.virtual.drives[0]!.faults.wrongMode = true;
    await rig.until(() => rig.joint().driveState === 'disabled', 5);
    await rig.ticks(20);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a drive that resets in mid-run is set up again, and does not move by itself', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    await rig.ticks(10);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.until(() => rig.joint().driveAgeUs > 40_000, 20);
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(100);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.enable();
    await rig.ticks(5);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(5, 1);
  });

  test('drives that lose their power in mid-run stay released when it is back, whatever waited in the adapter', async () => {
    const rig = createLineRig([bare(), { ...bareMit(2), watchdog: 'proof' }]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    rig.set(1, { torqueNm: 2 });
    await rig.ticks(10);
    for (const drive of rig.virtual.drives) drive.setPower(false, rig.clock.nowUs());
    await rig.ticks(5);
    for (const drive of rig.virtual.drives) drive.setPower(true, rig.clock.nowUs());
    for (let i = 0; i < 400; i++) {
      await rig.tick();
      expect(rig.loads.map((load) => load.torqueNm)).toEqual([0, 0]);
    }
    expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['disabled', 'disabled']);
  });

  test('while this host stalls the drive lets go within its watchdog, and is then set up again and blocked', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    rig.loads[0]!.held = true;
    await rig.ticks(10);
    rig.advance(90_000);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(5, 1);
    rig.advance(15_000);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.ticks(3);
    expect(rig.joint().driveState).toBe('disabled');
    await rig.until(() => rig.joint().driveState === 'absent', 30);
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('with bit errors on the way back it comes up, stays enabled, and counts what it threw away', async () => {
    const rig = createLineRig([bare(), { ...bare(), address: 2 }]);
    const random = createRandom(7);
    const write = rig.memory.device.write.bind(rig.memory.device);
    rig.memory.device.write = (bytes) =>
      write(
        bytes.map((byte) => {
          let bits = 0;
          for (let bit = 0; bit < 8; bit++) if (random.next() < 1e-4) bits |= 1 << bit;
          return byte ^ bits;
        }),
      );
    await rig.enable();
    for (let i = 0; i < 2_000; i++) {
      await rig.tick();
      expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['enabled', 'enabled']);
    }
    expect(rig.link.stats.bytesDiscarded).toBeGreaterThan(100);
  });

  test('a pulled cable, and one that is put back: released at both ends until it is armed again', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.memory.device.unplug();
    await rig.ticks(30);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    rig.memory.device.plug();
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('one frame that says something else is a reading error; two in a row are believed', () => {
    const { drive, cycle, cycles, report, inputs } = withDouble();
    cycles(100);
    cycle(false);
    report('switchOnDisabled');
    cycle(true);
    report('operationEnabled');
    const frame = emptyCanFrame();
    const say = (id: number, length: number, state: PowerState, mode: number): void => {
      canDataFrame(frame, id, length);
      putLe(frame.data, 0, 2, id === 0x181 ? stateBits(state) : 0);
      putLe(frame.data, 6, 1, id === 0x281 ? mode : 0);
      drive.onCanFrame(frame, 1_600_000);
      drive.read(inputs, 1_600_000);
    };
    say(0x181, 8, 'fault', 0);
    expect(inputs.driveState).toBe('enabled');
    say(0x181, 8, 'operationEnabled', 0);
    say(0x281, 7, 'operationEnabled', 8);
    expect(inputs.driveState).toBe('enabled');
    canDataFrame(frame, 0x701, 1);
    frame.data[0] = 4;
    drive.onCanFrame(frame, 1_600_000);
    drive.read(inputs, 1_600_000);
    expect(inputs.driveState).toBe('enabled');
    say(0x281, 7, 'operationEnabled', 8);
    expect(inputs.driveState).toBe('disabled');
    say(0x181, 8, 'fault', 0);
    say(0x181, 8, 'fault', 0);
    expect(inputs.driveState).toBe('fault');
  });

  test('the farewell releases by SDO, because that is obeyed before the drive is operational too', () => {
    const { drive } = withDouble();
    const frame = emptyCanFrame();
    drive.farewellFrame(frame);
    expect(textOf(frame)).toBe('t60182B40600000000000');
  });
});

describe('values that the drive cannot have', () => {
  const counts = bareCia402(1).countsPerTurn;

  test.each([
    ['a position beyond its range', { counts: 3 * counts }],
    ['a torque beyond its range', { torque: 30_000 }],
    ['a speed beyond its range', { velocity: 2 * counts }],
  ])('%s is refused, counted, and told as none', (_, values: { counts?: number; torque?: number; velocity?: number }) => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    report('switchOnDisabled', { counts: 100, velocity: 100 });
    const before = { ...inputs };
    report('switchOnDisabled', values);
    expect(drive.statistics.refused).toBeGreaterThanOrEqual(1);
    expect(inputs.motorPositionRad).toBeNaN();
    expect(inputs.driveSequence).toBeGreaterThan(before.driveSequence);
    expect(inputs.motorTorqueNm).toBe(values.velocity === undefined ? before.motorTorqueNm : 0);
    expect(Math.abs(inputs.motorVelocityRadPerSec)).toBeLessThan(0.1);
    report('switchOnDisabled', { counts: 100, velocity: 100 });
    expect(inputs.motorPositionRad).toBe(before.motorPositionRad);
  });

  test('a speed to which a person drives it, beyond what it reaches by itself, is told', () => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    report('operationEnabled', { counts: 100, velocity: Math.round(1.5 * counts) });
    expect(drive.statistics.refused).toBe(0);
    expect(inputs.motorPositionRad).not.toBeNaN();
    expect(inputs.motorVelocityRadPerSec).toBeCloseTo(1.5 * 2 * Math.PI, 3);
  });

  test('a position counts when the velocity that was taken with it is there, as old as the position is', () => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    report('operationEnabled', { counts: 100, velocity: 100 });
    const before = { ...inputs };
    const frame = emptyCanFrame();
    const tell = (pdo: 0 | 1, length: number, fill: (data: Uint8Array) => void, atUs: number): void => {
      canDataFrame(frame, COB.tpdo[pdo] + 1, length);
      fill(frame.data);
      drive.onCanFrame(frame, atUs);
      drive.read(inputs, atUs);
    };
    const status = (data: Uint8Array): void => {
      putLe(data, 0, 2, stateBits('operationEnabled') | 0x210);
      putLe(data, 2, 4, 5_000);
      putLe(data, 6, 2, 0);
    };
    tell(0, 8, status, 2_000_000);
    expect([inputs.motorPositionRad, inputs.driveSequence]).toEqual([before.motorPositionRad, before.driveSequence]);
    const motion = (data: Uint8Array): void => {
      putLe(data, 0, 4, 200);
      putLe(data, 4, 2, 0);
      putLe(data, 6, 1, 10);
    };
    tell(1, 7, motion, 2_000_400);
    expect(inputs.motorPositionRad).toBeGreaterThan(before.motorPositionRad);
    expect(inputs).toMatchObject({ driveSequence: before.driveSequence + 1, driveAgeUs: 400 });
    tell(1, 7, motion, 2_004_000);
    expect(inputs).toMatchObject({ driveSequence: before.driveSequence + 1, driveAgeUs: 4_000 });
  });

  test('random frames never throw, and nothing beyond the ranges is published', () => {
    const { drive, cycles, inputs, joint } = withDouble();
    cycles(100);
    const frames = fc.record({ id: fc.constantFrom(0x181, 0x281, 0x581, 0x701, 0x81, 0x182), length: fc.nat(8), data: fc.uint8Array({ minLength: 8, maxLength: 8 }), remote: fc.boolean(), extended: fc.boolean() });
    fc.assert(
      fc.property(frames, ({ data, ...rest }) => {
        const frame: CanFrame = { ...emptyCanFrame(), ...rest };
        frame.data.set(data);
        drive.onCanFrame(frame, 1_500_000);
        drive.read(inputs, 1_500_000);
        expect(Math.abs(inputs.motorPositionRad)).not.toBeGreaterThan(joint.drive.positionRangeRad);
        expect(Math.abs(inputs.motorVelocityRadPerSec)).toBeLessThanOrEqual(joint.drive.velocityRangeRadPerSec);
        expect(Math.abs(inputs.motorTorqueNm)).toBeLessThanOrEqual(joint.drive.torqueRangeNm);
      }),
    );
  });

  test('frames of other nodes are not taken', () => {
    const { drive } = withDouble();
    const frame = emptyCanFrame();
    for (const id of [0x182, 0x282, 0x582, 0x702, 0x082, 0x080, 0x201, 0x601]) {
      canDataFrame(frame, id, 8);
      expect(drive.onCanFrame(frame, 0)).toBe(false);
    }
  });
});

describe('a warning in the status word', () => {
  test.each([
    ['without a cause stands for a winding half-way between warning and limit', 0, 85],
    ['of the drive’s heat, too', 0x4310, 85],
    ['of the device’s heat, too', 0x4210, 85],
    ['of anything else says nothing of heat', 0x8611, 0],
  ])('%s', (_, error, tempC) => {
    const { cycles, report, inputs } = withDouble();
    cycles(100);
    report('operationEnabled', { error });
    expect(inputs.driveTempC).toBe(0);
    report('operationEnabled', { error, warns: true });
    expect(inputs.driveTempC).toBe(tempC);
    report('operationEnabled', { error });
    expect(inputs.driveTempC).toBe(0);
  });

  test('in one frame alone is a reading error', () => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    report('operationEnabled');
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.tpdo[0] + 1, 8);
    putLe(frame.data, 0, 2, stateBits('operationEnabled') | 0x290);
    drive.onCanFrame(frame, 1_500_000);
    drive.read(inputs, 1_500_000);
    expect(inputs.driveTempC).toBe(0);
  });
});
