import { describe, expect, it } from 'vitest';
import { Judge } from '../../../../../controller/cli/faults/pty/judge.ts';
import { judgeStillness, type Truth } from '../../../../../controller/cli/faults/pty/witness.ts';
import { gaitOrthosis } from '../../../../hal/robot-rig.ts';

const profile = gaitOrthosis();

const truth = (change: Partial<Truth['joints'][number]>): Truth => ({
  nowUs: 2_000,
  pulledUs: {},
  joints: profile.joints.map((_, i) => ({ positionRad: 0, velocityRadPerSec: 0, energised: false, lastTorqueUs: 500, ...(i === 1 ? change : {}) })),
});

function breachesOf(change: Partial<Truth['joints'][number]>, joints = [0, 1]): string[] {
  const judge = new Judge();
  judgeStillness(profile, judge, joints, 1_000, truth(change));
  return judge.breaches;
}

describe('the judge of stillness', () => {
  it('has nothing to say of drives that have let go before', () => {
    expect(breachesOf({})).toEqual([]);
  });

  it('names a drive that made torque afterwards, and one that is energised', () => {
    expect(breachesOf({ lastTorqueUs: 1_001 })).toEqual(['the drive of kneeLeft has made torque']);
    expect(breachesOf({ energised: true })).toEqual(['the drive of kneeLeft is energised']);
  });

  it('looks only at the joints that are meant', () => {
    expect(breachesOf({ energised: true, lastTorqueUs: 5_000 }, [0, 2, 3])).toEqual([]);
  });
});
