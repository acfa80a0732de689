import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CuffJudge } from '../../../../controller/cli/faults/cuff-judge.ts';
import { CuffUsual } from '../../../../controller/cli/faults/cuff-usual.ts';
import { loadProfile } from '../../../../controller/cli/profiles.ts';
import { toRangeRad } from '../../../../protocols/profile.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { emptyTruthRecord, type TruthRecord } from '../../../../sim/truth.ts';

const { profile } = loadProfile(resolve('hal/profiles/gait-orthosis.json'));
const ranges = profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg));
const KNEE = 1;

function truthOf(cuffNm: number, motorNm: number, positionDeg = 30): TruthRecord {
  const truth = emptyTruthRecord(profile.joints.length);
  truth.cuffTorqueNm[KNEE] = cuffNm;
  truth.motorTorqueNm[KNEE] = motorNm;
  truth.positionRad[KNEE] = degToRad(positionDeg);
  return truth;
}

/** At a joint with a limit of 45 Nm. */
function findings(cuffNm: number, motorNm: number, usualNm = 0): readonly string[] {
  const judge = new CuffJudge(profile, ranges);
  judge.look(KNEE, truthOf(cuffNm, motorNm), usualNm);
  judge.look(KNEE, truthOf(usualNm, -100), usualNm);
  return judge.findings();
}

it.each([1, -1])('a push (sign %d) may load the cuffs with the interaction limit and a tenth beyond what is usual there', (sign) => {
  expect(findings(sign * 49, sign * -60)).toEqual([]);
  expect(findings(sign * 50, sign * -60)).toEqual(['the cuffs of kneeLeft carried more than 50 Nm while its drive did not yield']);
  expect(findings(sign * 59, sign * -60, sign * 10)).toEqual([]);
});

it('and with more where the motor pushes back with no more than that limit, or does not push back', () => {
  expect(findings(60, -45)).toEqual([]);
  expect(findings(60, 60)).toEqual([]);
  expect(findings(60, -46)).toHaveLength(1);
});

it.each([1, -1])('and with as much as the hardest push (sign %d) where the joint goes with it faster than the device ever moves it, which only keeps its speed', (sign) => {
  const found = (motorNm: number, shareOfLimit: number): number => {
    const judge = new CuffJudge(profile, ranges);
    const truth = truthOf(sign * 70, -sign * motorNm);
    truth.velocityRadPerSec[KNEE] = sign * shareOfLimit * degToRad(profile.joints[KNEE]!.speedLimitDegPerSec);
    judge.look(KNEE, truth, 0);
    return judge.findings().length;
  };
  expect([found(60, 1.01), found(60, 0.99), found(60, -1.01), found(61, 1.01)]).toEqual([0, 1, 1, 1]);
});

/** Cuffs and motor, and how far inside an end of the range, and how fast toward it. */
function atTheEnd(cuffNm: number, motorNm: number, insideDeg: number, outwardRadPerSec = 0): number {
  const { softRangeDeg } = profile.joints[KNEE]!;
  const judge = new CuffJudge(profile, ranges);
  const truth = truthOf(cuffNm, motorNm, cuffNm > 0 ? softRangeDeg.max - insideDeg : softRangeDeg.min + insideDeg);
  truth.velocityRadPerSec[KNEE] = Math.sign(cuffNm) * outwardRadPerSec;
  judge.look(KNEE, truth, 0);
  return judge.findings().length;
}

it.each([1, -1])('and beyond the end of the range that he pushes it out of (sign %d), where the wall may push back with up to the torque limit and a tenth', (sign) => {
  const mostNm = 1.1 * profile.joints[KNEE]!.torqueLimitNm;
  expect(atTheEnd(sign * 90, -sign * mostNm, -0.1)).toBe(0);
  expect(atTheEnd(sign * 90, -sign * (mostNm + 1), -0.1)).toBe(1);
  expect(atTheEnd(sign * 90, -sign * mostNm, 0.5)).toBe(1);
});

it.each([
  // 100 Nm slow 1.55 kgm² down from 4 rad/s in 0.124 rad; 12 ms of it are 0.048 rad; the damper reaches 0.067 rad.
  [4, 13.6, 13.8],
  [1, 2.05, 2.15],
])('and before it, where the heaviest limb that goes to it at %f rad/s could not be stopped later: at %f° and not at %f°', (outwardRadPerSec, within, without) => {
  expect(atTheEnd(90, -80, within, outwardRadPerSec)).toBe(0);
  expect(atTheEnd(-90, 80, within, outwardRadPerSec)).toBe(0);
  expect(atTheEnd(90, -80, without, outwardRadPerSec)).toBe(1);
  expect(atTheEnd(90, -80, within, -outwardRadPerSec)).toBe(1);
});

it('and for the dead time after, in which the motor still brakes what was so fast', () => {
  const found = (us: number): number => {
    const judge = new CuffJudge(profile, ranges);
    const fast = truthOf(60, -60, 64);
    fast.velocityRadPerSec[KNEE] = 4;
    judge.look(KNEE, fast, 0);
    const slow = truthOf(70, -80, 64);
    slow.nowUs = us;
    judge.look(KNEE, slow, 0);
    return judge.findings().length;
  };
  expect([found(12_000), found(12_001)]).toEqual([0, 1]);
});

it('of an arm, what he goes on pushing with is missing for braking: the way is that much longer, for no more than the table pushes with', () => {
  const arm = loadProfile(resolve('hal/profiles/arm-exo.json')).profile;
  const FOREARM = 4;
  const found = (cuffNm: number, insideDeg: number): number => {
    const judge = new CuffJudge(arm, arm.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg)));
    const truth = emptyTruthRecord(arm.joints.length);
    truth.cuffTorqueNm[FOREARM] = cuffNm;
    truth.motorTorqueNm[FOREARM] = -8.1;
    truth.velocityRadPerSec[FOREARM] = 6.1;
    truth.positionRad[FOREARM] = degToRad(arm.joints[FOREARM]!.softRangeDeg.max - insideDeg);
    judge.look(FOREARM, truth, 0);
    return judge.findings().length;
  };
  // 2.4 of 10 Nm slow 0.028 kgm² down from 6.1 rad/s in 0.217 rad; 12 ms of it are 0.073 rad; the damper reaches 0.183 rad.
  expect([found(7.6, 27), found(7.6, 27.2)]).toEqual([0, 1]);
  // 2 Nm: 0.26 rad; what strikes the cuffs harder for a moment makes it no longer.
  expect([found(8, 29.5), found(8, 29.7), found(50, 29.5), found(50, 29.7)]).toEqual([0, 1, 0, 1]);
});

it('what is usual is remembered by phase, of the last stride', () => {
  const usual = new CuffUsual(profile.joints.length);
  usual.note(0.5, truthOf(3, 0));
  usual.note(0.5, truthOf(7, 0));
  expect([usual.torqueNm(0.505, KNEE), usual.torqueNm(0.6, KNEE), usual.torqueNm(0.5, 0)]).toEqual([7, 0, 0]);
  usual.note(1, truthOf(9, 0));
  expect(usual.torqueNm(0.999, KNEE)).toBe(9);
});

// The torque limit could slow 0.16 kgm² down with 250 rad/s², the profile lets the drive brake with 105: a foot that is kicked at 7.7 rad/s is braked from 28.9° before the end on.
it.each([[28.7, 0], [29.1, 1]])('of a foot, the way is that of the acceleration that its profile lets it brake with: at %f° %i found', (insideDeg, found) => {
  const exo = loadProfile(resolve('hal/profiles/gait-exo.json')).profile;
  const ANKLE = 2;
  const judge = new CuffJudge(exo, exo.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg)));
  const truth = emptyTruthRecord(exo.joints.length);
  [truth.cuffTorqueNm[ANKLE], truth.motorTorqueNm[ANKLE]] = [28, -27];
  [truth.positionRad[ANKLE], truth.velocityRadPerSec[ANKLE]] = [degToRad(exo.joints[ANKLE]!.softRangeDeg.max - insideDeg), 7.7];
  judge.look(ANKLE, truth, 0);
  expect(judge.findings()).toHaveLength(found);
});
