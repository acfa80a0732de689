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
function findings(cuffNm: number, motorNm: number, usualNm = 0, positionDeg = 30): readonly string[] {
  const judge = new CuffJudge(profile, ranges);
  judge.look(KNEE, truthOf(cuffNm, motorNm, positionDeg), usualNm);
  judge.look(KNEE, truthOf(usualNm, -100, positionDeg), usualNm);
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

it('and at the end of the range, where the wall may push back with up to the torque limit and a tenth', () => {
  const { torqueLimitNm, softRangeDeg } = profile.joints[KNEE]!;
  expect(findings(90, -1.1 * torqueLimitNm, 0, softRangeDeg.max - 4)).toEqual([]);
  expect(findings(90, -1.1 * torqueLimitNm - 1, 0, softRangeDeg.max - 4)).toHaveLength(1);
  expect(findings(90, -1.1 * torqueLimitNm, 0, softRangeDeg.max - 6)).toHaveLength(1);
});

it('what is usual is remembered by phase, of the last stride', () => {
  const usual = new CuffUsual(profile.joints.length);
  usual.note(0.5, truthOf(3, 0));
  usual.note(0.5, truthOf(7, 0));
  expect([usual.torqueNm(0.505, KNEE), usual.torqueNm(0.6, KNEE), usual.torqueNm(0.5, 0)]).toEqual([7, 0, 0]);
  usual.note(1, truthOf(9, 0));
  expect(usual.torqueNm(0.999, KNEE)).toBe(9);
});
