/** How fast the bare physics engine is on this machine: the yardstick beside which the speed of a whole simulation is read. */
import { US_PER_S } from '../../protocols/units.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { STEP_US } from '../drives/device.ts';
import { Engine, loadEngine } from './engine.ts';
import type { Patient } from './human.ts';
import { planOf } from './plan-of.ts';

/** Enough for the compiler to have settled. */
const WARM_UP_STEPS = 5_000;
/** Between two looks at the clock. */
const BLOCK_STEPS = 500;

export interface BareSpeed {
  readonly stepsPerSec: number;
  /** Simulated seconds per second. */
  readonly timesRealTime: number;
}

/**
 * The engine alone on the model of this robot and patient: no drives, no hub, no controller, nobody who looks.
 * @param nowUs of a real clock
 */
export async function measureBareSpeed(profile: RobotProfile, patient: Patient, nowUs: () => number, durationUs = US_PER_S / 2): Promise<BareSpeed> {
  const engine = new Engine(await loadEngine(), planOf(profile, patient).xml(STEP_US / US_PER_S));
  try {
    for (let i = 0; i < WARM_UP_STEPS; i++) engine.step();
    const startUs = nowUs();
    let steps = 0;
    let elapsedUs = 0;
    while (elapsedUs < durationUs) {
      for (let i = 0; i < BLOCK_STEPS; i++) engine.step();
      steps += BLOCK_STEPS;
      elapsedUs = nowUs() - startUs;
    }
    const stepsPerSec = (steps * US_PER_S) / elapsedUs;
    return { stepsPerSec, timesRealTime: (stepsPerSec * STEP_US) / US_PER_S };
  } finally {
    engine.dispose();
  }
}
