import { assert as assertProperty, boolean, integer, property } from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { SensorHub } from '../../../hal/inputs/sensor-hub.ts';
import { Link } from '../../../hal/link.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import { PermittedCommand } from '../../../protocols/joints.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { emptyInputs, inputsOf } from '../../../protocols/session-log.ts';
import {
  decodeBodyWeightSupport,
  decodeEmgBlock,
  decodeHeartRate,
  decodeLift,
  decodeLiftSetPoint,
  decodeSupportSetPoint,
  decodeTreadmill,
  decodeGrip,
  decodeTreadmillSetPoint,
  emptyBodyWeightSupport,
  emptyEmgBlock,
  emptyHeartRate,
  emptyGrip,
  emptyLift,
  emptyTreadmill,
  encodeBodyWeightSupport,
  encodeEmgBlock,
  encodeGrip,
  encodeHeartRate,
  encodeLift,
  encodeLiftSetPoint,
  encodeSupportSetPoint,
  encodeTreadmill,
  encodeTreadmillSetPoint,
  HUB_LIFT_SETPOINT,
  HUB_SETPOINT_BYTES,
  HUB_SUPPORT_SETPOINT,
  HUB_TREADMILL_SETPOINT,
} from '../../../protocols/wire/hub-inputs.ts';
import { HUB_HEARTBEAT, HubFrameReader } from '../../../protocols/wire/sensor-hub.ts';
import { SensorHub as VirtualHub } from '../../../sim/drives/sensor-hub.ts';
import { armExo } from '../../sim/support/profile.ts';
import { gaitOrthosis } from '../robot-rig.ts';

/** The robot only reads them. */
const withInputs = (inputs: NonNullable<RobotProfile['hub']['inputs']>): RobotProfile => {
  const { treadmill, bodyWeightSupport, ...profile } = gaitOrthosis();
  expect([treadmill, bodyWeightSupport]).not.toContain(undefined);
  return { ...profile, hub: { ...profile.hub, inputs } };
};
const everything = { emg: { channels: 8, rateHz: 1_000 }, heartRate: { rateHz: 1 }, treadmill: { rateHz: 50 }, bodyWeightSupport: { rateHz: 50 } };

const driven = (): RobotProfile => ({
  ...withInputs({ treadmill: { rateHz: 100 }, bodyWeightSupport: { rateHz: 100 } }),
  treadmill: { speedMaxKmh: 3.2, startRampMps2: 0.25, stopRampMps2: 2, lagMs: 50, runawayToleranceMps: 0.06, syncToleranceMps: 0.1, watchdogMs: 100 },
  bodyWeightSupport: { unloadingMaxKg: 85, initialKg: 20, rateKgPerSec: 5, dropKg: 5, lockMs: 300, watchdogMs: 100 },
});

function createRig(profile: RobotProfile, footLoadsN?: readonly number[]) {
  const clock = new ManualClock();
  const cable = createMemoryLink('hub');
  const link = new Link({ id: 'hub', factory: cable.factory, scheduler: new ManualScheduler(clock), onNotice: () => {} });
  const hub = new SensorHub(profile, link, clock, { takeAnswer: () => 7 });
  const still = { positionRad: () => 0.1, jointTorqueNm: () => 0 };
  const device = new VirtualHub({ profile, joints: profile.joints.map(() => still), footLoadsN, random: createRandom(1), send: (bytes) => cable.device.write(bytes) });
  link.start(hub);
  const run = (durationMs: number): void => {
    for (let ms = 0; ms < durationMs; ms++) {
      clock.advanceUs(1_000);
      device.step(clock.nowUs());
      if (clock.nowUs() % 4_000 === 0) hub.send('keepClosed', clock.nowUs(), null);
    }
  };
  return { clock, cable, hub, device, link, run };
}

describe('what a robot measures beside its joints', () => {
  it('arrives with its age: EMG, heart rate, treadmill, body-weight support, foot loads, button and E-stop', () => {
    const { clock, hub, device, run } = createRig(withInputs(everything));
    Object.assign(device.extras.treadmill, { leftMps: 0.55, rightMps: 0.5, inclineDeg: 1.25 });
    Object.assign(device.extras.bodyWeightSupport, { unloadingN: 240.5, heightM: 1.31, locked: false });
    device.extras.heartRate.perMin = 96;
    device.patientButtonPressed = true;
    run(2_000);
    const { inputs } = hub;
    expect(inputs.estop.value.closed).toBe(true);
    expect(inputs.patientButton.value.pressed).toBe(true);
    expect(inputs.footLoadsN?.value).toHaveLength(gaitOrthosis().hub.footLoads);
    expect(inputs.heartRate?.value).toEqual({ perMin: 96, beatIntervalMs: 625, skinContact: true });
    expect(inputs.treadmill?.value).toEqual({ leftMps: 0.55, rightMps: 0.5, inclineDeg: 1.25, ready: true, stopRopePulled: false, fault: false });
    expect(inputs.bodyWeightSupport?.value).toEqual({ unloadingN: 240.5, heightM: 1.31, locked: false, fault: false });
    expect(inputs.treadmill?.ageUs(clock.nowUs())).toBeLessThanOrEqual(20_000);
    expect(inputs.heartRate?.sequence).toBe(3);
  });

  it('gives the grip of a hand to the cycle, with its age; a robot without a handle has none', () => {
    const { clock, hub, device, run } = createRig(withInputs({ grip: { rateHz: 100 } }));
    device.extras.grip.forceN = 123.4;
    const inputs = emptyInputs(4, 3);
    hub.read(inputs, clock.nowUs());
    expect(inputs.grip).toEqual({ ageUs: Infinity, forceN: 0 });
    run(100);
    hub.read(inputs, clock.nowUs());
    expect(inputs.grip.forceN).toBe(123.4);
    expect(inputs.grip.ageUs).toBeLessThanOrEqual(20_000);
    const none = createRig(gaitOrthosis());
    none.run(100);
    const others = emptyInputs(4, 3);
    none.hub.read(others, none.clock.nowUs());
    expect([none.hub.inputs.grip, others.grip]).toEqual([null, { ageUs: Infinity, forceN: 0 }]);
  });

  it('gives the load under heel and forefoot, left and right, to the cycle', () => {
    const { clock, hub, run } = createRig(gaitOrthosis(), [310, 120, 20, 5]);
    run(100);
    const inputs = emptyInputs(4, 3);
    hub.read(inputs, clock.nowUs());
    for (const [key, loadN] of [['leftHeelN', 310], ['leftForefootN', 120], ['rightHeelN', 20], ['rightForefootN', 5]] as const) expect(Math.abs(inputs.feet[key] - loadN)).toBeLessThan(5);
  });

  it('gives EMG at the rate of the profile, a resting muscle with a few microvolts', () => {
    const { hub, run } = createRig(withInputs(everything));
    let samples = 0;
    let squares = 0;
    let seen = 0;
    for (let ms = 0; ms < 1_000; ms++) {
      run(1);
      const { emg } = hub.inputs;
      if (emg === null || emg.sequence === seen) continue;
      seen = emg.sequence;
      const { channels, samplesPerChannel, samplesUv } = emg.value;
      samples += samplesPerChannel;
      for (let i = 0; i < channels * samplesPerChannel; i++) squares += samplesUv[i]! ** 2;
    }
    expect(samples).toBeGreaterThanOrEqual(990);
    expect(samples).toBeLessThanOrEqual(1_010);
    expect(Math.sqrt(squares / (8 * samples))).toBeCloseTo(5, 0);
  });

  it('is null where the profile does not name it, and its frames are then counted as discarded', () => {
    const profile = withInputs({ treadmill: { rateHz: 50 } });
    const { cable, hub, link, run } = createRig(profile);
    run(100);
    expect([hub.inputs.emg, hub.inputs.heartRate, hub.inputs.bodyWeightSupport]).toEqual([null, null, null]);
    expect(link.stats.bytesDiscarded).toBe(0);
    const other = new VirtualHub({ profile: withInputs(everything), joints: [], random: createRandom(1), send: (bytes) => cable.device.write(bytes) });
    other.extras.step(0, true);
    expect(link.stats.bytesDiscarded).toBeGreaterThan(0);
  });

  it('is void after its link is gone', () => {
    const { clock, cable, hub, run } = createRig(withInputs(everything));
    run(100);
    cable.device.unplug();
    expect(hub.inputs.treadmill?.ageUs(clock.nowUs())).toBe(Infinity);
    expect(hub.inputs.estop.ageUs(clock.nowUs())).toBe(Infinity);
  });
});

describe('belt and support that the profile drives', () => {
  const listen = (profile: RobotProfile, command: (permitted: PermittedCommand) => void) => {
    const { clock, cable, hub, device, run } = createRig(profile);
    run(20);
    clock.advanceUs(4_000);
    device.step(clock.nowUs());
    const writes: { type: number; payload: number[] }[][] = [];
    cable.device.onBytes = (chunk) => {
      const frames: { type: number; payload: number[] }[] = [];
      new HubFrameReader({ onHubFrame: (type, _sequence, _timeUs, payload) => frames.push({ type, payload: [...payload] }), onDiscarded: () => {} }).push(chunk);
      writes.push(frames);
    };
    const permitted = PermittedCommand.mint(profile.joints.length);
    command(permitted);
    hub.send('keepClosed', clock.nowUs(), permitted);
    return writes;
  };

  it('hear what is permitted, in one write with the heartbeat', () => {
    const [frames = [], ...more] = listen(driven(), (permitted) => Object.assign(permitted, { beltSpeedMps: 0.513, beltEnable: true, unloadingN: 196.2, lockSupport: false }));
    expect(more).toEqual([]);
    expect(frames.map(({ type }) => type)).toEqual([HUB_HEARTBEAT, HUB_TREADMILL_SETPOINT, HUB_SUPPORT_SETPOINT]);
    expect(frames[1]?.payload).toEqual([513 & 0xff, 513 >> 8, 1]);
    expect(frames[2]?.payload).toEqual([1962 & 0xff, 1962 >> 8, 0]);
  });

  it('hear nothing where the profile only reads them, or while their watchdogs are let trip', () => {
    expect(listen(withInputs(everything), () => {}).flat().map(({ type }) => type)).toEqual([HUB_HEARTBEAT]);
    const { clock, cable, hub, device, run } = createRig(driven());
    run(20);
    clock.advanceUs(4_000);
    device.step(clock.nowUs());
    const types: number[] = [];
    cable.device.onBytes = (chunk) => new HubFrameReader({ onHubFrame: (type) => types.push(type), onDiscarded: () => {} }).push(chunk);
    hub.send('keepClosed', clock.nowUs(), null);
    expect(types).toEqual([HUB_HEARTBEAT]);
  });

  it('are told nothing by a hub that has not been heard', () => {
    const { clock, cable, hub } = createRig(driven());
    let bytes = 0;
    cable.device.onBytes = (chunk) => (bytes += chunk.length);
    hub.send('keepClosed', clock.nowUs(), PermittedCommand.mint(4));
    expect(bytes).toBe(0);
  });

  it('are read into the inputs of a cycle, and stay untouched where there are none', () => {
    const { clock, hub, run } = createRig(driven());
    run(100);
    const inputs = emptyInputs(4, 3);
    hub.read(inputs, clock.nowUs());
    expect(inputs.treadmill).toEqual({ ageUs: expect.any(Number) as number, leftMps: 0, rightMps: 0, ready: true, stopRopePulled: false, fault: false });
    expect(inputs.treadmill.ageUs).toBeLessThanOrEqual(10_000);
    expect(inputs.support).toMatchObject({ unloadingN: 0, locked: true, fault: false });
    expect(inputs.support.ageUs).toBeLessThanOrEqual(10_000);
    const none = createRig(withInputs({}));
    none.run(100);
    const without = emptyInputs(4, 3);
    none.hub.read(without, none.clock.nowUs());
    expect([without.treadmill, without.support]).toEqual([emptyInputs(0, 0).treadmill, emptyInputs(0, 0).support]);
  });
});

describe('the lift that a profile drives', () => {
  it('hears what is permitted, and is read into the inputs of a cycle; a robot without one is told nothing of it', () => {
    const profile = armExo();
    const { clock, cable, hub, device, run } = createRig(profile);
    const inputs = inputsOf(profile);
    hub.read(inputs, clock.nowUs());
    expect(inputs.lift).toEqual({ ageUs: Infinity, heightM: 0, moving: false, fault: false });
    run(100);
    hub.read(inputs, clock.nowUs());
    expect(inputs.lift).toEqual({ ageUs: expect.any(Number) as number, heightM: 1.05, moving: false, fault: false });
    expect(inputs.lift.ageUs).toBeLessThanOrEqual(10_000);
    device.extras.lift!.fault = true;
    run(20);
    hub.read(inputs, clock.nowUs());
    expect(inputs.lift.fault).toBe(true);
    const frames: { type: number; payload: number[] }[] = [];
    cable.device.onBytes = (chunk) => new HubFrameReader({ onHubFrame: (type, _sequence, _timeUs, payload) => frames.push({ type, payload: [...payload] }), onDiscarded: () => {} }).push(chunk);
    hub.send('keepClosed', clock.nowUs(), Object.assign(PermittedCommand.mint(6), { liftHeightM: 1.0512, liftEnable: true }));
    expect(frames).toEqual([{ type: HUB_HEARTBEAT, payload: expect.anything() as number[] }, { type: HUB_LIFT_SETPOINT, payload: [10_512 & 0xff, 10_512 >> 8, 1] }]);
    hub.send('keepClosed', clock.nowUs(), null);
    expect(frames.slice(2).map(({ type }) => type)).toEqual([HUB_HEARTBEAT]);
    expect(createRig(gaitOrthosis()).hub.inputs.lift).toBe(null);
  });
});

describe('the frames of the inputs', () => {
  it('carry every value there and back', () => {
    assertProperty(
      property(integer({ min: -32_768, max: 32_767 }), integer({ min: 0, max: 65_535 }), boolean(), boolean(), (signed, unsigned, a, b) => {
        const treadmill = { leftMps: signed / 1_000, rightMps: -signed / 1_001, inclineDeg: signed / 100, ready: a, stopRopePulled: b, fault: !a };
        const read = emptyTreadmill();
        expect(decodeTreadmill(encodeTreadmill(treadmill), read)).toBe(true);
        expect(read.leftMps).toBeCloseTo(treadmill.leftMps, 9);
        expect({ ...read, leftMps: 0, rightMps: 0 }).toEqual({ ...treadmill, leftMps: 0, rightMps: 0 });
        const support = { unloadingN: unsigned / 10, heightM: signed / 1_000, locked: a, fault: b };
        const readSupport = emptyBodyWeightSupport();
        expect(decodeBodyWeightSupport(encodeBodyWeightSupport(support), readSupport)).toBe(true);
        expect(readSupport).toEqual(support);
        const lift = { heightM: unsigned / 10_000, moving: a, fault: b };
        const readLift = emptyLift();
        expect(decodeLift(encodeLift(lift), readLift)).toBe(true);
        expect(readLift).toEqual(lift);
      }),
    );
  });

  it('carry the set-points of belt, support and lift there and back', () => {
    const payload = new Uint8Array(HUB_SETPOINT_BYTES);
    assertProperty(
      property(integer({ min: 0, max: 65_535 }), boolean(), (value, flag) => {
        const belt = { speedMps: -1, enable: !flag };
        encodeTreadmillSetPoint(value / 1_000, flag, payload);
        expect(decodeTreadmillSetPoint(payload, belt)).toBe(true);
        expect(belt).toEqual({ speedMps: value / 1_000, enable: flag });
        const support = { unloadingN: -1, lock: !flag };
        encodeSupportSetPoint(value / 10, flag, payload);
        expect(decodeSupportSetPoint(payload, support)).toBe(true);
        expect(support).toEqual({ unloadingN: value / 10, lock: flag });
        const lift = { heightM: -1, enable: !flag };
        encodeLiftSetPoint(value / 10_000, flag, payload);
        expect(decodeLiftSetPoint(payload, lift)).toBe(true);
        expect(lift).toEqual({ heightM: value / 10_000, enable: flag });
      }),
    );
  });

  it.each([
    ['no number', Number.NaN, 0, false, 0, true, 0],
    ['backward', -0.5, 0, true, 0, false, 0],
    ['beyond the field', Infinity, 65.535, true, 6_553.5, false, 6.5535],
  ])('never carry a set-point that is %s', (_what, wanted, speedMps, enable, unloadingN, lock, heightM) => {
    const payload = new Uint8Array(HUB_SETPOINT_BYTES);
    const [belt, support] = [{ speedMps: -1, enable: false }, { unloadingN: -1, lock: false }];
    encodeTreadmillSetPoint(wanted, true, payload);
    decodeTreadmillSetPoint(payload, belt);
    expect(belt).toEqual({ speedMps, enable });
    encodeSupportSetPoint(wanted, false, payload);
    decodeSupportSetPoint(payload, support);
    expect(support).toEqual({ unloadingN, lock });
    const lift = { heightM: -1, enable: !enable };
    encodeLiftSetPoint(wanted, true, payload);
    decodeLiftSetPoint(payload, lift);
    expect(lift).toEqual({ heightM, enable });
  });

  it('carry an EMG block of up to 120 samples', () => {
    const block = { ...emptyEmgBlock(), channels: 8, rateHz: 2_000, samplesPerChannel: 15 };
    for (let i = 0; i < 120; i++) block.samplesUv[i] = 100 * i - 5_000;
    const read = emptyEmgBlock();
    expect(decodeEmgBlock(encodeEmgBlock(block), read, 8)).toBe(true);
    expect(read).toEqual(block);
  });

  test.each([
    ['an EMG block of another number of channels', () => decodeEmgBlock(encodeEmgBlock({ ...emptyEmgBlock(), channels: 4, samplesPerChannel: 2 }), emptyEmgBlock(), 8)],
    ['an EMG block that is cut', () => decodeEmgBlock(encodeEmgBlock({ ...emptyEmgBlock(), channels: 4, samplesPerChannel: 2 }).subarray(0, 11), emptyEmgBlock(), 4)],
    ['an empty EMG block', () => decodeEmgBlock(new Uint8Array(4), emptyEmgBlock(), 0)],
    ['a heart rate that nobody has', () => decodeHeartRate(encodeHeartRate({ perMin: 400, beatIntervalMs: 150, skinContact: true }), emptyHeartRate())],
    ['a grip that no hand has', () => decodeGrip(encodeGrip({ forceN: 1_001 }), emptyGrip())],
    ['a grip that is cut', () => decodeGrip(new Uint8Array(1), emptyGrip())],
    ['a treadmill frame that is cut', () => decodeTreadmill(new Uint8Array(6), emptyTreadmill())],
    ['a belt set-point that is cut', () => decodeTreadmillSetPoint(new Uint8Array(2), { speedMps: 0, enable: false })],
    ['a support set-point that is too long', () => decodeSupportSetPoint(new Uint8Array(4), { unloadingN: 0, lock: false })],
    ['a lift frame that is cut', () => decodeLift(new Uint8Array(2), emptyLift())],
    ['a lift set-point that is too long', () => decodeLiftSetPoint(new Uint8Array(4), { heightM: 0, enable: false })],
    ['a support frame that is too long', () => decodeBodyWeightSupport(new Uint8Array(6), emptyBodyWeightSupport())],
  ])('are refused when it is %s', (_what, decode) => {
    expect(decode()).toBe(false);
  });
});
