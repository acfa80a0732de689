/**
 * Profile and patient → MJCF: two legs of orthosis and two human legs, each limb joined to its orthosis by a cuff at thigh and
 * shank, and where a robot moves ankles at the forefoot. They hang from a pelvis that is held fast, and the feet swing free;
 * or, on ground (ground-model.ts), from one that moves up and down, and the feet stand on belts. x forward, y left, z up; hip flexion swings the thigh forward, knee flexion the shank back, dorsiflexion
 * lifts the toes, as in protocols/kinematics.ts.
 */
import { degToRad } from '../../protocols/units.ts';
import type { LegKind, LegJoint, GaitProfile } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { beltsXml, FIRM_STANCE, loadCellsXml, pelvisXml, solesXml } from './ground-model.ts';
import { humanLeg, orthosisLeg, type Patient, type Segment } from './human.ts';
import { GRAVITY_MPS2 } from './rest-pose.ts';

type Part = 'thigh' | 'shank' | 'foot';

/** Where along its segment a cuff sits; of a foot, in front of the ankle. */
const CUFF_FRACTION = 0.6;
/** Viscous part of relaxed human joints. */
export const HUMAN_DAMPING_NMS_PER_RAD: Readonly<Record<LegKind, number>> = { hip: 1, knee: 0.5, ankle: 0.3 };
/** Of the straps of a foot lifter, and of the shoe in them. */
const FOOT_LIFTER_NMS_PER_RAD = 2;
/** Constraint impedance of the cuffs: constant, so that their stiffness is the calibrated one at any stretch. */
export const CUFF_IMPEDANCE = 0.5;
/** A stop is metal: it gives way by a few tenths of a degree under 100 Nm. As stiff as four physics steps allow. */
export const STOP_SOLVER = 'solreflimit="0.005 1" solimplimit="0.99 0.999 0.002"';
/** Stiffer than MuJoCo's default, with which a held joint creeps by degrees per second. */
export const FRICTION_SOLVER = 'solimpfriction="0.99 0.99 0.001"';

export const orthosisJointName = (side: Side, kind: LegKind): string => `orthosis-${kind}-${side}`;
export const humanJointName = (side: Side, kind: LegKind): string => `human-${kind}-${side}`;
export const segmentName = (owner: 'orthosis' | 'human', part: Part, side: Side): string => `${owner}-${part}-${side}`;
export const cuffName = (part: Part, side: Side): string => `cuff-${part}-${side}`;

/** What is strapped to the robot on one side. */
export const cuffedParts = (profile: GaitProfile, side: Side): readonly Part[] => (findJoint(profile, side, 'ankle') === undefined ? ['thigh', 'shank'] : ['thigh', 'shank', 'foot']);

export interface BodyModelOptions {
  readonly timestepS: number;
  /** RK4 for energy checks; implicitfast otherwise. */
  readonly integrator?: 'implicitfast' | 'RK4';
}

/** No islands: to find out anew in every step that the two legs are apart costs a tenth of the step. */
export function bodyModel(profile: GaitProfile, patient: Patient, options: BodyModelOptions): string {
  const { ground, hipHeightM } = profile.geometry;
  const hipM = ground === undefined ? hipHeightM : 0;
  const legs = sides.map((side) => orthosisXml(profile, patient, side, hipM) + humanXml(profile, patient, side, hipM)).join('');
  const cuffs = sides.flatMap((side) => cuffedParts(profile, side).map((part) => cuffXml(profile, patient, part, side)));
  return `<mujoco model="${profile.id}">
<compiler angle="radian" autolimits="true"/>
<option timestep="${options.timestepS}" integrator="${options.integrator ?? 'implicitfast'}" gravity="0 0 ${-GRAVITY_MPS2}"${ground === undefined ? '' : ` ${FIRM_STANCE}`}>
<flag autoreset="disable" contact="${ground === undefined ? 'disable' : 'enable'}" island="disable"/></option>
<worldbody>${ground === undefined ? legs : beltsXml(profile, patient, ground) + pelvisXml(patient, profile.geometry, legs)}</worldbody>
<equality>${cuffs.join('')}</equality>
${ground === undefined ? '' : loadCellsXml()}
</mujoco>`;
}

function orthosisXml(profile: GaitProfile, patient: Patient, side: Side, hipM: number): string {
  const { thigh, shank, foot } = orthosisLeg(patient, profile.geometry);
  const [hip, knee] = [drivenJoint(profile, side, 'hip'), drivenJoint(profile, side, 'knee')];
  const ankle = findJoint(profile, side, 'ankle');
  const y = lateralM(profile, side, profile.geometry.orthosisOffsetM);
  const footXml =
    ankle === undefined || foot === null ? '' : `\n<body name="${segmentName('orthosis', 'foot', side)}" pos="0 0 ${-shank.lengthM}">\n${orthosisJointXml(ankle, side)}${inertialXml(foot)}</body>`;
  return `
<body name="${segmentName('orthosis', 'thigh', side)}" pos="0 ${y} ${hipM}">
${orthosisJointXml(hip, side)}${inertialXml(thigh)}
<body name="${segmentName('orthosis', 'shank', side)}" pos="0 0 ${-thigh.lengthM}">
${orthosisJointXml(knee, side)}${inertialXml(shank)}${footXml}</body></body>`;
}

function orthosisJointXml(joint: LegJoint, side: Side): string {
  const stop = joint.mechanicalStopDeg;
  return `<joint name="${orthosisJointName(side, joint.kind)}" type="hinge" axis="${axis(joint.kind)}"
 range="${degToRad(stop.min)} ${degToRad(stop.max)}" ${STOP_SOLVER} ${FRICTION_SOLVER}
 frictionloss="${joint.coulombFrictionNm}" damping="${joint.viscousFrictionNmsPerRad}" armature="${joint.rotorInertiaKgM2}"/>`;
}

function humanXml(profile: GaitProfile, patient: Patient, side: Side, hipM: number): string {
  const { thigh, shank, foot } = humanLeg(patient, profile.geometry);
  const joint = (kind: LegKind): string =>
    `<joint name="${humanJointName(side, kind)}" type="hinge" axis="${axis(kind)}" ${FRICTION_SOLVER} damping="${HUMAN_DAMPING_NMS_PER_RAD[kind] + (kind === 'ankle' && findJoint(profile, side, kind) === undefined ? FOOT_LIFTER_NMS_PER_RAD : 0)}"/>`;
  const { ground } = profile.geometry;
  const solesOf = ground === undefined ? '' : solesXml(profile, patient, ground, side);
  // Where nothing moves the ankle, a foot lifter holds it; off the ground its mass counts under the shank.
  const footXml =
    findJoint(profile, side, 'ankle') === undefined && ground === undefined
      ? `<body name="${segmentName('human', 'foot', side)}">${inertialXml({ ...foot, comM: shank.lengthM + foot.comM, forwardM: 0 })}</body>`
      : `<body name="${segmentName('human', 'foot', side)}" pos="0 0 ${-shank.lengthM}">\n${joint('ankle')}${inertialXml(foot)}${solesOf}</body>`;
  return `
<body name="${segmentName('human', 'thigh', side)}" pos="0 ${lateralM(profile, side, 0)} ${hipM}">
${joint('hip')}${inertialXml(thigh)}
<body name="${segmentName('human', 'shank', side)}" pos="0 0 ${-thigh.lengthM}">
${joint('knee')}${inertialXml(shank)}
${footXml}</body></body>`;
}

function cuffXml(profile: GaitProfile, patient: Patient, part: Part, side: Side): string {
  const orthosis = orthosisLeg(patient, profile.geometry);
  const anchor = part === 'foot' ? `${CUFF_FRACTION * (orthosis.foot?.lengthM ?? 0)} 0 0` : `0 0 ${-CUFF_FRACTION * orthosis[part].lengthM}`;
  return `<connect name="${cuffName(part, side)}" body1="${segmentName('orthosis', part, side)}" body2="${segmentName('human', part, side)}"
 anchor="${anchor}" solref="-1000 -60" solimp="${CUFF_IMPEDANCE} ${CUFF_IMPEDANCE} 0.001"/>`;
}

/** Only the inertia about y matters: every joint turns in the sagittal plane. */
function inertialXml({ massKg, comM, forwardM, inertiaKgM2 }: Segment): string {
  return `<inertial pos="${forwardM} 0 ${-comM}" mass="${massKg}" diaginertia="${inertiaKgM2} ${inertiaKgM2} ${inertiaKgM2}"/>`;
}

const axis = (kind: LegKind): string => (kind === 'knee' ? '0 1 0' : '0 -1 0');

const lateralM = (profile: GaitProfile, side: Side, outwardM: number): number =>
  (side === 'left' ? 1 : -1) * (profile.geometry.hipSpacingM / 2 + outwardM);

export const findJoint = (profile: GaitProfile, side: Side, kind: LegKind): LegJoint | undefined => profile.joints.find((joint) => joint.side === side && joint.kind === kind);

/** @throws RangeError when the profile has no such joint: this body needs hips and knees on both sides */
export function drivenJoint(profile: GaitProfile, side: Side, kind: LegKind): LegJoint {
  const joint = findJoint(profile, side, kind);
  if (joint === undefined) throw new RangeError(`profile ${profile.id} has no ${kind} on the ${side}; this body needs it`);
  return joint;
}
