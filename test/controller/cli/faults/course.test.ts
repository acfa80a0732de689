import { expect, it } from 'vitest';
import { createCourse } from '../../../../controller/cli/faults/course.ts';
import { BeltPace } from '../../../../controller/therapy/belt-pace.ts';
import { createRandom } from '../../../../protocols/random.ts';
import { gaitOrthosis } from '../../../sim/support/profile.ts';

it('calls it walking only when the pattern is whole again after a pause', () => {
  const profile = gaitOrthosis();
  for (let seed = 1; seed <= 5; seed++) {
    const { steps, windows, setup } = createCourse(profile, 0, createRandom(seed), 30, 40);
    const growCycles = profile.controlRateHz * BeltPace.of(profile, 1)!.growSec(setup.parameters.speedMps);
    for (const { cycle } of steps.filter(({ command }) => command === 'resume')) {
      const next = windows.find(({ mode, from }) => mode === 'walk100' && from > cycle)!;
      expect(next.from - cycle).toBeGreaterThanOrEqual(growCycles - 1);
    }
  }
});
