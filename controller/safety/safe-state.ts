/**
 * What a stop ends in, per mode and device. Whoever stands upright in the robot is carried by its drives: there a stop ends as
 * the profile says, `hold` (until a person acknowledges), `lower` (into the harness) or `brake` (the drives let go once the
 * brakes are seen closed). Where the drives carry nobody they are released. Brakes of a robot that ends stops with them
 * stay closed whenever its drives do not carry: so a cut of power, too, leaves the patient standing.
 */
import type { PermittedCommand } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Action, SupervisorState } from '../../protocols/supervision.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { severity } from './failsafe.ts';

export type SafeEnd = RobotProfile['stop']['endsIn'] | 'release';

/** Self-test and homing move an empty robot with commands of their own, which are released as soon as anything is wrong. */
const carriesSomebody: Readonly<Record<SupervisorState, boolean>> = {
  connecting: false,
  idle: false,
  selfTest: false,
  homing: false,
  ready: false,
  recovering: true,
  armed: true,
  running: true,
  paused: true,
  stopping: true,
  stopped: true,
  emergency: false,
};

export const safeEnd = (state: SupervisorState, endsIn: RobotProfile['stop']['endsIn']): SafeEnd => (carriesSomebody[state] ? endsIn : 'release');

/** In these the drives let go of a limb that stands: of a robot that ends in its brakes, into them. */
const letsGo: readonly SupervisorState[] = ['stopped', 'stopping', 'recovering'];

/** Own values: a spring-applied brake moves within 0.1 s, its switch and the way to the hub included; the rest is margin. */
const BRAKES_CLOSE_US = 500 * US_PER_MS;
const BRAKES_OPEN_US = 500 * US_PER_MS;

/** How the robot stands in this cycle. */
export interface Stance {
  readonly state: SupervisorState;
  readonly action: Action;
  /** The drives were told to hold or move in the cycle before. */
  readonly energised: boolean;
  /** The way on which the joints slow down is over: they stand, and are let go of next. */
  readonly braked: boolean;
  /** The drives give all their support. */
  readonly supporting: boolean;
  /** A drive was let go because it may be wrong about where its joint is, or let go by itself in a stop. */
  readonly letGo: boolean;
  /** The hub, heard of in time, says that the brakes are closed. */
  readonly brakesSeen: boolean;
}

export class SafeState {
  /** A stop's end has not come: the drives hold on. */
  holdsOn = false;
  /** For one cycle: a stop closed the brakes, and they were not seen closed in time. */
  missed = false;
  readonly #endsIn: RobotProfile['stop']['endsIn'];
  #acknowledged = false;
  #unseenUs = 0;
  #openedUs = Infinity;

  /** @param permitted of the joints' envelope; what is permitted to the brakes is filled here */
  constructor(
    { endsIn }: RobotProfile['stop'],
    private readonly permitted: PermittedCommand,
  ) {
    this.#endsIn = endsIn;
    permitted.closeBrakes = endsIn === 'brake';
  }

  /** Closed brakes are no surprise: this robot closed them itself, or opens them just now. */
  get brakesExpected(): boolean {
    return this.permitted.closeBrakes || this.#openedUs <= BRAKES_OPEN_US;
  }

  /** A person is with the patient: the stop is not held on any longer, though its cause may still be there. */
  acknowledge(): void {
    this.#acknowledged = true;
  }

  /** Once per cycle, when the supervisor has decided. */
  update(stance: Stance, elapsedUs: number): void {
    const { state, energised, braked, brakesSeen } = stance;
    const stopped = state === 'stopped';
    const end = safeEnd(state, this.#endsIn);
    this.#openedUs += elapsedUs;
    if (this.#endsIn === 'brake') this.#moveBrakes(stance, end);
    if (!stopped) this.#acknowledged = false;
    const standing = letsGo.includes(state) && braked;
    const unseen = end === 'brake' && !brakesSeen;
    this.holdsOn = stopped ? !this.#acknowledged && (end === 'hold' || unseen) : standing && unseen;
    const waits = (stopped || standing) && energised && this.permitted.closeBrakes && !brakesSeen;
    const beforeUs = this.#unseenUs;
    this.#unseenUs = waits ? beforeUs + elapsedUs : 0;
    this.missed = beforeUs < BRAKES_CLOSE_US && this.#unseenUs >= BRAKES_CLOSE_US;
  }

  #moveBrakes({ state, action, energised, braked, supporting, letGo }: Stance, end: SafeEnd): void {
    const cut = letGo || severity(action) >= severity('torqueOff');
    if (cut || !energised || end === 'release' || (letsGo.includes(state) && braked)) this.permitted.closeBrakes = true;
    else if (state !== 'stopped' && state !== 'stopping' && supporting) this.#open();
  }

  #open(): void {
    if (this.permitted.closeBrakes) this.#openedUs = 0;
    this.permitted.closeBrakes = false;
  }
}
