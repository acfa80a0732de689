/**
 * Segments of a leg as fractions of body mass and height. Source: D. A. Winter, Biomechanics and Motor Control of
 * Human Movement, 4th ed. 2009, table 4.1 (mass, centre of mass, radius of gyration) and figure 4.1 (lengths).
 */
import type { RobotProfile } from '../../protocols/profile.ts';
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
  /** Centre of mass from the proximal joint, along the segment. */
  readonly comM: number;
  /** About the centre of mass, in the sagittal plane. */
  readonly inertiaKgM2: number;
}

/** Of body mass; of segment length from the proximal end; gyration about the centre of mass, of segment length. */
const THIGH = { mass: 0.1, com: 0.433, gyration: 0.323 };
const SHANK = { mass: 0.0465, com: 0.433, gyration: 0.302 };
const FOOT = { mass: 0.0145, gyration: 0.475 };
/** "Foot and leg" of the same table: with the shank it places the foot's own centre of mass. */
const SHANK_AND_FOOT = { mass: 0.061, com: 0.606 };

export interface Leg {
  readonly thigh: Segment;
  readonly shank: Segment;
  /** Held by the foot lifter at a right angle: its place is given from the knee, along the shank. */
  readonly foot: Segment;
}

export function humanLeg(patient: Patient, geometry: RobotProfile['geometry']): Leg {
  const { bodyMassKg, heightM } = patient;
  const thighM = geometry.thighFraction * heightM;
  const shankM = geometry.shankFraction * heightM;
  const footM = geometry.footLengthFraction * heightM;
  const footCom = (SHANK_AND_FOOT.com * SHANK_AND_FOOT.mass - SHANK.com * SHANK.mass) / FOOT.mass;
  const inertia = (massFraction: number, gyration: number, lengthM: number): number =>
    massFraction * bodyMassKg * (gyration * lengthM) ** 2;
  return {
    thigh: { massKg: THIGH.mass * bodyMassKg, lengthM: thighM, comM: THIGH.com * thighM, inertiaKgM2: inertia(THIGH.mass, THIGH.gyration, thighM) },
    shank: { massKg: SHANK.mass * bodyMassKg, lengthM: shankM, comM: SHANK.com * shankM, inertiaKgM2: inertia(SHANK.mass, SHANK.gyration, shankM) },
    foot: { massKg: FOOT.mass * bodyMassKg, lengthM: footM, comM: footCom * shankM, inertiaKgM2: inertia(FOOT.mass, FOOT.gyration, footM) },
  };
}

/** The orthosis is fitted to the patient: its segments are as long as the limbs beside them. */
export function orthosisLeg(patient: Patient, geometry: RobotProfile['geometry']): { thigh: Segment; shank: Segment } {
  const segment = (part: { massKg: number; comFraction: number; inertiaKgM2: number }, lengthM: number): Segment => ({
    massKg: part.massKg,
    lengthM,
    comM: part.comFraction * lengthM,
    inertiaKgM2: part.inertiaKgM2,
  });
  return {
    thigh: segment(geometry.orthosisThigh, geometry.thighFraction * patient.heightM),
    shank: segment(geometry.orthosisShank, geometry.shankFraction * patient.heightM),
  };
}
