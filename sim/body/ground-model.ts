/**
 * The MJCF of what stands on ground: a pelvis that carries trunk, head and arms and moves up and down alone, a belt plate under
 * each leg whose surface moves, and feet that touch it with heel and forefoot. Only a foot and its own plate touch.
 */
import type { GaitProfile } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { FOOT_HEIGHT, humanLeg, trunkMassKg, type Patient } from './human.ts';

export type GroundProfile = NonNullable<GaitProfile['geometry']['ground']>;
export type Sole = 'heel' | 'forefoot';
export const soles = ['heel', 'forefoot'] as const;

/** A strap beside the rope ends a fall: so far below where he stands upright. Own value. */
const FALL_M = 0.15;
/** How far he can be lifted from where he hangs. */
const LIFT_M = 0.3;
/** Of the guide in which pelvis and orthosis go up and down; own value. */
const GUIDE_NS_PER_M = 200;
/** Of a shoe, above its load cells; own value. */
export const PAD_RADIUS_M = 0.015;
/** A shoe gives way by a few millimetres under a person's weight. */
const SOLE_SOLVER = 'solref="0.03 1" solimp="0.8 0.9 0.01"';

/** Friction fifty times as firm as the sole: with as firm a one, a foot that stands creeps by millimetres per second. */
export const FIRM_STANCE = 'cone="elliptic" impratio="50"';

export const PELVIS = 'pelvis';
export const beltName = (side: Side): string => `belt-${side}`;
export const padName = (sole: Sole, side: Side): string => `${sole}-${side}`;

/** How high the hip stands above the belt when both legs are straight. */
export function standingHipM(patient: Patient, geometry: GaitProfile['geometry']): number {
  const { thigh, shank } = humanLeg(patient, geometry);
  return thigh.lengthM + shank.lengthM + FOOT_HEIGHT * patient.heightM;
}

/** Where the belt's surface lies: the robot is set to the patient's height, so that his feet, when he hangs with relaxed knees, just leave it. */
export const beltHeightM = (patient: Patient, geometry: GaitProfile['geometry']): number => geometry.hipHeightM - standingHipM(patient, geometry);

/** The pelvis with both legs in it; its joint is 0 where he hangs. */
export function pelvisXml(patient: Patient, { hipHeightM }: GaitProfile['geometry'], legs: string): string {
  return `
<body name="${PELVIS}" pos="0 0 ${hipHeightM}">
<joint name="${PELVIS}" type="slide" axis="0 0 1" range="${-FALL_M} ${LIFT_M}" damping="${GUIDE_NS_PER_M}" solreflimit="0.02 1"/>
<inertial pos="0 0 0" mass="${trunkMassKg(patient)}" diaginertia="1 1 1"/>${legs}</body>`;
}

/** Compiled with a moving surface, because the engine looks for one only then. */
export function beltsXml(profile: GaitProfile, patient: Patient, { friction }: GroundProfile): string {
  const heightM = beltHeightM(patient, profile.geometry);
  return sides
    .map((side) => `<geom name="${beltName(side)}" type="plane" pos="0 0 ${heightM}" size="1.5 0.25 1" contype="0" conaffinity="${contactBit(side)}" friction="${friction} 0 0" ${SOLE_SOLVER} surfacevel="-1 0 0 0 0 0"/>`)
    .join('');
}

/** The pads under a foot whose origin is the ankle, each with a cell that feels its load. */
export function solesXml(profile: GaitProfile, patient: Patient, { friction, heelBehindFraction, forefootBeforeFraction }: GroundProfile, side: Side): string {
  const downM = PAD_RADIUS_M - FOOT_HEIGHT * patient.heightM;
  return soles
    .map((sole) => {
      const forwardM = profile.geometry.footLengthFraction * patient.heightM * (sole === 'heel' ? -heelBehindFraction : forefootBeforeFraction);
      const name = padName(sole, side);
      return `<geom name="${name}" type="sphere" pos="${forwardM} 0 ${downM}" size="${PAD_RADIUS_M}" mass="0" contype="${contactBit(side)}" conaffinity="0" friction="${friction} 0 0" ${SOLE_SOLVER}/>
<site name="${name}" pos="${forwardM} 0 ${downM}" size="${2 * PAD_RADIUS_M}"/>`;
    })
    .join('');
}

export const loadCellsXml = (): string => `<sensor>${sides.flatMap((side) => soles.map((sole) => `<touch name="${padName(sole, side)}" site="${padName(sole, side)}"/>`)).join('')}</sensor>`;

/** On an ankle that no drive moves; dorsiflexion positive. */
export const footLifterNm = ({ footLifterNmPerRad, footLifterSlackDeg }: GroundProfile, ankleRad: number): number => footLifterNmPerRad * Math.max(0, degToRad(footLifterSlackDeg) - ankleRad);

const contactBit = (side: Side): number => (side === 'left' ? 1 : 2);
