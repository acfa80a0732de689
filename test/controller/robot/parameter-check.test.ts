import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkSetup } from '../../../controller/robot/parameter-check.ts';
import { initialSetup } from '../../../controller/station/session-setup.ts';
import { demoPatients } from '../../../controller/station/records/demo-patients.ts';
import { settingsFor } from '../../../controller/therapy/assessments/plan.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';

const profileOf = (name: string) => parseProfile(fs.readFileSync(`hal/profiles/${name}.json`, 'utf8'), name);

/** What the robot process says of a session that the page has planned. */
function planned(name: string, plan: Parameters<typeof initialSetup>[3]): () => void {
  const profile = profileOf(name);
  return () => checkSetup(profile, initialSetup(profile, demoPatients[0]!, {}, plan));
}

describe('what a session is planned for', () => {
  const trigger = { source: 'torque', thresholdNm: 4 } as const;

  it('is taken where the robot can do it', () => {
    for (const name of ['arm-exo', 'gait-exo', 'gait-endeffector']) expect(planned(name, { mode: 'triggered', trigger })).not.toThrow();
    expect(planned('gait-orthosis', { assessment: { kind: 'strength', joint: 'kneeLeft' } })).not.toThrow();
    const order = { kind: 'walking' } as const;
    expect(planned('gait-orthosis', { assessment: order, ...settingsFor(order) })).not.toThrow();
    for (const kind of ['walk10m', 'walk6min'] as const) expect(planned('gait-orthosis', { assessment: { kind } })).not.toThrow();
    for (const name of ['arm-exo', 'arm-support']) expect(planned(name, { assessment: { kind: 'reach', side: 'right' } })).not.toThrow();
  });

  it('is refused, with what to do, where it cannot', () => {
    expect(planned('gait-orthosis', { mode: 'triggered', trigger })).toThrow(/cannot train in the mode triggered\. Choose/);
    expect(planned('arm-bimanual', { mode: 'triggered', trigger })).toThrow(/cannot train in the mode triggered\. Choose/);
    expect(planned('arm-exo', { mode: 'triggered', trigger: { source: 'emg', channel: 0, restUv: 5, mvcUv: 300, thresholdShare: 0.2 } })).toThrow(/measures no EMG\. Let the torque/);
    expect(planned('gait-endeffector', { mode: 'replay' })).toThrow(/cannot train in the mode replay\. Choose/);
    for (const name of ['arm-exo', 'gait-orthosis']) expect(planned(name, { mode: 'replay' })).toThrow(/nothing to replay\. Record a movement first/);
    expect(planned('gait-orthosis', { assessment: { kind: 'rom', joint: 'elbow' } })).toThrow(/no joint elbow to assess\. Choose/);
    expect(planned('gait-endeffector', { assessment: { kind: 'rom', joint: 'leftPitch' } })).toThrow(/assesses nothing\. Choose one that holds the limb/);
    expect(planned('gait-orthosis', { assessment: { kind: 'walking' } })).toThrow(/in the mode assistTorque alone/);
    expect(planned('gait-exo', { assessment: { kind: 'walk6min' } })).toThrow(/no belt that measures how far/);
    expect(planned('arm-exo', { assessment: { kind: 'walk10m' } })).toThrow(/does not walk with anybody/);
    expect(planned('arm-support', { assessment: { kind: 'rom', joint: 'elbow' } })).toThrow(/moves nothing, so it cannot assess rom\. Choose reach/);
  });
});
