/**
 * Profile and patient → MJCF of a robot for one arm or both, about a trunk that sits still: at each shoulder the device's arm and
 * the person's turn about one point, joined by a cuff at upper arm, forearm and hand. A cuff has two pads beside the limb's axis,
 * so that it carries turns about it too. Axes and signs are those of protocols/arm-kinematics.ts; joints that the robot does not
 * have are straight, in the device and in the person that its splints hold.
 */
import { armAxis, armLengths, type ArmLengths } from '../../protocols/arm-kinematics.ts';
import { armKinds, armsOf, type ArmKind, type ArmSegment, type OneArm } from '../../protocols/arm-profile.ts';
import { exp } from '../../protocols/math.ts';
import { armJointsOf, type AnyJoint, type ArmChainJoint, type ArmProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { degToRad } from '../../protocols/units.ts';
import type { BodyPlan, Cuff, Tissue } from './body-plan.ts';
import type { Patient } from './human.ts';
import { CUFF_IMPEDANCE, FRICTION_SOLVER, STOP_SOLVER } from './model.ts';
import { GRAVITY_MPS2 } from './rest-pose.ts';

type Part = 'upperArm' | 'forearm' | 'hand';
const parts: readonly Part[] = ['upperArm', 'forearm', 'hand'];

/** What turns each part, the device's shoulder apart. */
const jointsOf: Readonly<Record<Part, readonly ArmKind[]>> = { upperArm: ['shoulderHorizontal', 'shoulderElevation', 'shoulderRotation'], forearm: ['elbow', 'forearm'], hand: ['wrist'] };
/**
 * Of body mass, of segment length from the proximal joint; radius of gyration of segment length across (Winter, table 4.1) and
 * along it (P. de Leva, J. Biomechanics 29 (1996) 1223-1230; the hand's scaled to Winter's length).
 */
const LIMB: Readonly<Record<Part, { mass: number; com: number; gyration: number; axial: number }>> = {
  upperArm: { mass: 0.028, com: 0.436, gyration: 0.322, axial: 0.158 },
  forearm: { mass: 0.016, com: 0.43, gyration: 0.303, axial: 0.121 },
  hand: { mass: 0.006, com: 0.506, gyration: 0.297, axial: 0.18 },
};
/** Where along its segment a cuff sits. */
const CUFF_FRACTION = 0.6;
/** Viscous part of relaxed joints; own values, smaller where less is moved. */
const HUMAN_DAMPING_NMS_PER_RAD: Readonly<Record<ArmKind, number>> = { shoulderHorizontal: 0.5, shoulderElevation: 0.5, shoulderRotation: 0.3, elbow: 0.3, forearm: 0.05, wrist: 0.05 };
/** Where tissue begins to hold a relaxed joint; own values, outside what healthy people reach with ease. */
const TISSUE_RANGE_DEG: Readonly<Record<ArmKind, readonly [number, number]>> = {
  shoulderHorizontal: [-60, 120],
  shoulderElevation: [-30, 160],
  shoulderRotation: [-60, 110],
  elbow: [-5, 140],
  forearm: [-80, 85],
  wrist: [-75, 80],
};
/** It doubles its torque within this angle: own figure, as stiff as the ends of the leg's joints. */
const TISSUE_DOUBLES_RAD = degToRad(5);
const TISSUE_NM = 1;
const TISSUE_MOST_DOUBLINGS = 6;

type Owner = 'device' | 'human';
const jointName = (owner: Owner, side: Side, kind: ArmKind): string => `${owner}-${side}-${kind}`;
const bodyName = (owner: Owner, side: Side, part: Part | 'shoulder'): string => `${owner}-${side}-${part}`;
const pads = ['outer', 'inner'] as const;
type Pad = (typeof pads)[number];

export function armPlan(profile: ArmProfile, patient: Patient): BodyPlan {
  const { geometry } = profile;
  const joints = armJointsOf(profile);
  return {
    xml: (timestepS, integrator = 'implicitfast') => armModel(profile, patient, timestepS, integrator),
    cuffs: armsOf(joints).flatMap(({ side }) => parts.flatMap((part) => pads.map((pad): Cuff => ({ name: cuffName(side, part, pad), bodies: [bodyName('device', side, part), bodyName('human', side, part)] })))),
    // Two pads share what a cuff carries.
    cuffStiffnessNPerM: geometry.cuffStiffnessNPerM / pads.length,
    cuffDampingNsPerM: geometry.cuffDampingNsPerM / pads.length,
    deviceJoint: (joint) => jointName('device', joint.side, armKindOf(joint)),
    humanJoint: (joint) => jointName('human', joint.side, armKindOf(joint)),
    limbKind: armKindOf,
    tissue: (indexOf) => armTissue(joints, indexOf),
    restRad: joints.map(({ homePositionDeg }) => degToRad(homePositionDeg)),
    lifted: armsOf(joints).map(({ side }) => ({ upperArm: bodyName('device', side, 'upperArm'), forearm: bodyName('device', side, 'forearm') })),
  };
}

function armModel(profile: ArmProfile, patient: Patient, timestepS: number, integrator: string): string {
  const arms = armsOf(armJointsOf(profile));
  return `<mujoco model="${profile.id}">
<compiler angle="radian" autolimits="true"/>
<option timestep="${timestepS}" integrator="${integrator}" gravity="0 0 ${-GRAVITY_MPS2}">
<flag autoreset="disable" contact="disable" island="disable"/></option>
<worldbody>
${arms.map((arm) => armXml(profile, arm, arms.length > 1, patient)).join('')}
</worldbody>
<equality>${arms.map(({ side }) => cuffsXml(profile, side, patient)).join('')}</equality>
</mujoco>`;
}

/** One arm alone turns about the middle. */
function armXml(profile: ArmProfile, arm: OneArm, isOneOfTwo: boolean, patient: Patient): string {
  const { side } = arm;
  const lengths = armLengths(profile.geometry, patient.heightM);
  const { deviceShoulder, shoulderHeightM, shoulderSpacingM } = profile.geometry;
  const inertia = deviceShoulder.inertiaKgM2;
  const at = `0 ${isOneOfTwo ? ((side === 'left' ? 1 : -1) * shoulderSpacingM) / 2 : 0} ${shoulderHeightM}`;
  // Springs carry the device itself at every level.
  const carried = profile.springs === undefined ? '' : ' gravcomp="1"';
  const own = (part: Part): readonly ArmKind[] => jointsOf[part].filter((kind) => arm.kinds.includes(kind));
  const deviceXml = (kind: ArmKind): string => deviceJointXml(profile, arm, kind);
  const device = chainXml('device', side, lengths, (part) => own(part).filter((kind) => kind !== 'shoulderHorizontal').map(deviceXml).join(''), (part) => deviceInertial(profile, part, lengths), carried);
  const human = chainXml('human', side, lengths, (part) => own(part).map((kind) => humanJointXml(side, kind)).join(''), (part) => limbInertial(patient, part, lengths));
  return `
<body name="${bodyName('device', side, 'shoulder')}" pos="${at}">${deviceXml('shoulderHorizontal')}
<inertial pos="0 0 0" mass="${deviceShoulder.massKg}" diaginertia="${inertia} ${inertia} ${inertia}"/>
<body name="${bodyName('device', side, 'upperArm')}"${carried}>${device}</body></body>
<body name="${bodyName('human', side, 'upperArm')}" pos="${at}">${human}</body>`;
}

/** From inside the upper arm's body on. */
function chainXml(owner: Owner, side: Side, { upperArmM, forearmM }: ArmLengths, joints: (part: Part) => string, inertial: (part: Part) => string, carried = ''): string {
  return `${joints('upperArm')}${inertial('upperArm')}
<body name="${bodyName(owner, side, 'forearm')}"${carried} pos="0 0 ${-upperArmM}">${joints('forearm')}${inertial('forearm')}
<body name="${bodyName(owner, side, 'hand')}"${carried} pos="0 0 ${-forearmM}">${joints('hand')}${inertial('hand')}</body></body>`;
}

function deviceJointXml(profile: ArmProfile, { side, kinds, places }: OneArm, kind: ArmKind): string {
  const joint = armJointsOf(profile)[places[kinds.indexOf(kind)] ?? -1];
  if (joint === undefined) throw new RangeError(`profile ${profile.id} has no ${kind}; this body needs it`);
  const stop = joint.mechanicalStopDeg;
  const rotorKgM2 = 'drive' in joint ? joint.rotorInertiaKgM2 : 0;
  return `
<joint name="${jointName('device', side, kind)}" type="hinge" axis="${armAxis(kind, side).join(' ')}" range="${degToRad(stop.min)} ${degToRad(stop.max)}" ${STOP_SOLVER} ${FRICTION_SOLVER}
 frictionloss="${joint.coulombFrictionNm}" damping="${joint.viscousFrictionNmsPerRad}" armature="${rotorKgM2}"/>`;
}

const humanJointXml = (side: Side, kind: ArmKind): string =>
  `\n<joint name="${jointName('human', side, kind)}" type="hinge" axis="${armAxis(kind, side).join(' ')}" ${FRICTION_SOLVER} damping="${HUMAN_DAMPING_NMS_PER_RAD[kind]}"/>`;

const lengthOf = (part: Part, { upperArmM, forearmM, handM }: ArmLengths): number => (part === 'upperArm' ? upperArmM : part === 'forearm' ? forearmM : handM);

function deviceInertial({ geometry }: ArmProfile, part: Part, lengths: ArmLengths): string {
  const segment: ArmSegment = part === 'upperArm' ? geometry.deviceUpperArm : part === 'forearm' ? geometry.deviceForearm : geometry.deviceHand;
  const across = segment.inertiaKgM2;
  return `\n<inertial pos="${segment.comForwardM} 0 ${-segment.comFraction * lengthOf(part, lengths)}" mass="${segment.massKg}" diaginertia="${across} ${across} ${segment.axialInertiaKgM2}"/>`;
}

function limbInertial({ bodyMassKg }: Patient, part: Part, lengths: ArmLengths): string {
  const { mass, com, gyration, axial } = LIMB[part];
  const [massKg, lengthM] = [mass * bodyMassKg, lengthOf(part, lengths)];
  const across = massKg * (gyration * lengthM) ** 2;
  return `\n<inertial pos="0 0 ${-com * lengthM}" mass="${massKg}" diaginertia="${across} ${across} ${massKg * (axial * lengthM) ** 2}"/>`;
}

const cuffName = (side: Side, part: Part, pad: Pad): string => `cuff-${side}-${part}-${pad}`;

const cuffsXml = (profile: ArmProfile, side: Side, patient: Patient): string =>
  parts.flatMap((part) => pads.map((pad) => cuffXml(profile, side, part, pad, armLengths(profile.geometry, patient.heightM)))).join('');

function cuffXml(profile: ArmProfile, side: Side, part: Part, pad: Pad, lengths: ArmLengths): string {
  const besideM = (pad === 'outer' ? 1 : -1) * profile.geometry.cuffRadiusM;
  return `<connect name="${cuffName(side, part, pad)}" body1="${bodyName('device', side, part)}" body2="${bodyName('human', side, part)}"
 anchor="${besideM} 0 ${-CUFF_FRACTION * lengthOf(part, lengths)}" solref="-1000 -60" solimp="${CUFF_IMPEDANCE} ${CUFF_IMPEDANCE} 0.001"/>`;
}

/** Torque of relaxed tissue around one joint, Nm: next to nothing within its range, doubling beyond it. */
export function passiveArmTorqueNm(kind: ArmKind, angleRad: number): number {
  const [minDeg, maxDeg] = TISSUE_RANGE_DEG[kind];
  const held = (beyondRad: number): number => TISSUE_NM * exp(Math.LN2 * Math.min(beyondRad / TISSUE_DOUBLES_RAD, TISSUE_MOST_DOUBLINGS));
  return held(degToRad(minDeg) - angleRad) - held(angleRad - degToRad(maxDeg));
}

function armTissue(joints: readonly ArmChainJoint[], indexOf: (name: string) => number): Tissue {
  const places = joints.map(({ side, kind }) => ({ kind, index: indexOf(jointName('human', side, kind)) }));
  return (positionsRad, appliedNm) => {
    for (const { kind, index } of places) appliedNm[index] = passiveArmTorqueNm(kind, positionsRad[index] ?? 0);
  };
}

function armKindOf({ id, kind }: AnyJoint): ArmKind {
  const found = armKinds.find((candidate) => candidate === kind);
  if (found === undefined) throw new RangeError(`joint ${id} is no joint of an arm`);
  return found;
}
