/** Two legs in an orthosis, as `Body` needs them. */
import type { AnyJoint, GaitProfile, LegKind } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import type { BodyPlan, Tissue } from './body-plan.ts';
import { footLifterNm, type GroundProfile } from './ground-model.ts';
import { humanLeg, orthosisLeg, type Patient } from './human.ts';
import { bodyModel, cuffName, cuffedParts, humanJointName, orthosisJointName, segmentName } from './model.ts';
import { LIFTED_ANKLE_RAD, passiveAnkleTorqueNm, passiveHipTorqueNm, passiveKneeTorqueNm } from './passive.ts';
import { legChain, restPose, type LegAngles } from './rest-pose.ts';

export function legPlan(profile: GaitProfile, patient: Patient): BodyPlan {
  const { geometry } = profile;
  const pose = restPose(legChain(humanLeg(patient, geometry), orthosisLeg(patient, geometry)));
  return {
    xml: (timestepS, integrator = 'implicitfast') => bodyModel(profile, patient, { timestepS, integrator }),
    cuffs: sides.flatMap((side) => cuffedParts(profile, side).map((part) => ({ name: cuffName(part, side), bodies: [segmentName('orthosis', part, side), segmentName('human', part, side)] as const }))),
    cuffStiffnessNPerM: geometry.cuffStiffnessNPerM,
    cuffDampingNsPerM: geometry.cuffDampingNsPerM,
    deviceJoint: (joint) => orthosisJointName(joint.side, legKindOf(joint)),
    humanJoint: (joint) => humanJointName(joint.side, legKindOf(joint)),
    limbKind: legKindOf,
    tissue: (indexOf) => legTissue(sides, profile.joints.every(({ kind }) => kind !== 'ankle'), geometry.ground, indexOf),
    restRad: profile.joints.map(({ kind }) => angleOf(pose, kind)),
    lifted: [],
  };
}

/** @param lifted nothing moves the ankles */
export function legTissue(legs: readonly Side[], lifted: boolean, ground: GroundProfile | undefined, indexOf: (name: string) => number): Tissue {
  const limbs = legs.map((side) => ({
    hip: indexOf(humanJointName(side, 'hip')),
    knee: indexOf(humanJointName(side, 'knee')),
    /** −1: a foot lifter holds it fast. */
    ankle: lifted && ground === undefined ? -1 : indexOf(humanJointName(side, 'ankle')),
  }));
  return (positionsRad, appliedNm) => {
    for (const { hip, knee, ankle } of limbs) {
      const hipRad = positionsRad[hip] ?? 0;
      const kneeRad = positionsRad[knee] ?? 0;
      const ankleRad = ankle < 0 ? LIFTED_ANKLE_RAD : (positionsRad[ankle] ?? 0);
      appliedNm[hip] = passiveHipTorqueNm(hipRad, kneeRad);
      appliedNm[knee] = passiveKneeTorqueNm(hipRad, kneeRad, ankleRad);
      if (ankle >= 0) appliedNm[ankle] = passiveAnkleTorqueNm(kneeRad, ankleRad) + (lifted && ground !== undefined ? footLifterNm(ground, ankleRad) : 0);
    }
  };
}

function legKindOf({ id, kind }: AnyJoint): LegKind {
  if (kind === 'hip' || kind === 'knee' || kind === 'ankle') return kind;
  throw new RangeError(`joint ${id} is no joint of a leg`);
}

const angleOf = (pose: LegAngles, kind: LegKind): number => (kind === 'hip' ? pose.hipRad : kind === 'knee' ? pose.kneeRad : pose.ankleRad);
