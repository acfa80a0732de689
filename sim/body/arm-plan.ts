/**
 * Profile and patient → MJCF of a robot for one arm: the device's arm and the person's, turning about one shoulder that sits
 * still, joined by a cuff at upper arm, forearm and hand. A cuff has two pads beside the limb's axis, so that it carries
 * turns about it too. Axes and signs are those of protocols/arm-kinematics.ts.
 */
import { armAxis, armLengths, type ArmLengths } from '../../protocols/arm-kinematics.ts';
import { armKinds, type ArmKind, type ArmSegment } from '../../protocols/arm-profile.ts';
import { exp } from '../../protocols/math.ts';
import { allJointsOf, type AnyJoint, type ArmProfile } from '../../protocols/profile.ts';
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

const deviceJoint = (kind: ArmKind): string => `device-${kind}`;
const humanJoint = (kind: ArmKind): string => `human-${kind}`;
const pads = ['outer', 'inner'] as const;

export function armPlan(profile: ArmProfile, patient: Patient): BodyPlan {
  const { geometry } = profile;
  return {
    xml: (timestepS, integrator = 'implicitfast') => armModel(profile, patient, timestepS, integrator),
    cuffs: parts.flatMap((part) => pads.map((pad): Cuff => ({ name: `cuff-${part}-${pad}`, bodies: [`device-${part}`, `human-${part}`] }))),
    // Two pads share what a cuff carries.
    cuffStiffnessNPerM: geometry.cuffStiffnessNPerM / pads.length,
    cuffDampingNsPerM: geometry.cuffDampingNsPerM / pads.length,
    deviceJoint: (joint) => deviceJoint(armKindOf(joint)),
    humanJoint: (joint) => humanJoint(armKindOf(joint)),
    limbKind: armKindOf,
    tissue: armTissue,
    restRad: allJointsOf(profile).map(({ homePositionDeg }) => degToRad(homePositionDeg)),
  };
}

function armModel(profile: ArmProfile, patient: Patient, timestepS: number, integrator: string): string {
  const lengths = armLengths(profile.geometry, patient.heightM);
  const { massKg, inertiaKgM2 } = profile.geometry.deviceShoulder;
  const at = `0 0 ${profile.geometry.shoulderHeightM}`;
  // Springs carry the device itself at every level.
  const carried = profile.springs === undefined ? '' : ' gravcomp="1"';
  const device = chainXml('device', lengths, (part) => jointsOf[part].filter((kind) => kind !== 'shoulderHorizontal').map((kind) => deviceJointXml(profile, kind)).join(''), (part) => deviceInertial(profile, part, lengths), carried);
  const human = chainXml('human', lengths, (part) => jointsOf[part].map((kind) => humanJointXml(profile, kind)).join(''), (part) => limbInertial(patient, part, lengths));
  const cuffs = parts.flatMap((part) => pads.map((pad) => cuffXml(profile, part, pad, lengths)));
  return `<mujoco model="${profile.id}">
<compiler angle="radian" autolimits="true"/>
<option timestep="${timestepS}" integrator="${integrator}" gravity="0 0 ${-GRAVITY_MPS2}">
<flag autoreset="disable" contact="disable" island="disable"/></option>
<worldbody>
<body name="device-shoulder" pos="${at}">${deviceJointXml(profile, 'shoulderHorizontal')}
<inertial pos="0 0 0" mass="${massKg}" diaginertia="${inertiaKgM2} ${inertiaKgM2} ${inertiaKgM2}"/>
<body name="device-upperArm"${carried}>${device}</body>
<body name="human-upperArm" pos="${at}">${human}
</worldbody>
<equality>${cuffs.join('')}</equality>
</mujoco>`;
}

/** From inside the upper arm's body on, whose end it is. */
function chainXml(owner: 'device' | 'human', { upperArmM, forearmM }: ArmLengths, joints: (part: Part) => string, inertial: (part: Part) => string, carried = ''): string {
  return `${joints('upperArm')}${inertial('upperArm')}
<body name="${owner}-forearm"${carried} pos="0 0 ${-upperArmM}">${joints('forearm')}${inertial('forearm')}
<body name="${owner}-hand"${carried} pos="0 0 ${-forearmM}">${joints('hand')}${inertial('hand')}</body></body></body>`;
}

const sideOf = (profile: ArmProfile): Side => allJointsOf(profile)[0]?.side ?? 'right';

function deviceJointXml(profile: ArmProfile, kind: ArmKind): string {
  const joint = allJointsOf(profile).find((candidate) => candidate.kind === kind);
  if (joint === undefined) throw new RangeError(`profile ${profile.id} has no ${kind}; this body needs it`);
  const stop = joint.mechanicalStopDeg;
  const rotorKgM2 = 'drive' in joint ? joint.rotorInertiaKgM2 : 0;
  return `
<joint name="${deviceJoint(kind)}" type="hinge" axis="${armAxis(kind, joint.side).join(' ')}" range="${degToRad(stop.min)} ${degToRad(stop.max)}" ${STOP_SOLVER} ${FRICTION_SOLVER}
 frictionloss="${joint.coulombFrictionNm}" damping="${joint.viscousFrictionNmsPerRad}" armature="${rotorKgM2}"/>`;
}

const humanJointXml = (profile: ArmProfile, kind: ArmKind): string =>
  `\n<joint name="${humanJoint(kind)}" type="hinge" axis="${armAxis(kind, sideOf(profile)).join(' ')}" ${FRICTION_SOLVER} damping="${HUMAN_DAMPING_NMS_PER_RAD[kind]}"/>`;

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

function cuffXml(profile: ArmProfile, part: Part, pad: (typeof pads)[number], lengths: ArmLengths): string {
  const besideM = (pad === 'outer' ? 1 : -1) * profile.geometry.cuffRadiusM;
  return `<connect name="cuff-${part}-${pad}" body1="device-${part}" body2="human-${part}"
 anchor="${besideM} 0 ${-CUFF_FRACTION * lengthOf(part, lengths)}" solref="-1000 -60" solimp="${CUFF_IMPEDANCE} ${CUFF_IMPEDANCE} 0.001"/>`;
}

/** Torque of relaxed tissue around one joint, Nm: next to nothing within its range, doubling beyond it. */
export function passiveArmTorqueNm(kind: ArmKind, angleRad: number): number {
  const [minDeg, maxDeg] = TISSUE_RANGE_DEG[kind];
  const held = (beyondRad: number): number => TISSUE_NM * exp(Math.LN2 * Math.min(beyondRad / TISSUE_DOUBLES_RAD, TISSUE_MOST_DOUBLINGS));
  return held(degToRad(minDeg) - angleRad) - held(angleRad - degToRad(maxDeg));
}

function armTissue(indexOf: (name: string) => number): Tissue {
  const places = armKinds.map((kind) => ({ kind, index: indexOf(humanJoint(kind)) }));
  return (positionsRad, appliedNm) => {
    for (const { kind, index } of places) appliedNm[index] = passiveArmTorqueNm(kind, positionsRad[index] ?? 0);
  };
}

function armKindOf({ id, kind }: AnyJoint): ArmKind {
  const found = armKinds.find((candidate) => candidate === kind);
  if (found === undefined) throw new RangeError(`joint ${id} is no joint of an arm`);
  return found;
}
