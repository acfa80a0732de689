/** A passive patient on the belt, guided by the whole controller, and looked at from outside: contacts, feet, belt. */
import { expect, test } from 'vitest';
import { GaitTruth } from '../../../controller/cli/bench/gait-truth.ts';
import { prepareRobot } from '../../../controller/cli/lockstep-preparation.ts';
import { LockstepRig } from '../../../controller/cli/lockstep-rig.ts';
import { kmhToMps, radToDeg, US_PER_S } from '../../../protocols/units.ts';
import { averagePatient, groundedOrthosis } from '../../sim/support/profile.ts';
import { setupOf } from './support/lockstep-walk.ts';

const ACTOR = 'test';
const SPEED_KMH = 2;
const UNLOADING_KG = 35;
/** Until he walks at this speed with this weight. */
const SETTLED_SEC = 18;
const LOOKED_AT_SEC = 14;

test('at 2 km/h and full guidance feet stand still on the belt, belt and feet and contacts tell one speed, and the robot tracks within 3°', async () => {
  const profile = groundedOrthosis();
  const rig = await LockstepRig.create({ profile, seed: 1, ...averagePatient, sink: { row: () => {} } });
  const { robot } = rig.robot;
  try {
    rig.start();
    await prepareRobot(rig);
    const { operator } = rig.loop;
    rig.loop.openSession(setupOf(profile, SPEED_KMH, UNLOADING_KG), { sessionId: 's', actor: ACTOR }, rig.nowUs);
    const run = async (sec: number, each: () => void = () => {}): Promise<void> => {
      for (const endUs = rig.nowUs + sec * US_PER_S; rig.nowUs < endUs; each()) await rig.cycle();
    };
    await run(1.5);
    operator.command(rig.epoch, 'arm', ACTOR, rig.nowUs);
    await run(2);
    operator.command(rig.epoch, 'start', ACTOR, rig.nowUs);
    await run(SETTLED_SEC);

    const truth = new GaitTruth(robot.body.ground!);
    rig.onMoved = () => truth.look(robot.truth().beltMps);
    const squares = profile.joints.map(() => 0);
    let cycles = 0;
    await run(LOOKED_AT_SEC, () => {
      cycles++;
      rig.loop.cycle.output.joints.forEach(({ referencePositionRad }, j) => (squares[j]! += radToDeg(referencePositionRad - robot.body.positionRad(j)) ** 2));
    });
    expect(rig.loop.cycle.output).toMatchObject({ state: 'running', action: 'none', cause: 'none' });
    for (const square of squares) expect(Math.sqrt(square / cycles)).toBeLessThan(3);

    // The stance that was under way when the look began is left out.
    const [left, right] = [truth.stances.left.slice(1), truth.stances.right.slice(1)];
    const stances = [...left, ...right];
    expect(stances.length).toBeGreaterThan(10);
    const stepM = stances.reduce((sum, stance) => sum + stance.stepM, 0) / stances.length;
    for (const { heelSlipM, forefootSlipM } of stances) for (const slipM of [heelSlipM, forefootSlipM]) expect(Math.abs(slipM) / stepM).toBeLessThan(0.05);
    const strideSec = (left.at(-1)!.beganUs - left[0]!.beganUs) / (left.length - 1) / US_PER_S;
    const [byBeltMps, byFeetMps] = [truth.beltM / (truth.us / US_PER_S), (2 * stepM) / strideSec];
    expect(Math.abs(byFeetMps / byBeltMps - 1)).toBeLessThan(0.01);
    expect(Math.abs(byBeltMps / kmhToMps(SPEED_KMH) - 1)).toBeLessThan(0.01);
  } finally {
    rig.dispose();
  }
}, 60_000);
