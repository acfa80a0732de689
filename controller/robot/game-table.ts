/** The game that runs beside a session: gives it the hand of an arm that is only measured, cycle by cycle, and hands on what it tells. */
import { ReachGame } from '../therapy/reach-game.ts';
import { armLengths, armPoints, noArmPoints, type ArmLengths } from '../../protocols/arm-kinematics.ts';
import { DariError } from '../../protocols/errors.ts';
import type { GameRecord } from '../../protocols/game.ts';
import type { RobotInputs } from '../../protocols/joints.ts';
import { isArm, isDriven, sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { createRandom } from '../../protocols/random.ts';
import type { SensedDecision } from '../../protocols/sensed-joint.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';

export interface GameOrder {
  readonly targets: number;
  readonly seed: number;
}

export class GameTable {
  #game: ReachGame | null = null;
  #lengths: ArmLengths = { upperArmM: 0, forearmM: 0, handM: 0 };
  readonly #points = noArmPoints();
  readonly #anglesRad: Float64Array;

  constructor(
    private readonly profile: RobotProfile,
    private readonly tell: (record: GameRecord, atUs: number) => void,
  ) {
    this.#anglesRad = new Float64Array(sensedJointsOf(profile).length);
  }

  /** @throws DariError `notPermittedNow` for a robot whose hand nobody measures free */
  begin({ targets, seed }: GameOrder, { heightM }: Pick<SessionSetup, 'heightM'>): void {
    if (!isArm(this.profile) || isDriven(this.profile)) throw new DariError('notPermittedNow', 'This robot has no arm that moves by itself, so there is no game of reaching on it.');
    this.#lengths = armLengths(this.profile.geometry, heightM);
    const { upperArmM, forearmM, handM } = this.#lengths;
    this.#game = new ReachGame({ targets, seed, armLengthM: upperArmM + forearmM + handM }, createRandom(seed));
  }

  end(): void {
    this.#game = null;
  }

  cycle({ sensed, nowUs }: RobotInputs, decisions: readonly SensedDecision[]): void {
    if (this.#game === null) return;
    let believed = true;
    for (let i = 0; i < this.#anglesRad.length; i++) {
      this.#anglesRad[i] = sensed[i]?.positionRad ?? 0;
      if (decisions[i]?.trusted !== true) believed = false;
    }
    const side = sensedJointsOf(this.profile)[0]?.side ?? 'right';
    const handM = believed ? armPoints(this.#lengths, side, this.#anglesRad, this.#points).tipM : null;
    const record = this.#game.look(handM, nowUs);
    if (record !== null) this.tell(record, nowUs);
    if (this.#game.over) this.#game = null;
  }
}
