/**
 * Profile and patient → MJCF of a robot with footplates: per foot a carriage that goes forward, a lift on it that goes up, and a
 * plate that turns about the ankle; two human legs, each foot strapped to its plate at heel and forefoot, under a pelvis that goes
 * up and down alone, carried by a saddle. Linear axes move in metres here; Body makes the angles of their drums of them. Before
 * anything is moved both legs hang straight, feet on their plates: that is how the straps are fastened.
 */
import { legOnPlate, travelM } from '../../protocols/footplate-kinematics.ts';
import type { PlateKind } from '../../protocols/footplate-profile.ts';
import type { AnyJoint, FootplateProfile, LegKind, PlateJoint } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { degToRad } from '../../protocols/units.ts';
import type { BodyPlan } from './body-plan.ts';
import { PELVIS, type Sole, soles } from './ground-model.ts';
import { FOOT_HEIGHT, humanLeg, trunkMassKg, type Patient, type Segment } from './human.ts';
import { legTissue } from './leg-plan.ts';
import { CUFF_IMPEDANCE, FRICTION_SOLVER, HUMAN_DAMPING_NMS_PER_RAD, humanJointName, STOP_SOLVER } from './model.ts';
import { GRAVITY_MPS2 } from './rest-pose.ts';

/** The joint of a leg beside each axis: what somebody does to the leg there, he does to this one. */
const BESIDE: Readonly<Record<PlateKind, LegKind>> = { foreAft: 'hip', vertical: 'knee', pitch: 'ankle' };
const AXES: Readonly<Record<PlateKind, string>> = { foreAft: 'type="slide" axis="1 0 0"', vertical: 'type="slide" axis="0 0 1"', pitch: 'type="hinge" axis="0 -1 0"' };
/** How far he may be lifted off the saddle, m; and what its guide damps. Own values. */
const LIFT_M = 0.1;
const GUIDE_NS_PER_M = 400;
/** At the end of its travel a saddle gives way by millimetres under a person. */
const SEAT_SOLVER = 'solreflimit="0.02 1" solimplimit="0.9 0.95 0.005"';

export const strapName = (sole: Sole, side: Side): string => `strap-${sole}-${side}`;
/** Where a strap holds, on the plate and on the foot. */
export const strapPoint = (owner: 'plate' | 'foot', sole: Sole, side: Side): string => `${owner}-${sole}-${side}`;

const axisName = (side: Side, kind: PlateKind): string => `${kind}-${side}`;
const plateName = (side: Side): string => `plate-${side}`;
const footName = (side: Side): string => `human-foot-${side}`;

/** Of the leg from hip to ankle, straight. */
export const legLengthM = (patient: Patient, { geometry }: FootplateProfile): number => (geometry.thighFraction + geometry.shankFraction) * patient.heightM;

export function platePlan(profile: FootplateProfile, patient: Patient): BodyPlan {
  const { geometry } = profile;
  const legM = legLengthM(patient, profile);
  const hipM = geometry.saddleFraction * legM;
  return {
    xml: (timestepS, integrator = 'implicitfast') => plateModel(profile, patient, timestepS, integrator),
    cuffs: sides.flatMap((side) => soles.map((sole) => ({ name: strapName(sole, side), bodies: [plateName(side), footName(side)] as const }))),
    cuffStiffnessNPerM: geometry.cuffStiffnessNPerM,
    cuffDampingNsPerM: geometry.cuffDampingNsPerM,
    deviceJoint: (joint) => axisName(joint.side, kindOf(joint)),
    humanJoint: (joint) => humanJointName(joint.side, BESIDE[kindOf(joint)]),
    limbKind: (joint) => BESIDE[kindOf(joint)],
    lay: (deviceRad) => [[PELVIS, hipM - legM], ...sides.flatMap((side) => legJoints(profile, patient, side, hipM, deviceRad))],
    tissue: (indexOf) => legTissue(sides, false, undefined, indexOf),
    restRad: profile.joints.map(({ homePositionDeg }) => degToRad(homePositionDeg)),
    lifted: [],
  };
}

function legJoints({ joints, geometry }: FootplateProfile, { heightM }: Patient, side: Side, hipM: number, deviceRad: ArrayLike<number>): [string, number][] {
  const at = (kind: PlateKind): number => {
    const place = joints.findIndex((joint) => joint.side === side && joint.kind === kind);
    return travelM(joints[place] ?? {}, deviceRad[place] ?? 0);
  };
  const leg = { thighM: geometry.thighFraction * heightM, shankM: geometry.shankFraction * heightM };
  const { hipRad, kneeRad, ankleRad } = legOnPlate(leg, hipM, { forwardM: at('foreAft'), upM: at('vertical'), pitchRad: at('pitch') }, { hipRad: 0, kneeRad: 0, ankleRad: 0 });
  return [
    [humanJointName(side, 'hip'), hipRad],
    [humanJointName(side, 'knee'), kneeRad],
    [humanJointName(side, 'ankle'), ankleRad],
  ];
}

function plateModel(profile: FootplateProfile, patient: Patient, timestepS: number, integrator: string): string {
  const legM = legLengthM(patient, profile);
  const ankleM = profile.geometry.plateHeightM + FOOT_HEIGHT * patient.heightM;
  const lowestM = (profile.geometry.saddleLowestFraction - 1) * legM;
  return `<mujoco model="${profile.id}">
<compiler angle="radian" autolimits="true"/>
<option timestep="${timestepS}" integrator="${integrator}" gravity="0 0 ${-GRAVITY_MPS2}">
<flag autoreset="disable" contact="disable" island="disable"/></option>
<worldbody>${sides.map((side) => plateXml(profile, patient, side, ankleM)).join('')}
<body name="${PELVIS}" pos="0 0 ${ankleM + legM}">
<joint name="${PELVIS}" type="slide" axis="0 0 1" range="${lowestM} ${LIFT_M}" damping="${GUIDE_NS_PER_M}" ${SEAT_SOLVER}/>
<inertial pos="0 0 0" mass="${trunkMassKg(patient)}" diaginertia="1 1 1"/>${sides.map((side) => legXml(profile, patient, side)).join('')}</body>
</worldbody>
<equality>${sides.flatMap((side) => soles.map((sole) => strapXml(profile, patient, sole, side))).join('')}</equality>
</mujoco>`;
}

/** A counterweight on the lift carries its share of lift and plate; the engine counts it in weights of the lift. */
function plateXml(profile: FootplateProfile, patient: Patient, side: Side, ankleM: number): string {
  const { carriageKg, liftKg, plateKg, plateInertiaKgM2, plateComForwardM, plateComBelowM, balancedShare } = profile.geometry;
  const point = (massKg: number): string => `<inertial pos="0 0 0" mass="${massKg}" diaginertia="1 1 1"/>`;
  return `
<body name="carriage-${side}" pos="0 ${lateralM(profile, side)} ${ankleM}">${axisXml(profile, side, 'foreAft')}${point(carriageKg)}
<body name="lift-${side}" gravcomp="${(balancedShare * (liftKg + plateKg)) / liftKg}">${axisXml(profile, side, 'vertical')}${point(liftKg)}
<body name="${plateName(side)}">${axisXml(profile, side, 'pitch')}
<inertial pos="${plateComForwardM} 0 ${-plateComBelowM}" mass="${plateKg}" diaginertia="${plateInertiaKgM2} ${plateInertiaKgM2} ${plateInertiaKgM2}"/>${pointsXml(profile, patient, 'plate', side)}</body></body></body>`;
}

function axisXml(profile: FootplateProfile, side: Side, kind: PlateKind): string {
  const joint = jointOf(profile, side, kind);
  const lead = joint.leadMPerRad ?? 1;
  const { min, max } = joint.mechanicalStopDeg;
  return `<joint name="${axisName(side, kind)}" ${AXES[kind]} range="${lead * degToRad(min)} ${lead * degToRad(max)}" ${STOP_SOLVER} ${FRICTION_SOLVER}
 frictionloss="${joint.coulombFrictionNm / lead}" damping="${joint.viscousFrictionNmsPerRad / lead ** 2}" armature="${joint.rotorInertiaKgM2 / lead ** 2}"/>`;
}

function legXml(profile: FootplateProfile, patient: Patient, side: Side): string {
  const { thigh, shank, foot } = humanLeg(patient, profile.geometry);
  const joint = (kind: LegKind): string => `<joint name="${humanJointName(side, kind)}" type="hinge" axis="${kind === 'knee' ? '0 1 0' : '0 -1 0'}" ${FRICTION_SOLVER} damping="${HUMAN_DAMPING_NMS_PER_RAD[kind]}"/>`;
  const mass = ({ massKg, comM, forwardM, inertiaKgM2 }: Segment): string => `<inertial pos="${forwardM} 0 ${-comM}" mass="${massKg}" diaginertia="${inertiaKgM2} ${inertiaKgM2} ${inertiaKgM2}"/>`;
  return `
<body name="human-thigh-${side}" pos="0 ${lateralM(profile, side)} 0">${joint('hip')}${mass(thigh)}
<body name="human-shank-${side}" pos="0 0 ${-thigh.lengthM}">${joint('knee')}${mass(shank)}
<body name="${footName(side)}" pos="0 0 ${-shank.lengthM}">${joint('ankle')}${mass(foot)}${pointsXml(profile, patient, 'foot', side)}</body></body></body>`;
}

const strapPlace = ({ geometry }: FootplateProfile, { heightM }: Patient, sole: Sole): string =>
  `${geometry.footLengthFraction * heightM * (sole === 'heel' ? -geometry.heelBehindFraction : geometry.forefootBeforeFraction)} 0 ${-FOOT_HEIGHT * heightM}`;

/** Points that touch nothing and weigh nothing: the engine tells where they are. */
const pointsXml = (profile: FootplateProfile, patient: Patient, owner: 'plate' | 'foot', side: Side): string =>
  soles.map((sole) => `<geom name="${strapPoint(owner, sole, side)}" type="sphere" pos="${strapPlace(profile, patient, sole)}" size="0.01" mass="0" contype="0" conaffinity="0"/>`).join('');

const strapXml = (profile: FootplateProfile, patient: Patient, sole: Sole, side: Side): string =>
  `<connect name="${strapName(sole, side)}" body1="${plateName(side)}" body2="${footName(side)}" anchor="${strapPlace(profile, patient, sole)}" solref="-1000 -60" solimp="${CUFF_IMPEDANCE} ${CUFF_IMPEDANCE} 0.001"/>`;

const lateralM = ({ geometry }: FootplateProfile, side: Side): number => ((side === 'left' ? 1 : -1) * geometry.hipSpacingM) / 2;

function jointOf(profile: FootplateProfile, side: Side, kind: PlateKind): PlateJoint {
  const joint = profile.joints.find((candidate) => candidate.side === side && candidate.kind === kind);
  if (joint === undefined) throw new RangeError(`profile ${profile.id} has no ${kind} on the ${side}; this body needs it`);
  return joint;
}

function kindOf({ id, kind }: AnyJoint): PlateKind {
  if (kind === 'foreAft' || kind === 'vertical' || kind === 'pitch') return kind;
  throw new RangeError(`joint ${id} is no axis of a footplate`);
}
