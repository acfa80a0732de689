/** The ground that a gait profile may ask for: none of those that come with Dari does, so whoever measures on it adds it. */
import type { GaitProfile } from '../../../protocols/profile.ts';
import type { ScriptParameters } from '../session-script.ts';

/** As in the README. */
const GROUND = { heelBehindFraction: 0.2, forefootBeforeFraction: 0.45, friction: 0.8, harnessNPerM: 20_000, harnessNsPerM: 500, footLifterNmPerRad: 60, footLifterSlackDeg: 15 };

export const onGround = (profile: GaitProfile): GaitProfile => ({ ...profile, geometry: { ...profile.geometry, ground: GROUND } });

/** With which a relaxed person of 75 kg walks on it. */
export const ON_GROUND: ScriptParameters = { speedKmh: 2, unloadingKg: 35 };
