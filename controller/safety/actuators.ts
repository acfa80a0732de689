/** Belt, support and lift of one robot in one cycle: the watches judge what was measured, the envelopes fill what is permitted. */
import type { DesiredCommand, PermittedCommand, RobotInputs } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { HOLD_MAX_AGE_MS, liftStates, type Action, type Cause, type SupervisorState } from '../../protocols/supervision.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { BeltEnvelope, createBeltLimits, type BeltMode } from './belt.ts';
import { BeltWatch } from './belt-watch.ts';
import { severity } from './failsafe.ts';
import { LiftEnvelope, liftIsFree } from './lift.ts';
import { LiftWatch } from './lift-watch.ts';
import { SupportEnvelope, SupportWatch } from './support.ts';

/** What the failsafe has come to. */
interface Verdict {
  readonly action: Action;
  readonly cause: Cause;
}

export class Actuators {
  /** null: this robot drives no belt, no support or no lift. */
  readonly beltWatch: BeltWatch | null;
  readonly supportWatch: SupportWatch | null;
  readonly liftWatch: LiftWatch | null;
  readonly #belt: BeltEnvelope | null;
  readonly #support: SupportEnvelope | null;
  readonly #lift: LiftEnvelope | null;

  /** @param permitted of the joints' envelope; its other parts are filled here */
  constructor(
    profile: RobotProfile,
    private readonly permitted: PermittedCommand,
    periodSec: number,
  ) {
    const { treadmill, bodyWeightSupport, armLift } = profile;
    const beltLimits = createBeltLimits(profile);
    this.#belt = beltLimits === null ? null : new BeltEnvelope(beltLimits, periodSec);
    this.beltWatch = treadmill === undefined ? null : new BeltWatch(treadmill);
    this.#support = bodyWeightSupport === undefined ? null : new SupportEnvelope(bodyWeightSupport, periodSec);
    this.supportWatch = bodyWeightSupport === undefined ? null : new SupportWatch(bodyWeightSupport);
    this.#lift = armLift === undefined ? null : new LiftEnvelope(armLift, periodSec);
    this.liftWatch = armLift === undefined ? null : new LiftWatch(armLift);
  }

  /**
   * Before the checks.
   * @param legs what they were asked for in the cycle before; null: they did not step
   */
  judge({ treadmill, support, lift }: RobotInputs, legs: DesiredCommand | null, energised: boolean, elapsedUs: number): void {
    this.beltWatch?.update(treadmill, this.permitted, legs, elapsedUs);
    if (this.#support !== null) this.supportWatch?.update(support, this.#support, energised, elapsedUs);
    this.liftWatch?.update(lift, this.permitted, elapsedUs);
  }

  /** Fills the parts of `permitted` beside the joints. @param steps the pattern of a walk is there yet */
  apply(desired: DesiredCommand, { treadmill, support }: RobotInputs, { action, cause }: Verdict, state: SupervisorState, steps: boolean): void {
    const { permitted } = this;
    if (this.#belt !== null) {
      this.#belt.apply(desired.beltSpeedMps ?? 0, treadmill, beltMode(state, action), !this.#disobeys(action, cause));
      permitted.beltSpeedMps = this.#belt.speedMps;
      permitted.beltEnable = this.#belt.enable;
    }
    if (this.#support === null) return;
    this.#support.apply(desired.unloadingN ?? Number.NaN, support, (trainingStates.includes(state) || (state === 'stopping' && steps)) && cause !== 'supportFault');
    permitted.unloadingN = this.#support.unloadingN;
    permitted.lockSupport = this.#support.lock;
  }

  /** While nothing is driven, and only as long as a person holds the lift to move. @param findings of this cycle's checks */
  applyLift({ liftTargetM, holdAgeUs, preparing }: Intent, { lift }: RobotInputs, state: SupervisorState, findings: Int32Array): void {
    const { permitted } = this;
    if (this.#lift === null) return;
    const held = holdAgeUs <= HOLD_MAX_AGE_US;
    this.#lift.apply(held ? liftTargetM : 0, lift, liftStates.includes(state) && !preparing && !permitted.enable && liftIsFree(findings));
    permitted.liftHeightM = this.#lift.heightM;
    permitted.liftEnable = this.#lift.enable;
  }

  /** A belt that runs away is left to its own brake even when another stop came first. */
  #disobeys(action: Action, cause: Cause): boolean {
    return cause === 'treadmillFault' || (this.beltWatch?.runaway === true && severity(action) >= severity('protectiveStop'));
  }
}

const HOLD_MAX_AGE_US = HOLD_MAX_AGE_MS * US_PER_MS;
const trainingStates: readonly SupervisorState[] = ['armed', 'running', 'paused'];

/** The belt runs at its full limit only under legs that walk and are guided; each milder word of the failsafe slows it. */
function beltMode(state: SupervisorState, action: Action): BeltMode {
  if (state === 'paused' || state === 'stopping') return 'fade';
  if (state !== 'running') return 'stand';
  return action === 'soften' || action === 'hold' ? 'ease' : 'walk';
}
