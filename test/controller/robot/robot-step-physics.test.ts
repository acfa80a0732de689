/** The step on the simulated body, through the real HAL and wire formats: what the true joints do. */
import { afterEach, describe, expect, it } from 'vitest';
import { degToRad, kmhToMps, radToDeg } from '../../../protocols/units.ts';
import { profile, Rig } from './robot-step-rig.ts';

const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

async function connected(bodyMassKg?: number, heightM?: number): Promise<Rig> {
  const rig = await Rig.create(bodyMassKg, heightM);
  rigs.push(rig);
  rig.until((output) => output.readyBlocker === 'none', 2);
  return rig;
}

async function walking(kmh: number, bodyMassKg?: number, heightM?: number): Promise<Rig> {
  const rig = await connected(bodyMassKg, heightM);
  rig.intent.speedMps = kmhToMps(kmh);
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  rig.until((output) => output.permitted.beltSpeedMps > kmhToMps(kmh) - 0.001, 12);
  return rig;
}

/** RMS of desired minus true angle per joint over a time, in degrees. */
function trackingDeg(rig: Rig, seconds: number): number[] {
  const squares = profile.joints.map(() => 0);
  let cycles = 0;
  rig.run(seconds, (output) => {
    cycles++;
    rig.joints.forEach((joint, j) => (squares[j]! += (output.desired.joints[j]!.positionRad - joint.positionRad) ** 2));
  });
  return squares.map((sum) => radToDeg(Math.sqrt(sum / cycles)));
}

const insidePermitted = (rig: Rig): boolean =>
  rig.joints.every(({ positionRad }, j) => {
    const { min, max } = profile.joints[j]!.softRangeDeg;
    return positionRad >= degToRad(min - 1) && positionRad <= degToRad(max + 1);
  });

describe('guided gait on the real physics', () => {
  it.each([
    [3.2, 75, 1.8],
    [3.2, 120, 1.95],
    [2, 40, 1.5],
  ])('at %f km/h with %i kg, %f m tracks within 3° RMS and is never limited', async (kmh, massKg, heightM) => {
    const rig = await walking(kmh, massKg, heightM);
    for (const rms of trackingDeg(rig, 6)) expect(rms).toBeLessThan(3);
    rig.run(3, (output) => {
      expect(output.joints.map((joint) => joint.limitedBy)).toEqual([0, 0, 0, 0]);
      expect(insidePermitted(rig)).toBe(true);
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
  });

  it('leaves a transparent leg to the patient while the other one is guided', async () => {
    const rig = await walking(1.5);
    rig.intent.guidanceLeft = 0;
    rig.run(6);
    const [hipLeft, , hipRight] = trackingDeg(rig, 5);
    expect(hipLeft).toBeGreaterThan(8);
    expect(hipRight).toBeLessThan(3);
    expect(rig.output.state).toBe('running');
  });

  it('starts without a jerk from the posture that the legs hang in', async () => {
    const rig = await connected();
    const hanging = rig.joints.map((joint) => joint.positionRad);
    rig.command('arm');
    rig.run(1.5, () => rig.joints.forEach((joint, j) => expect(Math.abs(radToDeg(joint.positionRad - hanging[j]!))).toBeLessThan(1)));
    rig.command('start');
    rig.run(1, () => rig.joints.forEach((joint) => expect(Math.abs(radToDeg(joint.velocityRadPerSec))).toBeLessThan(40)));
  });
});

/** The worst speed once the stop time is over, in degrees per second, while the drives hold. */
function restSpeed(rig: Rig): number {
  let worst = 0;
  rig.run(profile.stop.maxTimeMs / 1000, () => expect(insidePermitted(rig)).toBe(true));
  rig.run(0.5, () => rig.joints.forEach((joint) => (worst = Math.max(worst, Math.abs(radToDeg(joint.velocityRadPerSec))))));
  return worst;
}

describe('a stop on the real physics', () => {
  it.each([0.35, 0.9])('begun at phase %f of fast walking is over within the stop time, and stays', async (phase) => {
    const rig = await walking(3.2);
    rig.until((output) => Math.abs(output.phase - phase) < 0.005, 3);
    rig.command('stop');
    expect(restSpeed(rig)).toBeLessThan(profile.stop.restSpeedDegPerSec);
    rig.run(4);
    expect(rig.output).toMatchObject({ state: 'stopped', cause: 'operatorStop' });
    expect(rig.output.permitted.enable).toBe(false);
    rig.command('acknowledge');
    expect(rig.tick()).toMatchObject({ state: 'ready', readyBlocker: 'none' });
  });

  it('of soft legs makes them firm first', async () => {
    const rig = await walking(1.5);
    Object.assign(rig.intent, { guidanceLeft: 0.2, guidanceRight: 0.2 });
    rig.run(4);
    rig.command('stop');
    expect(restSpeed(rig)).toBeLessThan(profile.stop.restSpeedDegPerSec);
  });

  it('after a pulled cable comes within five cycles and brings the other leg to rest', async () => {
    const rig = await walking(3.2);
    rig.robot.controls.unplug('leg-left');
    rig.run(0.02);
    expect(rig.output).toMatchObject({ state: 'stopped', cause: 'linkDown' });
    rig.run(0.5);
    for (const joint of rig.joints.slice(2)) expect(Math.abs(radToDeg(joint.velocityRadPerSec))).toBeLessThan(profile.stop.restSpeedDegPerSec);
    expect(rig.robot.robot.energised(0)).toBe(false);
    rig.robot.controls.plug('leg-left');
    rig.run(3);
    expect(rig.output.state).toBe('stopped');
    expect([0, 1, 2, 3].map((j) => rig.robot.robot.energised(j))).toEqual([false, false, false, false]);
  });

  it.each([0.05, 0.4, 0.7])('after a cable pulled at phase %f leaves the other leg its power, however long the lost one swings', async (phase) => {
    const rig = await walking(3.2);
    rig.until((output) => Math.abs(output.phase - phase) < 0.005, 3);
    rig.robot.controls.unplug('leg-left');
    rig.run(0.02);
    let swung = 0;
    rig.run(2, (output) => {
      expect(output).toMatchObject({ action: 'protectiveStop', cause: 'linkDown' });
      swung = Math.max(swung, Math.abs(radToDeg(rig.joints[0]!.velocityRadPerSec)));
      expect([2, 3].map((j) => rig.robot.robot.energised(j))).toEqual([true, true]);
    });
    expect(swung).toBeGreaterThan(15);
  });

  it('by the E-stop takes the torque away and is reset in two steps', async () => {
    const rig = await walking(1.5);
    rig.robot.controls.estop(true);
    rig.run(0.016);
    expect(rig.output).toMatchObject({ state: 'emergency', cause: 'estopOpen' });
    expect(rig.output.permitted.enable).toBe(false);
    rig.run(2);
    rig.command('acknowledge');
    expect(rig.tick().state).toBe('emergency');
    rig.robot.controls.estop(false);
    rig.run(1);
    expect(rig.output.state).toBe('emergency');
    rig.command('acknowledge');
    rig.run(1);
    expect(rig.output).toMatchObject({ state: 'ready', readyBlocker: 'none' });
    expect(rig.output.permitted.enable).toBe(false);
  });

  it("by the patient's button holds the legs", async () => {
    const rig = await walking(1.5);
    rig.robot.controls.patientButton(true);
    rig.run(0.02);
    expect(rig.output).toMatchObject({ state: 'stopped', cause: 'patientButton' });
    expect(restSpeed(rig)).toBeLessThan(profile.stop.restSpeedDegPerSec);
  });
});
