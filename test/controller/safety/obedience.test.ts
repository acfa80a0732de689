import { describe, expect, it } from 'vitest';
import { driveTorqueNm } from '../../../controller/safety/envelope.ts';
import type { JointLimits } from '../../../controller/safety/limits.ts';
import { Obedience } from '../../../controller/safety/obedience.ts';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { limits } from './fixtures.ts';

const [hip] = limits;
const told = (torqueNm: number) => ({ ...emptyJointCommand(), torqueNm });
let sequence = 0;
const gives = (torqueNm: number, motorFresh = true) => ({ ...untrustedJoint(), torqueNm, motorFresh, trusted: true });

describe('the torque that a drive reports', () => {
  it('may answer any of the last three commands, within 5 Nm', () => {
    const obedience = new Obedience(hip!);
    for (const torqueNm of [10, 20, 30]) obedience.look(told(torqueNm), gives(torqueNm), ++sequence);
    for (const [torqueNm, astray] of [[4.9, true], [5, false], [35, false], [35.1, true]] as const) {
      const fresh = new Obedience(hip!);
      for (const command of [10, 20]) fresh.look(told(command), gives(command), ++sequence);
      fresh.look(told(30), gives(torqueNm), ++sequence);
      expect(fresh.astray, `${torqueNm} Nm`).toBe(astray);
    }
    expect(obedience.astray).toBe(false);
  });

  it('is compared where the joint is now, with all that the command asks for', () => {
    const obedience = new Obedience(hip!);
    const command = { positionRad: 0.5, velocityRadPerSec: 1, stiffnessNmPerRad: 100, dampingNmsPerRad: 4, torqueNm: 3 };
    const is = { ...gives(0), positionRad: 0.3, velocityRadPerSec: 0.5 }; // 20 + 2 + 3 Nm
    for (const [torqueNm, astray] of [[25, false], [19.9, true], [30.1, true]] as const) {
      for (let i = 0; i < 3; i++) obedience.look(command, { ...is, torqueNm }, ++sequence);
      expect(obedience.astray, `${torqueNm} Nm`).toBe(astray);
    }
  });

  it('is compared where the joint was when the host made a torque of the command, if the drive is told only that', () => {
    const told1000 = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 1_000, dampingNmsPerRad: 50, torqueNm: 3 };
    const moving = (cycle: number) => ({ positionRad: 0.02 * cycle, velocityRadPerSec: 0.1 * cycle });
    // Of the reading before: 1 000 Nm/rad · 0.02 rad + 50 Nms/rad · 0.1 rad/s per cycle.
    const run = (edge: { readonly rendered: boolean }, offNm: number): boolean => {
      const obedience = new Obedience({ ...hip!, torqueNm: 60, edge: { ...hip!.edge, ...edge } });
      let astray = false;
      for (let cycle = 1; cycle <= 10; cycle++) {
        const torqueNm = Math.max(-60, 3 - 25 * (cycle - 1)) + offNm;
        obedience.look(told1000, { ...gives(torqueNm), ...moving(cycle) }, ++sequence);
        astray ||= cycle > 1 && obedience.astray;
      }
      return astray;
    };
    expect([run({ rendered: false }, 0), run({ rendered: false }, 5.1), run({ rendered: false }, -30.1), run({ rendered: true }, 0)]).toEqual([false, true, true, true]);
  });

  it('that is no number goes astray, and one that is old does not', () => {
    const obedience = new Obedience(hip!);
    obedience.look(told(0), gives(Number.NaN), ++sequence);
    expect(obedience.astray).toBe(true);
    obedience.look(told(0), gives(80, false), ++sequence);
    expect(obedience.astray).toBe(false);
  });

  it('of a drive that closes another loop than that of torque only tends to the command', () => {
    const other = new Obedience({ ...hip!, closesTorqueLoop: false });
    other.look(told(0), gives(14.9), ++sequence);
    expect(other.astray).toBe(false);
    other.look(told(0), gives(-15.1), ++sequence);
    expect(other.astray).toBe(true);
  });
});

describe('where the host closes the impedance', () => {
  const host: JointLimits = { ...hip!, edge: { ...hip!.edge, rendered: false } };
  const command = { positionRad: 0.5, velocityRadPerSec: 1, stiffnessNmPerRad: 100, dampingNmsPerRad: 4, torqueNm: 3 };

  /** At rest, then a second of slow motion that teaches it; then the joint swings fast, 0.02 rad behind its set-point, and the drive gives what it was told two cycles ago, and so much beside it. */
  const swings = (limit: typeof host, besideNm: number): boolean => {
    const obedience = new Obedience(limit);
    const toldNm: number[] = [];
    let before = command;
    for (let n = -50; n < 600; n++) {
      const velocityRadPerSec = n < 0 ? 0 : n < 300 ? 0.5 : 4 * Math.cos(0.025 * (n - 300));
      const positionRad = n < 300 ? 0.002 * Math.max(0, n) : 0.6 + 0.64 * Math.sin(0.025 * (n - 300));
      obedience.look(before, { ...gives((toldNm.at(-2) ?? 0) + (n < 300 ? 0 : besideNm)), positionRad, velocityRadPerSec }, ++sequence);
      if (obedience.astray) return true;
      before = { ...command, positionRad: positionRad + 0.02, velocityRadPerSec };
      toldNm.push(driveTorqueNm(before, { positionRad, velocityRadPerSec, trusted: true }));
    }
    return false;
  };

  it('a fast joint leaves nothing astray of a drive that gives what it was told, and 0.8 Nm of one that does not', () => {
    expect([swings(host, 0), swings(host, 0.8)]).toEqual([false, true]);
    expect(swings(hip!, 0)).toBe(true);
  });
});

describe('a drive that moves its set-point on until the next command comes', () => {
  const PERIOD_SEC = 0.004;
  const RAD_PER_SEC = 1.5;

  /** At rest, then at an even pace, where its newest set-point asks for nearly what it gives; then, without stiffness, the torque that it is told falls by 1.5 Nm per cycle. It answers the last command but one, and so much beside it. */
  const strays = (movesOnSec: number, besideNm: number): boolean => {
    const obedience = new Obedience({ ...hip!, movesOnSec });
    const paceOf = (n: number) => (n < 0 ? 0 : RAD_PER_SEC);
    const command = (n: number) => (n < 600 ? { positionRad: paceOf(n) * PERIOD_SEC * n, velocityRadPerSec: paceOf(n), stiffnessNmPerRad: 60, dampingNmsPerRad: 0, torqueNm: 2 } : told(Math.max(-20, 3 - 1.5 * (n - 600))));
    for (let n = -50; n < 620; n++) {
      const is = { ...gives(0), positionRad: paceOf(n) * PERIOD_SEC * n - 0.03, velocityRadPerSec: paceOf(n) };
      const answered = command(n - 1);
      const torqueNm = driveTorqueNm(answered, is) + answered.stiffnessNmPerRad * answered.velocityRadPerSec * movesOnSec;
      obedience.look(command(n), { ...is, torqueNm: torqueNm + (n < 300 ? 0 : besideNm) }, ++sequence);
      if (obedience.astray) return true;
    }
    return false;
  };

  it('is known by the command that it answers, whatever its newest set-point would ask for', () => {
    expect([strays(PERIOD_SEC, 0), strays(PERIOD_SEC, 0.8), strays(0, 0), strays(0, 0.8)]).toEqual([false, true, false, true]);
  });
});

describe('a drive whose damping the host closes in part', () => {
  const [STIFFNESS_NM_PER_RAD, DAMPING_NMS_PER_RAD, PER_STIFFNESS_SEC] = [60, 10, 0.05];

  /** At rest, then a joint that is swung with up to 40 rad/s². The drive answers the last but one command: a third of the damper where the joint is, the rest as the host saw its speed. */
  const strays = (dampingPerStiffnessSec: number, besideNm: number): boolean => {
    const obedience = new Obedience({ ...hip!, dampingPerStiffnessSec });
    const speedOf = (n: number) => (n < 0 ? 0 : 2 * Math.sin(0.08 * n));
    const command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: STIFFNESS_NM_PER_RAD, dampingNmsPerRad: DAMPING_NMS_PER_RAD, torqueNm: 1 };
    for (let n = -50; n < 600; n++) {
      const velocityRadPerSec = speedOf(n);
      const renderedNm = -PER_STIFFNESS_SEC * STIFFNESS_NM_PER_RAD * velocityRadPerSec;
      const closedNm = -(DAMPING_NMS_PER_RAD - PER_STIFFNESS_SEC * STIFFNESS_NM_PER_RAD) * speedOf(n - 2);
      obedience.look(command, { ...gives(1 + renderedNm + closedNm + (n < 300 ? 0 : besideNm)), velocityRadPerSec }, ++sequence);
      if (obedience.astray) return true;
    }
    return false;
  };

  it('is compared with what the host made of its part, where it saw the joint', () => {
    expect([strays(PER_STIFFNESS_SEC, 0), strays(PER_STIFFNESS_SEC, 0.8), strays(Infinity, 0)]).toEqual([false, true, true]);
  });

  it('of less damping than it may render is compared where the joint is', () => {
    const obedience = new Obedience({ ...hip!, dampingPerStiffnessSec: 1 });
    const command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 10, dampingNmsPerRad: 4, torqueNm: 0 };
    let astray = false;
    for (let n = 0; n < 300; n++) {
      const velocityRadPerSec = 2 * Math.sin(0.3 * n);
      obedience.look(command, { ...gives(-4 * velocityRadPerSec), velocityRadPerSec }, ++sequence);
      astray ||= obedience.astray;
    }
    expect(astray).toBe(false);
  });
});

describe('a silence', () => {
  const STALE = 1;
  /** Silence of so many cycles while the torque that is told rises by 10 Nm each, then readings that answer older commands. */
  const afterSilence = (cycles: number, readings: number, torqueNm: (reading: number) => number): boolean[] => {
    const obedience = new Obedience(hip!);
    let toldNm = 0;
    const look = (givenNm: number, at: number): boolean => {
      obedience.look(told((toldNm += 10)), gives(givenNm), at);
      return obedience.astray;
    };
    for (let i = 0; i < 5; i++) look(toldNm, ++sequence);
    for (let i = 0; i < cycles; i++) look(toldNm, sequence);
    return Array.from({ length: readings }, (_, i) => look(torqueNm(i), ++sequence));
  };

  it('leaves its commands on their way: the first reading may answer the oldest of them, and each reading leaves one less', () => {
    // Told before the silence: 50; in it 60 … 110; then 120, 130.
    expect(afterSilence(6, 1, () => 35 + STALE)).toEqual([false]);
    expect(afterSilence(6, 1, () => 35 - STALE)).toEqual([true]);
    expect(afterSilence(6, 2, (i) => (i === 0 ? 120 : 55 + STALE))).toEqual([false, false]);
    expect(afterSilence(6, 2, (i) => (i === 0 ? 120 : 55 - STALE))).toEqual([false, true]);
    expect(afterSilence(6, 12, (i) => 120 + 10 * i)).not.toContain(true);
  });

  it('may leave one command or two on their way for a tenth of a second each', () => {
    // The newest command of a reading is 70 Nm and 10 more for each before; four are on their way, then five.
    const oneMore = afterSilence(1, 40, (i) => 70 + 10 * i - 30);
    expect(oneMore.indexOf(true)).toBe(25);
    const twoMore = afterSilence(2, 80, (i) => 80 + 10 * i - (i < 25 ? 40 : 30));
    expect(twoMore.indexOf(true)).toBe(50);
    const threeMore = afterSilence(3, 80, (i) => 90 + 10 * i - (i < 1 ? 50 : 40));
    expect(threeMore.indexOf(true)).toBe(26);
  });

  it('of any length leaves no more than twelve', () => {
    // The newest of them is 120 Nm more than the oldest told before the silence.
    const oldest = (told: number): boolean => afterSilence(30, 1, () => 50 + 310 - told)[0]!;
    expect([oldest(110 + 5 - STALE), oldest(110 + 5 + STALE)]).toEqual([false, true]);
  });
});

describe('what lasts', () => {
  const readings = (count: number, outsideNm: (i: number) => number, closesTorqueLoop = true): Obedience => {
    const obedience = new Obedience({ ...hip!, closesTorqueLoop });
    for (let i = -3; i < count; i++) obedience.look(told(20), gives(20 + (i < 0 ? 0 : outsideNm(i))), ++sequence);
    return obedience;
  };

  it('may be smaller than a single difference: 2 Nm go astray within 40 ms, 1.4 Nm never', () => {
    expect(readings(6, () => -2).astray).toBe(false);
    expect(readings(7, () => -2).astray).toBe(true);
    expect(readings(7, () => 2).astray).toBe(true);
    expect(readings(500, () => 1.4).astray).toBe(false);
  });

  it('is what ripple leaves on average', () => {
    expect(readings(500, (i) => (i % 2 === 0 ? 4 : -4)).astray).toBe(false);
  });

  it('of a drive that closes another loop may be three times as much', () => {
    expect(readings(500, () => 4.4, false).astray).toBe(false);
    expect(readings(500, () => 4.6, false).astray).toBe(true);
  });

  it('is not made of one old reading that is read again', () => {
    const obedience = readings(10, () => 0);
    for (let i = 0; i < 50; i++) obedience.look(told(24), gives(20), sequence);
    expect([obedience.residualNm, obedience.astray]).toEqual([0, false]);
  });

  it('is forgotten when the drive was not heard, and outlives one torque that is no number', () => {
    const obedience = readings(100, () => 1.4);
    obedience.look(told(20), gives(Number.NaN), ++sequence);
    expect(obedience.astray).toBe(true);
    obedience.look(told(20), gives(21.4), ++sequence);
    expect(obedience.residualNm).toBeCloseTo(1.4, 3);
    obedience.look(told(20), gives(21.4, false), ++sequence);
    expect(obedience.residualNm).toBe(0);
  });
});

describe('what lasts of a drive that is known', () => {
  /** What is left of it on average is a ninth; the drive then answers no command well, so that the average alone decides. */
  const rippleNm = (i: number): number => (i % 2 === 0 ? 1 : -1);
  /** The joint moves for so many readings, in which the drive ripples and leaves so much; then it leaves `thenNm`. @returns goes it astray? */
  const strays = (thenNm: number, { usualNm = 0, moved = 250, radPerSec = 0.31, closesTorqueLoop = true } = {}): boolean => {
    const obedience = new Obedience({ ...hip!, closesTorqueLoop });
    const at = (outsideNm: number, velocityRadPerSec: number): void => obedience.look(told(20), { ...gives(20 + outsideNm), velocityRadPerSec }, ++sequence);
    for (let i = 0; i < 3; i++) at(usualNm, 0);
    for (let i = 0; i < 50; i++) at(usualNm + rippleNm(i), 0);
    for (let i = 0; i < moved; i++) at((i < moved - 20 ? usualNm : 0) + rippleNm(i), radPerSec);
    for (let i = 0; i < 100; i++) at(thenNm, 0);
    return obedience.astray;
  };

  it('may be 0.6 Nm when the drive gave what it was told while it moved for a second', () => {
    expect([strays(0.59), strays(0.61), strays(-0.61)]).toEqual([false, true, true]);
  });

  it('may be three times what it left then', () => {
    const thriceNm = 3 * (0.3 + 1 / 9);
    const more = thriceNm + 0.02;
    const less = thriceNm - 0.02;
    expect([strays(less, { usualNm: 0.3 }), strays(more, { usualNm: 0.3 }), strays(-more, { usualNm: -0.3 }), strays(-less, { usualNm: -0.3 })]).toEqual([false, true, true, false]);
  });

  it('is never more than of one that is not known', () => {
    expect([strays(1.48, { usualNm: 0.9 }), strays(1.52, { usualNm: 0.9 })]).toEqual([false, true]);
    expect([strays(4.4, { usualNm: 3, closesTorqueLoop: false }), strays(4.6, { usualNm: 3, closesTorqueLoop: false })]).toEqual([false, true]);
  });

  it('is not known of one that has not moved for long enough, to either side', () => {
    expect([strays(1.4, { moved: 249 }), strays(1.4, { radPerSec: 0.29 }), strays(1.4, { radPerSec: -0.29 })]).toEqual([false, false, false]);
    expect(strays(1.4, { radPerSec: -0.31 })).toBe(true);
  });

  /** Seconds of motion in which the drive leaves so much each, then what it leaves for a while. */
  const straysAfter = (leftNm: readonly number[], thenNm: number): boolean => {
    const obedience = new Obedience(hip!);
    for (let i = 0; i < 3; i++) obedience.look(told(20), gives(20), ++sequence);
    for (const outsideNm of leftNm) for (let i = 0; i < 250; i++) obedience.look(told(20), { ...gives(20 + outsideNm + rippleNm(i)), velocityRadPerSec: 1 }, ++sequence);
    for (let i = 0; i < 100; i++) obedience.look(told(20), gives(20 + thenNm), ++sequence);
    return obedience.astray;
  };

  it('grows with what it leaves in faster gait, second by second', () => {
    expect(straysAfter([0.1], 0.8)).toBe(true);
    expect(straysAfter([0.1, 0.3], 0.8)).toBe(false);
    expect(straysAfter([0.3, 0.1, 0.1], 0.8)).toBe(false);
  });

  it('learns nothing from a second in which the drive strayed, nor from one that is not over', () => {
    expect(straysAfter([0.1, 0.7], 0.7)).toBe(true);
    expect(straysAfter([0.1, 0.7, 0.1, 0.1], 0.7)).toBe(true);
    const obedience = new Obedience(hip!);
    const moves = (outsideNm: number, readings: number): void => {
      for (let i = 0; i < readings; i++) obedience.look(told(20), { ...gives(20 + outsideNm), velocityRadPerSec: 1 }, ++sequence);
    };
    moves(0.1, 250);
    moves(0.5, 200);
    moves(0.7, 30);
    expect(obedience.astray).toBe(true);
  });
});

describe('a drive that is known to answer the last command but one', () => {
  /** Its set-point swings by 4 Nm per cycle; the drive gives what the last but one asked for, and so much beside it. */
  const rested = (): Obedience => {
    const obedience = new Obedience(hip!);
    for (let i = 0; i < 50; i++) obedience.look(told(16), gives(16), ++sequence);
    return obedience;
  };
  const swings = (obedience: Obedience, readings: number, besideNm: number): void => {
    for (let i = 0; i < readings; i++) {
      const at = (k: number): number => 20 + (k % 4 < 2 ? 4 : -4);
      obedience.look(told(at(i)), { ...gives(at(i + 3) + besideNm), velocityRadPerSec: 1 }, ++sequence);
    }
  };

  it('strays as soon as it leaves that one, although another one asks for as much', () => {
    const obedience = rested();
    swings(obedience, 252, 0);
    expect(obedience.astray).toBe(false);
    swings(obedience, 12, -0.5);
    expect(obedience.astray).toBe(false);
    const span = obedience.residualNm;
    swings(obedience, 12, -0.8);
    expect([obedience.astray, Math.abs(span) < 0.6, Math.abs(obedience.residualNm) < 0.6]).toEqual([true, true, true]);
  });

  it('is not judged by that one while it is silent for a cycle, because nobody knows what it answers then', () => {
    const obedience = rested();
    swings(obedience, 252, 0);
    for (let i = 0; i < 12; i++) {
      obedience.look(told(24), gives(24), sequence);
      obedience.look(told(16), { ...gives(24), velocityRadPerSec: 1 }, ++sequence);
    }
    expect(obedience.astray).toBe(false);
  });

  it('forgets what it left when it was not heard', () => {
    const obedience = rested();
    swings(obedience, 252, 0);
    swings(obedience, 20, -0.8);
    expect(obedience.astray).toBe(true);
    obedience.look(told(20), gives(20, false), ++sequence);
    expect(obedience.astray).toBe(false);
  });
});

describe('a drive out of control', () => {
  /** It leaves so much of 20 Nm while its joint moves. */
  const after = (readings: number, outsideNm: number, degPerSec: number, closesTorqueLoop = true): Obedience => {
    const obedience = new Obedience({ ...hip!, closesTorqueLoop });
    for (let i = -3; i < readings; i++) obedience.look(told(20), { ...gives(20 + (i < 0 ? 0 : outsideNm)), velocityRadPerSec: degToRad(degPerSec) }, ++sequence);
    return obedience;
  };
  const isOut = (...args: Parameters<typeof after>): boolean => after(...args).outOfControl;

  it('gives, on average, a torque further off than a single reading may be, to either side', () => {
    expect([isOut(200, 4.9, 20), isOut(200, 5.1, 20), isOut(200, -4.9, 20), isOut(200, -5.1, 20)]).toEqual([false, true, false, true]);
    expect([isOut(1, 24, 20), isOut(1, 26, 20)]).toEqual([false, true]);
    expect([isOut(200, 14.9, 20, false), isOut(200, 15.1, 20, false)]).toEqual([false, true]);
  });

  it('is none whose joint stands, either way: it carries', () => {
    expect([isOut(200, 30, 2.9), isOut(200, 30, -2.9), isOut(200, 30, 3.1), isOut(200, 30, -3.1)]).toEqual([false, false, true, true]);
  });

  it('is out of sight when it is not heard, and in again with new readings', () => {
    const obedience = after(200, 30, 20);
    obedience.look(told(20), gives(50, false), ++sequence);
    expect(obedience.outOfControl).toBe(false);
  });

  it('is so in more than what is astray', () => {
    for (const outsideNm of [-30, -5.1, 5.1, 30]) expect(after(200, outsideNm, 20)).toMatchObject({ astray: true, outOfControl: true });
    expect(after(200, 2, 20)).toMatchObject({ astray: true, outOfControl: false });
  });
});

it('a drive that ignores a changed command goes astray', () => {
  const obedience = new Obedience(hip!);
  for (let i = 0; i < 10; i++) obedience.look(told(8), gives(8), ++sequence);
  const seen: boolean[] = [];
  for (let i = 1; i <= 8; i++) {
    obedience.look(told(8 + 2 * i), gives(8), ++sequence);
    seen.push(obedience.astray);
  }
  expect(seen).toEqual([false, false, false, false, true, true, true, true]);
});
