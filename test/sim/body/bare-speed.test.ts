import { expect, test } from 'vitest';
import { measureBareSpeed } from '../../../sim/body/bare-speed.ts';
import { averagePatient, gaitOrthosis } from '../support/profile.ts';

test('the bare engine is measured by the clock that it is given', async () => {
  let nowUs = 0;
  // Half a second passes from look to look, so the first block of 500 steps is all there is time for.
  const speed = await measureBareSpeed(gaitOrthosis(), averagePatient, () => (nowUs += 500_000), 500_000);
  expect(speed).toEqual({ stepsPerSec: 1_000, timesRealTime: 1 });
});
