/**
 * A treadmill with its own drive: it follows set-points through ramps, a limit and a watchdog of its own, with the lag of a
 * belt under a walking person. Its motor's power hangs on the emergency-stop chain and on the enable of the set-points, below
 * the speed controller; without it the drive brakes the belt by its stop ramp, from the energy of its own DC link, as the
 * inverters of real treadmills do.
 */
import type { TreadmillProfile } from '../../protocols/actuator-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { kmhToMps, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { TreadmillSetPoint } from '../../protocols/wire/hub-inputs.ts';

/** Own figures: inverters are set a little wider than what the host asks of them. */
const START_RAMP_SHARE = 1.2;
const BELT_LAG_SEC = 0.05;
/** Friction holds a belt that creeps. */
const STANDS_MPS = 1e-3;
/** What sits in the rollers stops a belt at once. */
const STUCK_MPS2 = 10;

export class VirtualTreadmill {
  speedMps = 0;
  fault = false;
  stopRopePulled = false;
  readonly #setPoint: TreadmillSetPoint = { speedMps: 0, enable: false };
  readonly #mostMps: number;
  readonly #startRampMps2: number;
  readonly #stopRampMps2: number;
  readonly #watchdogUs: number;
  #toldUs = -Infinity;
  /** Where the ramp of its own drive stands. */
  #rampMps = 0;
  #runaway: { readonly accelerationMps2: number; readonly toMps: number } | null = null;
  #stuck = false;

  constructor({ speedMaxKmh, startRampMps2, stopRampMps2, watchdogMs }: TreadmillProfile) {
    this.#mostMps = kmhToMps(speedMaxKmh);
    this.#startRampMps2 = START_RAMP_SHARE * startRampMps2;
    this.#stopRampMps2 = stopRampMps2;
    this.#watchdogUs = watchdogMs * US_PER_MS;
  }

  take({ speedMps, enable }: TreadmillSetPoint, nowUs: number): void {
    this.#setPoint.speedMps = speedMps;
    this.#setPoint.enable = enable;
    this.#toldUs = nowUs;
  }

  /** Its speed controller has failed: the belt gains speed, whatever it is told, until its motor loses its power. */
  runAway(accelerationMps2: number, toMps: number): void {
    this.#runaway = { accelerationMps2, toMps };
  }

  /** Something holds the belt. */
  stick(): void {
    this.#stuck = true;
  }

  clearFaults(): void {
    this.#runaway = null;
    this.#stuck = false;
    this.fault = false;
    this.stopRopePulled = false;
  }

  step(nowUs: number, elapsedUs: number, powered: boolean): void {
    const sec = elapsedUs / US_PER_S;
    const motor = powered && !this.stopRopePulled && !this.fault && this.#setPoint.enable && nowUs - this.#toldUs <= this.#watchdogUs;
    if (this.#stuck) this.#hold(sec);
    else if (this.#runaway !== null && motor) this.#race(this.#runaway, sec);
    else this.#follow(motor ? this.#setPoint.speedMps : 0, sec);
  }

  #hold(sec: number): void {
    this.speedMps = Math.max(0, this.speedMps - STUCK_MPS2 * sec);
    this.#rampMps = this.speedMps;
  }

  #race({ accelerationMps2, toMps }: { readonly accelerationMps2: number; readonly toMps: number }, sec: number): void {
    this.speedMps = Math.min(Math.max(toMps, this.speedMps), this.speedMps + accelerationMps2 * sec);
    this.#rampMps = this.speedMps;
  }

  #follow(wantedMps: number, sec: number): void {
    const most = Math.min(wantedMps, this.#mostMps);
    this.#rampMps = clamp(most, this.#rampMps - this.#stopRampMps2 * sec, this.#rampMps + this.#startRampMps2 * sec);
    this.speedMps += ((this.#rampMps - this.speedMps) * sec) / BELT_LAG_SEC;
    if (this.#rampMps === 0 && this.speedMps < STANDS_MPS) this.speedMps = 0;
  }
}
