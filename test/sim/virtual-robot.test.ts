import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { sin } from '../../protocols/math.ts';
import { encodeSupportSetPoint, HUB_SUPPORT_SETPOINT, HUB_SETPOINT_BYTES } from '../../protocols/wire/hub-inputs.ts';
import { HUB_IDENTITY, HUB_REQUEST, encodeHubRequest } from '../../protocols/wire/sensor-hub.ts';
import { degToRad, radToDeg } from '../../protocols/units.ts';
import { BOOT_US } from '../../sim/drives/ak-motor.ts';
import { emptyTruthRecord } from '../../sim/truth.ts';
import { VirtualRobot } from '../../sim/virtual-robot.ts';
import { armExo, averagePatient, gaitOrthosis, groundedOrthosis } from './support/profile.ts';
import { TestHost } from './support/test-host.ts';

const robots: VirtualRobot[] = [];

afterEach(() => {
  for (const robot of robots.splice(0)) robot.dispose();
});

async function newHost(seed = 1): Promise<TestHost> {
  const profile = gaitOrthosis();
  const robot = await VirtualRobot.create({ profile, seed, ...averagePatient });
  robots.push(robot);
  return new TestHost(robot, profile);
}

async function poweredHost(seed = 1): Promise<TestHost> {
  const host = await newHost(seed);
  host.powerUp();
  return host;
}

const anglesDeg = (host: TestHost): number[] => host.profile.joints.map((_, joint) => radToDeg(host.robot.body.positionRad(joint)));
const largestMoveDeg = (before: number[], after: number[]): number => Math.max(...after.map((angle, i) => Math.abs(angle - before[i]!)));
const ALL = [0, 1, 2, 3];

describe('power', () => {
  test('no drive answers before heartbeats have closed the enable relay and the drives have booted', async () => {
    const host = await newHost();
    host.heartbeat = false;
    host.cycles(100, () => host.everyDrive('exit'));
    expect(host.replyCounts).toEqual([0, 0, 0, 0]);
    expect(host.hub.enableRelayClosed).toBe(false);
    host.heartbeat = true;
    host.cycles(10, () => host.everyDrive('exit'));
    expect(host.hub.enableRelayClosed).toBe(true);
    expect(host.replyCounts).toEqual([0, 0, 0, 0]);
    host.cycles(BOOT_US / 4_000, () => host.everyDrive('exit'));
    for (const count of host.replyCounts) expect(count).toBeGreaterThan(0);
  });

  test('nothing moves and no drive is in motor mode after boot, whatever set-points arrive', async () => {
    const host = await poweredHost();
    const before = anglesDeg(host);
    host.cycles(100, () => ALL.forEach((joint) => host.command(joint, { positionRad: 1, stiffnessNmPerRad: 400, torqueNm: 50 })));
    for (const count of host.replyCounts) expect(count).toBeGreaterThan(90);
    expect(ALL.some((joint) => host.robot.energised(joint))).toBe(false);
    expect(largestMoveDeg(before, anglesDeg(host))).toBeLessThan(0.5);
  });

  test('the relay opens 50 ms after the last heartbeat and takes the drives off the bus', async () => {
    const host = await poweredHost();
    ALL.forEach((joint) => host.special(joint, 'enter'));
    host.cycles(3);
    expect(ALL.every((joint) => host.robot.energised(joint))).toBe(true);
    host.heartbeat = false;
    host.cycles(10);
    expect(host.hub.enableRelayClosed).toBe(true);
    host.cycles(6);
    expect(host.hub.enableRelayClosed).toBe(false);
    expect(ALL.some((joint) => host.robot.energised(joint))).toBe(false);
    const counts = [...host.replyCounts];
    host.cycles(10, () => host.everyDrive('exit'));
    expect(host.replyCounts).toEqual(counts);
  });

  test('repeating an old answer does not keep the relay closed', async () => {
    const host = await poweredHost();
    host.cycles(1);
    const stuck = host.hub.challenge;
    host.cycles(30, () => (host.hub.challenge = stuck));
    expect(host.hub.enableRelayClosed).toBe(false);
  });

  test('the E-stop cuts power at once; after it closes the drives boot out of motor mode and nothing moves', async () => {
    const host = await poweredHost();
    ALL.forEach((joint) => host.special(joint, 'enter'));
    host.cycles(100, () => ALL.forEach((joint) => host.command(joint, { positionRad: host.profile.joints[joint]!.drive.direction * degToRad(25), stiffnessNmPerRad: 200, dampingNmsPerRad: 5 })));
    host.robot.setEstop(true);
    host.cycles(2);
    expect(host.hub.estopClosed).toBe(false);
    expect(ALL.some((joint) => host.robot.energised(joint))).toBe(false);
    const counts = [...host.replyCounts];
    host.cycles(500, () => host.everyDrive('exit'));
    expect(host.replyCounts).toEqual(counts);
    host.robot.setEstop(false);
    host.powerUp();
    const before = anglesDeg(host);
    host.cycles(200, () => ALL.forEach((joint) => host.command(joint, { torqueNm: 60 })));
    expect(host.replyCounts[0]!).toBeGreaterThan(counts[0]!);
    expect(largestMoveDeg(before, anglesDeg(host))).toBeLessThan(0.5);
  });

  test('a request holds the relay open and engages the brake', async () => {
    const host = await poweredHost();
    host.hubFrame(HUB_REQUEST, encodeHubRequest({ holdRelayOpen: true, engageBrake: true }));
    host.cycles(3);
    expect(host.hub).toMatchObject({ enableRelayClosed: false, brakeEngaged: true });
  });
});

describe('a drive', () => {
  test('gives up 100 ms after the last set-point and stays out of motor mode when set-points return', async () => {
    const host = await poweredHost();
    host.special(0, 'enter');
    host.cycles(50, () => host.command(0, { torqueNm: 20 }));
    const lastUs = host.robot.nowUs;
    while (host.robot.energised(0)) host.cycle();
    const heldMs = (host.robot.nowUs - lastUs) / 1_000;
    expect(heldMs).toBeGreaterThan(90);
    expect(heldMs).toBeLessThanOrEqual(104);
    host.cycles(20, () => host.command(0, { torqueNm: 20 }));
    expect(host.robot.energised(0)).toBe(false);
    expect(Math.abs(host.replies[0]!.torqueNm)).toBeLessThan(0.1);
  });

  test('follows a sine within a few degrees on the impedance it is given', async () => {
    const host = await poweredHost();
    host.everyDrive('enter');
    const omegaRadPerSec = 2 * Math.PI * 0.7;
    let [squares, count] = [0, 0];
    host.cycles(2_500, (i) => {
      const fade = Math.min(1, i / 500);
      host.profile.joints.forEach((joint, j) => {
        const phase = omegaRadPerSec * i * 0.004 + (joint.side === 'left' ? 0 : Math.PI);
        const [middleDeg, swingDeg] = joint.kind === 'hip' ? [10, 20] : [30, 22];
        const targetRad = degToRad(middleDeg + fade * swingDeg * sin(phase));
        const targetRadPerSec = degToRad(fade * swingDeg * sin(phase + Math.PI / 2)) * omegaRadPerSec;
        const { direction } = joint.drive;
        host.command(j, { positionRad: direction * targetRad, velocityRadPerSec: direction * targetRadPerSec, stiffnessNmPerRad: joint.stiffnessNmPerRad, dampingNmsPerRad: joint.dampingNmsPerRad });
        if (i < 1_000) return;
        squares += (targetRad - host.robot.body.positionRad(j)) ** 2;
        count++;
      });
    });
    expect(radToDeg(Math.sqrt(squares / count))).toBeLessThan(3);
    expect(host.discarded).toBe(0);
    expect(host.errors).toBe(0);
  });

  test('reports the joint in its own direction, as exactly as 16 bits allow', async () => {
    const host = await poweredHost();
    host.cycles(3, () => host.everyDrive('exit'));
    host.profile.joints.forEach(({ drive }, joint) => {
      expect(Math.abs(drive.direction * host.replies[joint]!.positionRad - host.robot.body.positionRad(joint))).toBeLessThan(1e-3);
      expect(Math.abs(host.hub.joints[joint]!.positionRad - host.robot.body.positionRad(joint))).toBeLessThan(2e-4);
    });
  });

  test('sets its zero where it is, and keeps it over a power cut', async () => {
    const host = await poweredHost();
    host.special(1, 'zero');
    host.cycles(3);
    host.robot.setEstop(true);
    host.cycles(5);
    host.robot.setEstop(false);
    host.powerUp();
    host.cycles(3, () => host.special(1, 'exit'));
    expect(Math.abs(host.replies[1]!.positionRad)).toBeLessThan(0.01);
  });

  test('never gives more than its peak torque', async () => {
    const host = await poweredHost();
    host.everyDrive('enter');
    let largestNm = 0;
    host.cycles(100, () => {
      ALL.forEach((joint) => host.command(joint, { torqueNm: 144 }));
      largestNm = Math.max(largestNm, ...host.replies.map((reply) => Math.abs(reply.torqueNm)));
    });
    expect(largestNm).toBeGreaterThan(100);
    expect(largestNm).toBeLessThanOrEqual(120.1);
  });

  test('warms up under load, stops at its limit with the error code, and refuses to enter while hot', async () => {
    const host = await poweredHost();
    host.special(0, 'enter');
    host.cycles(6_000, () => host.command(0, { torqueNm: 120 }));
    expect(host.replies[0]!.errorCode).toBe(1);
    expect(host.replies[0]!.tempC).toBeGreaterThan(host.profile.joints[0]!.drive.tempWarnC);
    host.special(0, 'enter');
    host.cycles(3);
    expect(host.robot.energised(0)).toBe(false);
  });
});

describe('the hub', () => {
  test('introduces itself, then streams at the rate of the profile by its own clock', async () => {
    const host = await newHost();
    host.cycles(250);
    expect(host.hubTypes[0]).toBe(HUB_IDENTITY);
    expect(host.hubFrames).toBeGreaterThanOrEqual(249);
    expect(host.hubFrames).toBeLessThanOrEqual(251);
    const stepsUs = host.hubTimesUs.slice(1).map((timeUs, i) => timeUs - host.hubTimesUs[i]!);
    for (const stepUs of stepsUs) expect(Math.abs(stepUs - 4_000)).toBeLessThanOrEqual(1);
  });

  test('answers a question for its identity', async () => {
    const host = await newHost();
    host.cycles(10);
    host.hubFrame(HUB_IDENTITY, new Uint8Array(0));
    host.cycles(3);
    expect(host.hubTypes.filter((type) => type === HUB_IDENTITY)).toHaveLength(2);
  });

  test('shows the patient button and the brake lever', async () => {
    const host = await newHost();
    host.robot.setPatientButton(true);
    host.robot.setBrake(true);
    host.cycles(3);
    expect(host.hub).toMatchObject({ patientButtonPressed: true, brakeEngaged: true });
  });
});

describe('a cable', () => {
  test('pulled in motion leaves the drive to its own watchdog, and the adapter starts anew when it returns', async () => {
    const host = await poweredHost();
    host.special(0, 'enter');
    host.cycles(20, () => host.command(0, { torqueNm: 10 }));
    host.robot.disconnect('leg-left');
    host.cycles(20, () => host.command(0, { torqueNm: 10 }));
    expect(host.robot.energised(0)).toBe(true);
    host.cycles(6);
    expect(host.robot.energised(0)).toBe(false);
    host.connect('leg-left');
    const count = host.replyCounts[0]!;
    host.cycles(5, () => host.special(0, 'exit'));
    expect(host.replyCounts[0]!).toBeGreaterThan(count);
  });

  test('carries four drives and the hub at 250 Hz without losing or spoiling anything', async () => {
    const host = await poweredHost();
    const counts = [...host.replyCounts];
    host.cycles(1_000, () => host.everyDrive('exit'));
    host.cycles(2);
    expect(host.replyCounts.map((count, i) => count - counts[i]!)).toEqual([1_000, 1_000, 1_000, 1_000]);
    expect(host.discarded).toBe(0);
  });
});

test('the same seed gives the same bytes, another seed others', async () => {
  const hash = async (seed: number): Promise<string> => {
    const host = await poweredHost(seed);
    host.everyDrive('enter');
    host.cycles(500, (i) => ALL.forEach((joint) => host.command(joint, { positionRad: 0.3 * sin(i / 40), stiffnessNmPerRad: 200, dampingNmsPerRad: 3 })));
    return createHash('sha256').update(Uint8Array.from(host.received)).digest('hex');
  };
  const [first, second, other] = [await hash(5), await hash(5), await hash(6)];
  expect(first).toBe(second);
  expect(first).not.toBe(other);
});

describe('what the controller does not know', () => {
  const liftedDeg = async (hidden: { frictionScale?: number; limbMassScale?: number }): Promise<number> => {
    const profile = gaitOrthosis();
    const robot = await VirtualRobot.create({ profile, seed: 1, ...averagePatient, ...hidden });
    robots.push(robot);
    const host = new TestHost(robot, profile);
    host.powerUp();
    host.special(0, 'enter');
    host.cycles(1_000, (i) => host.command(0, { torqueNm: 30 * profile.joints[0]!.drive.direction * Math.min(1, i / 750) }));
    return anglesDeg(host)[0]!;
  };

  test('heavier legs and stronger friction are harder to lift', async () => {
    const plain = await liftedDeg({});
    expect(await liftedDeg({ frictionScale: 1, limbMassScale: 1 })).toBe(plain);
    expect(await liftedDeg({ limbMassScale: 1.2 })).toBeLessThan(plain - 2);
    expect(await liftedDeg({ limbMassScale: 0.8 })).toBeGreaterThan(plain + 2);
    expect(await liftedDeg({ frictionScale: 1.5 })).toBeLessThan(plain - 0.5);
    expect(await liftedDeg({ frictionScale: 0.5 })).toBeGreaterThan(plain + 0.5);
  });
});

describe('the truth for judges', () => {
  test('tells which drive is energised, when it last made torque and when a cable was pulled', async () => {
    const host = await poweredHost();
    const before = host.robot.truth();
    expect(before.joints).toHaveLength(4);
    expect(before.joints.every(({ energised, lastTorqueUs }) => !energised && lastTorqueUs === -1)).toBe(true);
    expect(before.pulledUs).toEqual({});
    host.robot.disconnect('leg-left');
    const pulledUs = host.robot.nowUs;
    host.cycles(3, () => {});
    expect(host.robot.truth().pulledUs).toEqual({ 'leg-left': pulledUs });
    expect(host.robot.truth().nowUs).toBe(host.robot.nowUs);
  });

  test('fills a record with the same, as often as a judge asks', async () => {
    const host = await poweredHost();
    host.everyDrive('enter');
    host.cycles(20, () => ALL.forEach((joint) => host.command(joint, { torqueNm: 10 })));
    const record = emptyTruthRecord(4);
    host.robot.fillTruth(record);
    const { nowUs, joints } = host.robot.truth();
    expect(record.nowUs).toBe(nowUs);
    joints.forEach((joint, i) => {
      expect({
        positionRad: record.positionRad[i],
        velocityRadPerSec: record.velocityRadPerSec[i],
        motorTorqueNm: record.motorTorqueNm[i],
        cuffTorqueNm: record.cuffTorqueNm[i],
        energised: record.energised[i] === 1,
        lastTorqueUs: record.lastTorqueUs[i],
      }).toEqual(joint);
      expect(Math.abs(joint.motorTorqueNm)).toBeCloseTo(10, 1);
    });
  });
});

describe('on ground', () => {
  async function groundedHost(): Promise<TestHost> {
    const profile = groundedOrthosis();
    const robot = await VirtualRobot.create({ profile, seed: 1, ...averagePatient });
    robots.push(robot);
    return new TestHost(robot, profile);
  }

  test('he hangs by the closed brake with all his weight, and the hub feels none of it under his feet', async () => {
    const host = await groundedHost();
    host.cycles(500);
    const { ground, unloadingN, supportLocked } = host.robot.truth();
    expect(supportLocked).toBe(true);
    expect(unloadingN).toBeCloseTo(9.81 * averagePatient.bodyMassKg, 0);
    expect(ground!.feet.left.heel.heightM).toBeGreaterThan(0.001);
    for (const loadN of host.hub.footLoadsN) expect(loadN).toBeLessThan(5);
  });

  test('the hub reports what stands on its load cells', async () => {
    const host = await groundedHost();
    // Somebody lets the rope go altogether: relaxed legs give way, and the strap catches him with his feet on the belt.
    const payload = new Uint8Array(HUB_SETPOINT_BYTES);
    encodeSupportSetPoint(0, false, payload);
    host.cycles(4_500, () => host.hubFrame(HUB_SUPPORT_SETPOINT, payload));
    const { ground, unloadingN } = host.robot.truth();
    expect(unloadingN).toBe(0);
    const loads = Object.values(ground!.feet).flatMap(({ heel, forefoot }) => [heel.loadN, forefoot.loadN]);
    expect(Math.max(...loads)).toBeGreaterThan(50);
    host.hub.footLoadsN.forEach((loadN, cell) => expect(Math.abs(loadN - loads[cell]!)).toBeLessThan(10));
  });
});

test('an arm that stands on its brakes does not sink before anybody has spoken to its hub', async () => {
  const profile = armExo();
  const robot = await VirtualRobot.create({ profile, seed: 1, ...averagePatient });
  robots.push(robot);
  robot.advanceTo(3_000_000);
  const sunkDeg = profile.joints.map(({ homePositionDeg }, joint) => Math.abs(radToDeg(robot.body.positionRad(joint)) - homePositionDeg));
  expect(Math.max(...sunkDeg)).toBeLessThan(2);
});
