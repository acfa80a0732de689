/** How a session starts: this patient on this robot, with the profile's initial values. */
import type { Patient } from '../../protocols/api.ts';
import { toRangeRad, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { Confirmation, GaitParameters, SessionSetup } from '../../protocols/supervision.ts';
import { paceOf } from '../../protocols/therapy-limits.ts';

export interface EnteredSetup {
  /** As measured on the patient; without it the profile's soft range. The controller checks it. */
  readonly permittedRangeRad?: readonly RangeRad[] | undefined;
  readonly confirmed?: Record<Confirmation, boolean> | undefined;
}

/** What a plan comes to. */
export type PlannedSetup = Pick<SessionSetup, 'trigger' | 'trajectory' | 'assessment'> & Pick<GaitParameters, 'mode'> & { readonly guidance?: number };

export function initialSetup(profile: RobotProfile, patient: Patient, { permittedRangeRad, confirmed }: EnteredSetup, { mode, guidance = profile.therapy.guidance.initial, ...planned }: PlannedSetup): SessionSetup {
  return {
    patientRef: patient.id,
    bodyMassKg: patient.massKg,
    heightM: patient.heightM,
    permittedRangeRad: (permittedRangeRad ?? profile.joints.map((joint) => toRangeRad(joint.softRangeDeg))).map(({ min, max }) => ({ min, max })),
    parameters: {
      ...(mode === undefined ? {} : { mode }),
      speedMps: paceOf(profile).initial,
      guidance: { left: guidance, right: guidance },
      romScale: profile.joints.map(() => 1),
      offsetRad: profile.joints.map(() => 0),
      ...(profile.bodyWeightSupport === undefined ? {} : { unloadingKg: profile.bodyWeightSupport.initialKg }),
    },
    confirmed,
    ...planned,
  };
}
