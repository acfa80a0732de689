/**
 * Segments of a leg as fractions of body mass and height. Source: D. A. Winter, Biomechanics and Motor Control of
 * Human Movement, 4th ed. 2009, table 4.1 (mass, centre of mass, radius of gyration) and figure 4.1 (lengths).
 */
import type { GaitProfile } from '../../protocols/profile.ts';
import type { Muscles } from './muscles.ts';
import type { SimulatedPatient } from './simulated-patient.ts';

export interface Patient {
  readonly bodyMassKg: number;
  readonly heightM: number;
  /** Without: relaxed. */
  readonly muscles?: Muscles;
}

export const patientOf = (patient: SimulatedPatient): Patient => ({ bodyMassKg: patient.bodyMassKg, heightM: patient.heightM, muscles: { kind: 'person', patient } });

export interface Segment {
  readonly massKg: number;
  readonly lengthM: number;
  /** Centre of mass from the proximal joint, along the segment; of a foot, downward from the ankle. */
  readonly comM: number;
  /** And in front of it; only feet have that. */
  readonly forwardM: number;
  /** About the centre of mass, in the sagittal plane. */
  readonly inertiaKgM2: number;
}

/** Of body mass; of segment length from the proximal end; gyration about the centre of mass, of segment length. */
const THIGH = { mass: 0.1, com: 0.433, gyration: 0.323 };
const SHANK = { mass: 0.0465, com: 0.433, gyration: 0.302 };
const FOOT = { mass: 0.0145, gyration: 0.475 };
/** Head, arms and trunk. */
const TRUNK = { mass: 0.678 };
/** Ankle above the sole, of body height. */
export const FOOT_HEIGHT = 0.039;
/** In front of the ankle, of the foot's length: its centre of mass is at half of it, and the ankle at a quarter (own value). */
const FOOT_FORWARD = 0.25;
/** "Foot and leg" of the same table: with the shank it places the foot's own centre of mass. */
const SHANK_AND_FOOT = { mass: 0.061, com: 0.606 };

export interface Leg {
  readonly thigh: Segment;
  readonly shank: Segment;
  /** From the ankle. Where no drive moves it a foot lifter holds it at a right angle, its mass under the shank. */
  readonly foot: Segment;
}

/** Of everything above the hips. */
export const trunkMassKg = ({ bodyMassKg }: Patient): number => TRUNK.mass * bodyMassKg;

export function humanLeg(patient: Patient, geometry: Pick<GaitProfile['geometry'], 'thighFraction' | 'shankFraction' | 'footLengthFraction'>): Leg {
  const { bodyMassKg, heightM } = patient;
  const thighM = geometry.thighFraction * heightM;
  const shankM = geometry.shankFraction * heightM;
  const footM = geometry.footLengthFraction * heightM;
  const footCom = (SHANK_AND_FOOT.com * SHANK_AND_FOOT.mass - SHANK.com * SHANK.mass) / FOOT.mass;
  const inertia = (massFraction: number, gyration: number, lengthM: number): number =>
    massFraction * bodyMassKg * (gyration * lengthM) ** 2;
  return {
    thigh: { massKg: THIGH.mass * bodyMassKg, lengthM: thighM, comM: THIGH.com * thighM, forwardM: 0, inertiaKgM2: inertia(THIGH.mass, THIGH.gyration, thighM) },
    shank: { massKg: SHANK.mass * bodyMassKg, lengthM: shankM, comM: SHANK.com * shankM, forwardM: 0, inertiaKgM2: inertia(SHANK.mass, SHANK.gyration, shankM) },
    foot: { massKg: FOOT.mass * bodyMassKg, lengthM: footM, comM: (footCom - 1) * shankM, forwardM: FOOT_FORWARD * footM, inertiaKgM2: inertia(FOOT.mass, FOOT.gyration, footM) },
  };
}

/** The orthosis is fitted to the patient: its segments are as long as the limbs beside them. */
export function orthosisLeg(patient: Patient, geometry: GaitProfile['geometry']): { thigh: Segment; shank: Segment; foot: Segment | null } {
  const { orthosisFoot } = geometry;
  const footM = geometry.footLengthFraction * patient.heightM;
  const segment = (part: { massKg: number; comFraction: number; inertiaKgM2: number }, lengthM: number): Segment => ({
    massKg: part.massKg,
    lengthM,
    comM: part.comFraction * lengthM,
    forwardM: 0,
    inertiaKgM2: part.inertiaKgM2,
  });
  return {
    thigh: segment(geometry.orthosisThigh, geometry.thighFraction * patient.heightM),
    shank: segment(geometry.orthosisShank, geometry.shankFraction * patient.heightM),
    // A foot plate lies under the foot, level with the ankle for what gravity and inertia see of it.
    foot: orthosisFoot === undefined ? null : { massKg: orthosisFoot.massKg, lengthM: footM, comM: 0, forwardM: orthosisFoot.comFraction * footM, inertiaKgM2: orthosisFoot.inertiaKgM2 },
  };
}
