/**
 * The motorised column under the shoulder of an arm robot, with a drive of its own: speed, ramps, range and watchdog. Its
 * spindle holds by itself when the motor has no power; that hangs on the relay which feeds the joints' drives. Whoever is in
 * the robot is carried along: seen from its shoulder nothing changes, so the body's own frame stays where it is.
 */
import type { LiftProfile } from '../../protocols/actuator-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { LiftSetPoint } from '../../protocols/wire/hub-inputs.ts';

/** Slower it stands. */
const STANDS_MPS = 1e-4;
/** Closer than the resolution of what it is told it is there. */
const THERE_M = 5e-5;

export class VirtualLift {
  fault = false;
  heightM: number;
  #speedMps = 0;
  readonly #setPoint: LiftSetPoint = { heightM: 0, enable: false };
  readonly #watchdogUs: number;
  #toldUs = -Infinity;
  #runsOnMps = 0;
  #stuck = false;

  constructor(
    private readonly lift: LiftProfile,
    heightM: number,
  ) {
    this.heightM = heightM;
    this.#watchdogUs = lift.watchdogMs * US_PER_MS;
  }

  get moving(): boolean {
    return Math.abs(this.#speedMps) > STANDS_MPS;
  }

  take({ heightM, enable }: LiftSetPoint, nowUs: number): void {
    this.#setPoint.heightM = heightM;
    this.#setPoint.enable = enable;
    this.#toldUs = nowUs;
  }

  /** It goes on this fast, whatever it is told, until its motor loses its power. */
  runOn(speedMps: number): void {
    this.#runsOnMps = speedMps;
  }

  /** Something holds it. */
  stick(): void {
    this.#stuck = true;
  }

  clearFaults(): void {
    this.#runsOnMps = 0;
    this.#stuck = false;
    this.fault = false;
  }

  step(nowUs: number, elapsedUs: number, powered: boolean): void {
    const sec = elapsedUs / US_PER_S;
    const told = !this.fault && this.#setPoint.enable && nowUs - this.#toldUs <= this.#watchdogUs;
    if (this.#stuck || !powered) this.#speedMps = 0;
    else if (this.#runsOnMps !== 0) this.#speedMps = this.#runsOnMps;
    else this.#speedMps = this.#ramped(told ? this.#wantedMps(sec) : 0, sec);
    const { min, max } = this.lift.heightM;
    this.heightM = clamp(this.heightM + this.#speedMps * sec, min, max);
  }

  /** As fast as lets it stop where it is told to be. */
  #wantedMps(sec: number): number {
    const { speedMps, accelerationMps2, heightM } = this.lift;
    const awayM = clamp(this.#setPoint.heightM, heightM.min, heightM.max) - this.heightM;
    if (Math.abs(awayM) < THERE_M) return 0;
    return Math.sign(awayM) * Math.min(speedMps, Math.sqrt(2 * accelerationMps2 * Math.abs(awayM)), Math.abs(awayM) / sec);
  }

  #ramped(wantedMps: number, sec: number): number {
    const most = this.lift.accelerationMps2 * sec;
    return clamp(wantedMps, this.#speedMps - most, this.#speedMps + most);
  }
}
