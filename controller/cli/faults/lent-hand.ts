/**
 * A foot that hangs below its range is lifted by hand before the robot is armed, as the readiness check says, and held until the
 * drives carry it. Whoever holds it goes on holding it whatever happens to the robot: the hand is no fault, and no end of a fault takes it away.
 */
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { degToRad } from '../../../protocols/units.ts';
import type { LockstepRig } from '../lockstep-rig.ts';

/** Own values: a hand's torque, and how long it takes to be there. */
const HAND = { torqueNm: 5, riseMs: 200, holdMs: 60_000 };
/** Less outside its range lets a robot be armed, so nobody lifts it. */
const HANGING_RAD = degToRad(1);

export class LentHand {
  /** Joint and torque. */
  readonly #held = new Map<string, number>();

  constructor(
    private readonly rig: LockstepRig,
    private readonly profile: RobotProfile,
    private readonly ranges: SessionSetup['permittedRangeRad'],
  ) {}

  /** Lifts what hangs outside its range and is not held yet. @returns whether there is any */
  lend(): boolean {
    const before = this.#held.size;
    this.profile.joints.forEach(({ id: joint }, j) => {
      const range = this.ranges[j];
      const positionRad = this.rig.robot.robot.body.positionRad(j);
      const inward = range === undefined ? 0 : Number(positionRad < range.min - HANGING_RAD) - Number(positionRad > range.max + HANGING_RAD);
      if (inward === 0 || this.#held.has(joint)) return;
      this.#held.set(joint, inward * HAND.torqueNm);
      this.rig.robot.controls.fault({ kind: 'push', joint, ...HAND, torqueNm: inward * HAND.torqueNm });
    });
    return this.#held.size > before;
  }

  /** All faults were lifted, and this with them; between two steps of the physics nobody feels that. */
  lendAgain(): void {
    for (const [joint, torqueNm] of this.#held) this.rig.robot.controls.fault({ kind: 'push', joint, torqueNm, riseMs: 0, holdMs: HAND.holdMs });
  }

  withdraw(): void {
    for (const joint of this.#held.keys()) this.rig.robot.controls.fault({ kind: 'push', joint, torqueNm: 0, riseMs: 0, holdMs: 0 });
    this.#held.clear();
  }
}
