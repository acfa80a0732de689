import { describe, it } from 'vitest';
import { PreparationRig } from './preparation-rig.ts';

describe('the preparation of an empty robot', () => {
  it('debug', async () => {
    const rig = await PreparationRig.create();
    try { await rig.test();
    console.log(rig.cycle / 250, rig.output.state, rig.news);
    await rig.home();
    console.log(rig.cycle / 250, rig.output.state, rig.news);
    } finally { console.log(rig.told.map((t) => JSON.stringify(t)).join('\n'), rig.mostSpeedRadPerSec, rig.robot.robot.truth().joints.map((j) => j.positionRad*57.3)); }
  });
});
