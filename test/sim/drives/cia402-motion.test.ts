import { expect, test } from 'vitest';
import { MODE } from '../../../protocols/wire/cia402.ts';
import { BenchLoad } from '../../../sim/drives/bench-load.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { emptyTargets, Motion } from '../../../sim/drives/cia402-motion.ts';

const STEP_S = 0.001;
const PROFILE = bareCia402(1);
const COUNT_RAD = (2 * Math.PI) / PROFILE.countsPerTurn;

test('comes to rest on its target in spite of friction, as servo drives with an integral part do, and stays there', () => {
  const load = new BenchLoad(PROFILE);
  const motion = new Motion(PROFILE.stiffnessMaxNmPerRad, PROFILE.dampingMaxNmsPerRad, COUNT_RAD);
  const targets = { ...emptyTargets(), mode: MODE.cyclicPosition, positionRad: 0.02, maxVelocityRadPerSec: 6, maxTorqueNm: 120, interpolationS: 0.1 };
  const run = (durationS: number): number => {
    let worstRad = 0;
    for (let t = 0; t < durationS; t += STEP_S) {
      load.applyTorqueNm(motion.torqueNm(targets, false, load.positionRad(), load.velocityRadPerSec(), STEP_S));
      load.step(STEP_S);
      worstRad = Math.max(worstRad, Math.abs(load.positionRad() - targets.positionRad));
    }
    return worstRad;
  };
  motion.start(0, 0);
  run(4);
  expect(run(5)).toBeLessThan(5 * COUNT_RAD);
});
