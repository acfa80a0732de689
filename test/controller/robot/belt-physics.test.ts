/** Treadmill and body-weight support through the whole system: envelope, wire, virtual devices, and back. */
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultOrder } from '../../../sim/faults/catalogue.ts';
import { degToRad, kgToNewton, kmhToMps, radToDeg } from '../../../protocols/units.ts';
import { profile, Rig } from './robot-step-rig.ts';

const CYCLE_SEC = 1 / profile.controlRateHz;
const START_MPS2 = 0.25;
const STOP_MPS2 = 2;
const FAST_KMH = 3.2;
/** At that speed v and the cadence √(6000 v / 0.646) steps per minute: two steps of v · 60 / cadence. */
const STRIDE_M = (2 * 60 * kmhToMps(FAST_KMH)) / Math.sqrt((6000 * kmhToMps(FAST_KMH)) / 0.646);

const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

async function armed(unloadingKg = 20): Promise<Rig> {
  const rig = await Rig.create();
  rigs.push(rig);
  rig.intent.unloadingKg = unloadingKg;
  rig.until((output) => output.readyBlocker === 'none', 2);
  rig.command('arm');
  rig.run(1.5);
  return rig;
}

async function walking(kmh: number, unloadingKg = 20): Promise<Rig> {
  const rig = await armed(unloadingKg);
  rig.intent.speedMps = kmhToMps(kmh);
  rig.command('start');
  rig.until((output) => output.permitted.beltSpeedMps > kmhToMps(kmh) - 0.001, 12);
  rig.run(1);
  expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
  return rig;
}

const truth = (rig: Rig) => rig.robot.robot.truth();
const beltMps = (rig: Rig): number => truth(rig).beltMps;

/** Seconds until the stop acts: the cycle in which the supervisor has stopped. */
function actsAfterSec(rig: Rig, order: FaultOrder): number {
  rig.robot.controls.fault(order);
  const from = rig.cycle;
  rig.until((output) => output.state === 'stopped', 1);
  return (rig.cycle - from) * CYCLE_SEC;
}

/** Seconds until the belt stands, and until the legs do. */
function restAfterSec(rig: Rig, seconds = 2): { belt: number; legs: number } {
  const from = rig.cycle;
  const last = { belt: 0, legs: 0 };
  rig.run(seconds, () => {
    const sec = (rig.cycle - from) * CYCLE_SEC;
    if (beltMps(rig) > 0.02) last.belt = sec;
    if (rig.joints.some((joint) => Math.abs(radToDeg(joint.velocityRadPerSec)) > 5 * profile.stop.restSpeedDegPerSec)) last.legs = sec;
  });
  return last;
}

describe('the belt', () => {
  it('starts from rest by its ramp, goes with the steps, and stops with them', async () => {
    const rig = await armed();
    expect([rig.output.permitted.beltSpeedMps, rig.output.permitted.beltEnable]).toEqual([0, false]);
    rig.intent.speedMps = kmhToMps(FAST_KMH);
    rig.command('start');
    let before = 0;
    rig.run(12, ({ permitted, desired }) => {
      expect(permitted.beltSpeedMps - before).toBeLessThanOrEqual(START_MPS2 * CYCLE_SEC + 1e-9);
      expect(Math.abs(permitted.beltSpeedMps - desired.beltSpeedMps!)).toBeLessThan(0.005);
      before = permitted.beltSpeedMps;
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none', cause: 'none' });
    expect(beltMps(rig)).toBeCloseTo(kmhToMps(FAST_KMH), 2);
    rig.command('pause');
    rig.run(3, ({ permitted, action }) => {
      expect(before - permitted.beltSpeedMps).toBeLessThanOrEqual(STOP_MPS2 * CYCLE_SEC + 1e-9);
      expect(action).toBe('none');
      before = permitted.beltSpeedMps;
    });
    expect(beltMps(rig)).toBeLessThan(0.001);
    rig.command('resume');
    rig.run(12);
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    expect(beltMps(rig)).toBeCloseTo(kmhToMps(FAST_KMH), 2);
    rig.command('disarm');
    rig.run(6);
    expect(rig.output.action).toBe('none');
    expect(rig.output.permitted.enable).toBe(false);
    expect(beltMps(rig)).toBe(0);
  });

  it.each([
    ['the operator', (rig: Rig) => rig.command('stop')],
    ["the patient's button", (rig: Rig) => rig.robot.controls.patientButton(true)],
    ['the stop rope', (rig: Rig) => rig.robot.controls.fault({ kind: 'stopRope' })],
    ['a pulled cable of a leg', (rig: Rig) => rig.robot.controls.unplug('leg-left')],
    ['a pulled cable of the hub', (rig: Rig) => rig.robot.controls.unplug('hub')],
    ['the E-stop', (rig: Rig) => rig.robot.controls.estop(true), FAST_KMH],
  ])('stands within a second when %s stops the robot, and the support is locked', async (_who, stop, kmh = 1) => {
    const rig = await walking(kmh);
    stop(rig);
    rig.run(1, () => expect(rig.output.permitted.beltSpeedMps).toBeLessThanOrEqual(kmhToMps(kmh) + 1e-9));
    expect(['stopped', 'emergency']).toContain(rig.output.state);
    expect(beltMps(rig)).toBeLessThan(0.02);
    expect(truth(rig).supportLocked).toBe(true);
    expect(truth(rig).unloadingN).toBeGreaterThan(kgToNewton(19));
    rig.run(5, ({ permitted }) => expect(permitted.beltSpeedMps).toBeLessThan(1e-9));
  });

  it('that runs away is found within 100 ms, loses its power, and belt and legs stand within a second', async () => {
    for (const [kmh, accelerationMps2] of [[FAST_KMH, 1], [1, 4]] as const) {
      const rig = await walking(kmh);
      expect(actsAfterSec(rig, { kind: 'beltRunaway', accelerationMps2, toMps: 2 })).toBeLessThanOrEqual(0.1);
      expect(rig.output).toMatchObject({ cause: 'treadmillFault', action: 'protectiveStop' });
      expect(rig.output.permitted.beltEnable).toBe(false);
      const { belt, legs } = restAfterSec(rig);
      expect(belt).toBeLessThan(1);
      expect(legs).toBeLessThan(1);
      expect(rig.output).toMatchObject({ state: 'stopped', cause: 'treadmillFault' });
    }
  });

  it('that is stuck is found within 100 ms, and the legs stand', async () => {
    for (const kmh of [0.5, FAST_KMH]) {
      const rig = await walking(kmh);
      expect(actsAfterSec(rig, { kind: 'beltStuck' })).toBeLessThanOrEqual(0.1);
      expect(rig.output.cause).toBe('treadmillDesync');
      expect(restAfterSec(rig).legs).toBeLessThan(0.5);
    }
  });

  it("whose drive reports a fault stops with the legs in one phase: they step at the belt's speed until both stand", async () => {
    const rig = await walking(FAST_KMH);
    expect(actsAfterSec(rig, { kind: 'beltFault' })).toBeLessThanOrEqual(0.1);
    let before = rig.output.phase;
    rig.run(0.45, ({ phase }) => {
      const strides = (phase - before + 1) % 1;
      before = phase;
      expect(Math.abs(strides * STRIDE_M - beltMps(rig) * CYCLE_SEC)).toBeLessThan(0.15 * CYCLE_SEC);
    });
    const { belt, legs } = restAfterSec(rig);
    expect(belt).toBeLessThan(0.6);
    expect(legs).toBeLessThan(0.6);
    expect(rig.output).toMatchObject({ state: 'stopped', cause: 'treadmillFault' });
  });

  it('whose drive reports a fault stops with legs that brake at once when an encoder is wrong too', async () => {
    const rig = await walking(FAST_KMH);
    rig.robot.controls.fault({ kind: 'sensor', sensor: 'motorEncoder', joint: 'kneeLeft', how: 'drift', size: degToRad(-20) });
    expect(actsAfterSec(rig, { kind: 'beltFault' })).toBeLessThanOrEqual(0.1);
    const { phase } = rig.output;
    rig.run(0.2);
    const stepped = rig.output.phase;
    expect(rig.output).toMatchObject({ state: 'stopped', cause: 'treadmillFault' });
    rig.run(0.1);
    expect(stepped).not.toBe(phase);
    expect(rig.output.phase).toBe(stepped);
  });
});

describe('the support', () => {
  it('takes up the weight by 5 kg in a second, and lets go of it as slowly', async () => {
    const rig = await armed(0);
    rig.intent.unloadingKg = 40;
    let before = truth(rig).unloadingN;
    rig.run(9, () => {
      const { unloadingN } = truth(rig);
      expect(Math.abs(unloadingN - before)).toBeLessThanOrEqual(kgToNewton(6.1) * CYCLE_SEC);
      before = unloadingN;
    });
    expect(before).toBeCloseTo(kgToNewton(40), 0);
    rig.intent.unloadingKg = 30;
    rig.run(1, () => expect(truth(rig).unloadingN).toBeGreaterThan(kgToNewton(34)));
    expect(rig.output.action).toBe('none');
  });

  it('that drops is found within 100 ms and locked, and legs and belt stand within a second', async () => {
    const rig = await walking(FAST_KMH, 30);
    rig.run(5);
    const before = truth(rig).unloadingN;
    expect(actsAfterSec(rig, { kind: 'supportDrop', dropN: 500 })).toBeLessThanOrEqual(0.1);
    expect(rig.output).toMatchObject({ cause: 'supportFault', action: 'protectiveStop' });
    expect(rig.output.permitted.lockSupport).toBe(true);
    const { belt, legs } = restAfterSec(rig);
    expect(belt).toBeLessThan(1);
    expect(legs).toBeLessThan(1);
    expect(truth(rig).supportLocked).toBe(true);
    expect(truth(rig).unloadingN).toBeLessThan(before);
    expect(rig.output.state).toBe('stopped');
  });

  it('that reports a fault locks, and the robot stops', async () => {
    const rig = await walking(1.5);
    expect(actsAfterSec(rig, { kind: 'supportFault' })).toBeLessThanOrEqual(0.1);
    rig.run(1);
    expect(truth(rig).supportLocked).toBe(true);
    expect(truth(rig).unloadingN).toBeCloseTo(kgToNewton(20), 0);
  });

  it('holds what it carries when the host is gone', async () => {
    const rig = await walking(1.5);
    const { robot } = rig.robot;
    robot.advanceTo(robot.nowUs + 2_000_000);
    expect(robot.truth()).toMatchObject({ supportLocked: true, beltMps: 0 });
    expect(robot.truth().unloadingN).toBeCloseTo(kgToNewton(20), 0);
  });
});
