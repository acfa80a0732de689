/** What V1/V2 and V3 of the AK drives share beside the VESC family's commands: origin, turns, position with speed. */
import { clamp } from '../../protocols/math.ts';
import type { Splitter } from '../../protocols/splitter.ts';
import { degToRad, radToDeg } from '../../protocols/units.ts';
import { decodePositionSpeed, type CubemarsDialect } from '../../protocols/wire/cubemars.ts';
import type { ServoFrameSink } from '../../protocols/wire/vesc-frame.ts';
import type { JointPort, SendBytes } from './device.ts';
import { ServoDevice, wrappedDeg } from './servo-device.ts';
import type { ServoProfile } from './servo-motor.ts';

const POSITION_MAX_DEG = 36_000;
const PERMANENT = 1;

export abstract class CubemarsDevice extends ServoDevice {
  readonly #goal = { positionDeg: 0, erpm: 0, erpmPerSec: 0 };
  /** Positions are those of one turn, 0 … 359°. */
  #singleTurn = false;
  #storedZeroRad: number;

  /**
   * The manuals know no command timeout. Where the profile says that the drive has one of its own, it was set in the
   * maker's configuration tool.
   */
  protected constructor(profile: ServoProfile, joint: JointPort, send: SendBytes, private readonly dialect: CubemarsDialect, splitter: (sink: ServoFrameSink) => Splitter) {
    super(profile, joint, send, { dialect, timeoutUs: profile.watchdog === 'proof' ? profile.watchdogMs * 1_000 : null, timeoutCheckUs: 0, averagesCurrent: false, brakeHolds: true }, splitter);
    this.#storedZeroRad = this.motor.zeroRad;
  }

  protected override onCommand(payload: Uint8Array): void {
    const { dialect } = this;
    const command = payload[0] ?? 0;
    switch (command) {
      case dialect.positionSpeed:
        if (decodePositionSpeed(dialect, payload, this.#goal)) this.setPoint(() => this.#goTo(this.#goal.positionDeg, this.#goal.erpm, this.#goal.erpmPerSec));
        break;
      case dialect.origin:
        this.motor.setOrigin();
        if (payload[1] === PERMANENT) this.#storedZeroRad = this.motor.zeroRad;
        break;
      case dialect.multiTurn:
        this.#singleTurn = false;
        break;
      case dialect.singleTurn:
        this.#singleTurn = true;
        break;
      case dialect.shortestToZero:
        this.setPoint(() => this.motor.position(2 * Math.PI * Math.round(this.motor.positionRad / (2 * Math.PI))));
        break;
    }
  }

  protected override reportedPositionDeg(): number {
    return this.#singleTurn ? wrappedDeg(this.motor.positionRad) : radToDeg(this.motor.positionRad);
  }

  protected override goTo(targetDeg: number): void {
    this.motor.position(this.#targetRad(targetDeg));
  }

  /** A temporary origin is gone. */
  protected override onPowerLost(): void {
    this.motor.zeroRad = this.#storedZeroRad;
    this.#singleTurn = false;
  }

  #goTo(targetDeg: number, erpm: number, erpmPerSec: number): void {
    this.motor.position(this.#targetRad(targetDeg), erpm * this.radPerSecPerErpm, erpmPerSec * this.radPerSecPerErpm);
  }

  #targetRad(targetDeg: number): number {
    if (!this.#singleTurn) return degToRad(clamp(targetDeg, -POSITION_MAX_DEG, POSITION_MAX_DEG));
    const turn = 360 * Math.floor(radToDeg(this.motor.positionRad) / 360);
    return degToRad(turn + wrappedDeg(degToRad(targetDeg)));
  }
}
