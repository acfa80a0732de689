/**
 * What all virtual drives of the VESC family share: power and boot, the commands under their dialect's numbers, command
 * timeout, faults, what they report, and the position stream. Source: vedderb/bldc `comm/commands.c`, `timeout.c`,
 * `mc_interface.c`; the AK manuals describe a subset of it.
 */
import { clamp } from '../../protocols/math.ts';
import type { Splitter } from '../../protocols/splitter.ts';
import { radToDeg } from '../../protocols/units.ts';
import { emptyServoValues, servoFaults, STATUS_TIMED_OUT, type ServoValues } from '../../protocols/wire/vesc-values.ts';
import type { ServoFrameSink } from '../../protocols/wire/vesc-frame.ts';
import { decodeSelectiveRequest, decodeServoNumber, DETECT_POSITION, encodeSelectiveReply, SERVO_LEAST_CURRENT_A, SERVO_SCALE, type ServoDialect } from '../../protocols/wire/vesc.ts';
import { noDriveFaults, type JointPort, type SendBytes, type VirtualDevice, type VirtualDrive } from './device.ts';
import { ServoMotor, type ServoMode, type ServoProfile } from './servo-motor.ts';

/** From power to the first answer. */
export const SERVO_BOOT_US = 150_000;
/** `main.c`: the position stream. */
const STREAM_PERIOD_US = 10_000;
/** `m_fault_stop_time_ms`: so long a fault stops the motor, then it clears by itself if its cause is gone. */
const FAULT_STOP_US = 500_000;
const BUS_VOLTAGE_V = 48;
const AMBIENT_C = 25;
/** What the power stage warms of what the winding does: our own figure. */
const FET_WARMS = 0.5;
/** Electrical revolutions have six commutation steps. */
const TACHOMETER_PER_TURN = 6;
const MOTOR_OVER_TEMPERATURE = servoFaults.indexOf('motorOverTemperature');
const LONGEST_FRAME_BYTES = 600;

const noEnergy = () => ({ ampHours: 0, ampHoursCharged: 0, wattHours: 0, wattHoursCharged: 0 });

export interface ServoTraits {
  readonly dialect: ServoDialect;
  /** Command timeout; null: it has none. */
  readonly timeoutUs: number | null;
  /** How often it looks whether the timeout is over. */
  readonly timeoutCheckUs: number;
  /** Currents are told as averages since they were last asked for (`mc_interface_read_reset_avg_iq`), or as they are. */
  readonly averagesCurrent: boolean;
  /** Current brake: a VESC's works against motion only, an AK drive's holds the place (their manuals). */
  readonly brakeHolds: boolean;
}

export abstract class ServoDevice implements VirtualDrive {
  readonly faults = noDriveFaults();
  /** The end of its serial line. */
  readonly device: VirtualDevice;
  protected readonly motor: ServoMotor;
  protected readonly out = new Uint8Array(LONGEST_FRAME_BYTES);
  protected nowUs = 0;
  readonly #values = emptyServoValues();
  readonly #splitter: Splitter;
  /** Of the output shaft's speed. */
  readonly #erpmPerRadPerSec: number;
  #state: 'unpowered' | 'booting' | 'running' = 'unpowered';
  #bootedUs = 0;
  #fedUs = 0;
  #checkedUs = 0;
  #timedOut = false;
  #ignoresInputUntilUs = 0;
  #faultUntilUs = 0;
  #fault = 0;
  #streamDueUs = Infinity;
  #currentSumA = 0;
  #currentSamples = 0;
  #motorTurns = 0;
  #motorTurnsAbs = 0;
  readonly #totals = noEnergy();

  protected constructor(
    protected readonly profile: ServoProfile,
    joint: JointPort,
    protected readonly send: SendBytes,
    private readonly traits: ServoTraits,
    splitter: (sink: ServoFrameSink) => Splitter,
  ) {
    this.motor = new ServoMotor(profile, joint);
    this.#erpmPerRadPerSec = (profile.gearRatio * profile.polePairs * 60) / (2 * Math.PI);
    this.#splitter = splitter({ onFrame: (payload) => this.#onFrame(payload), onDiscarded: () => {} });
    this.device = {
      receive: (bytes, nowUs) => {
        this.nowUs = nowUs;
        if (this.#state === 'running') this.#splitter.push(bytes);
      },
      step: (nowUs) => {
        this.nowUs = nowUs;
        this.#streamAt(nowUs);
      },
      unplugged: () => this.#splitter.reset(),
    };
  }

  get energised(): boolean {
    return this.#state === 'running' && this.motor.mode !== 'off';
  }

  setPower(on: boolean, nowUs: number): void {
    if (on && this.#state === 'unpowered') {
      this.#state = 'booting';
      this.#bootedUs = nowUs + SERVO_BOOT_US;
    } else if (!on && this.#state !== 'unpowered') {
      this.#state = 'unpowered';
      this.#forget();
      this.onPowerLost();
    }
  }

  reset(nowUs: number): void {
    if (this.#state === 'unpowered') return;
    this.setPower(false, nowUs);
    this.setPower(true, nowUs);
  }

  heatTo(tempC: number): void {
    this.motor.heatTo(tempC);
  }

  step(nowUs: number, durationS: number): void {
    this.nowUs = nowUs;
    if (this.#state === 'booting' && nowUs >= this.#bootedUs) {
      this.#state = 'running';
      this.#fedUs = nowUs;
    }
    this.#watch(nowUs);
    const { tempC } = this.motor;
    const { tempWarnC, tempLimitC } = this.profile;
    this.motor.step(durationS, clamp((tempLimitC - tempC) / (tempLimitC - tempWarnC), 0, 1));
    this.#count(durationS);
  }

  /** What a command of this product alone does; `payload[0]` is none of the dialect's common ones. */
  protected abstract onCommand(payload: Uint8Array): void;
  protected abstract sendValues(): void;
  protected abstract sendRotorPosition(): void;
  /** Degrees, as the product counts them. */
  protected abstract reportedPositionDeg(): number;
  /** @param targetDeg as its position set-point carries it */
  protected abstract goTo(targetDeg: number): void;
  /** Its id in the status is all that it tells of itself. */
  protected readonly tellsOtherId: boolean = true;
  /** Settings that no product keeps without power. */
  protected onPowerLost(): void {}

  protected get radPerSecPerErpm(): number {
    return 1 / this.#erpmPerRadPerSec;
  }

  protected get values(): ServoValues {
    if (!this.faults.frozenReport) this.#refresh();
    return this.#values;
  }

  /** What it runs, which it may tell. */
  protected get mode(): ServoMode {
    return this.motor.mode;
  }

  protected feed(): void {
    this.#fedUs = this.nowUs;
  }

  /** Releases, and obeys no set-point for a while. */
  protected ignoreInput(durationUs: number): void {
    this.#ignoresInputUntilUs = this.nowUs + durationUs;
    this.motor.release();
  }

  /** Feeds the timeout; runs `obey` unless the drive does not take set-points now. */
  protected setPoint(obey: () => void): void {
    this.feed();
    if (this.faults.ignoresCommands || this.#fault !== 0 || this.nowUs < this.#ignoresInputUntilUs) return;
    obey();
  }

  /** Every torque set-point: a drive in the wrong mode brakes with it instead. */
  protected setCurrent(currentA: number): void {
    this.setPoint(() => {
      if (this.faults.wrongMode) this.motor.brake(currentA);
      else this.motor.current(currentA, SERVO_LEAST_CURRENT_A);
    });
  }

  #onFrame(payload: Uint8Array): void {
    const { dialect } = this.traits;
    const command = payload[0] ?? 0;
    if (command === dialect.getValues) this.sendValues();
    else if (command === dialect.getSelective) this.#sendSelective(payload);
    else if (command === dialect.setDetect) this.#onDetect(payload);
    else if (!this.#onSetPoint(command, payload)) this.onCommand(payload);
  }

  #onSetPoint(command: number, payload: Uint8Array): boolean {
    const { dialect, brakeHolds } = this.traits;
    const raw = decodeServoNumber(payload);
    if (raw === null) return false;
    if (command === dialect.setDuty) this.setPoint(() => this.motor.duty(raw / SERVO_SCALE.duty));
    else if (command === dialect.setCurrent) this.setCurrent(raw / SERVO_SCALE.current);
    else if (command === dialect.setBrake) this.setPoint(() => (brakeHolds ? this.motor.hold(raw / SERVO_SCALE.current) : this.motor.brake(raw / SERVO_SCALE.current)));
    else if (command === dialect.setErpm) this.setPoint(() => this.motor.speed(raw / this.#erpmPerRadPerSec));
    else if (command === dialect.setPosition) this.setPoint(() => this.goTo(raw / SERVO_SCALE.position));
    else if (command === dialect.setHandbrake) this.setPoint(() => this.motor.hold(raw / SERVO_SCALE.current));
    else return false;
    return true;
  }

  /** A bare request, which one public host sends, is answered once. */
  #onDetect(payload: Uint8Array): void {
    if (payload.length === 1) this.sendRotorPosition();
    else this.#streamDueUs = payload[1] === DETECT_POSITION ? this.nowUs + STREAM_PERIOD_US : Infinity;
  }

  #sendSelective(payload: Uint8Array): void {
    const mask = decodeSelectiveRequest(payload);
    if (mask === null) return;
    this.send(this.out.subarray(0, encodeSelectiveReply(this.traits.dialect, mask, this.values, this.out, 0)));
  }

  #streamAt(nowUs: number): void {
    if (this.#state !== 'running' || nowUs < this.#streamDueUs) return;
    this.#streamDueUs += STREAM_PERIOD_US;
    this.sendRotorPosition();
  }

  #watch(nowUs: number): void {
    if (nowUs - this.#checkedUs >= this.traits.timeoutCheckUs) {
      this.#checkedUs = nowUs;
      this.#timedOut = this.#state === 'running' && this.traits.timeoutUs !== null && nowUs - this.#fedUs > this.traits.timeoutUs;
      if (this.#timedOut) this.motor.release();
    }
    if (this.#state === 'running' && this.motor.tempC >= this.profile.tempLimitC) {
      this.#fault = MOTOR_OVER_TEMPERATURE;
      this.#faultUntilUs = nowUs + FAULT_STOP_US;
      this.motor.release();
    } else if (nowUs >= this.#faultUntilUs) this.#fault = 0;
  }

  #count(durationS: number): void {
    this.#currentSumA += this.motor.currentA;
    this.#currentSamples++;
    const turns = (this.motor.velocityRadPerSec * durationS * this.profile.gearRatio) / (2 * Math.PI);
    this.#motorTurns += turns;
    this.#motorTurnsAbs += Math.abs(turns);
    const totals = this.#totals;
    const watts = this.motor.torqueNm * this.motor.velocityRadPerSec;
    const hours = durationS / 3_600;
    if (watts >= 0) {
      totals.wattHours += watts * hours;
      totals.ampHours += (watts / BUS_VOLTAGE_V) * hours;
    } else {
      totals.wattHoursCharged -= watts * hours;
      totals.ampHoursCharged -= (watts / BUS_VOLTAGE_V) * hours;
    }
  }

  #refresh(): void {
    const { motor, profile } = this;
    const values = this.#values;
    const velocity = motor.velocityRadPerSec;
    Object.assign(values, this.#totals);
    // A real one takes samples tens of thousands of times a second: there is always a fresh one.
    values.qCurrentA = this.traits.averagesCurrent && this.#currentSamples > 0 ? this.#currentSumA / this.#currentSamples : motor.currentA;
    this.#currentSumA = 0;
    this.#currentSamples = 0;
    values.motorCurrentA = values.qCurrentA;
    values.inputCurrentA = (motor.torqueNm * velocity) / BUS_VOLTAGE_V;
    values.duty = motor.mode === 'off' ? 0 : clamp(velocity / motor.noLoadRadPerSec, -1, 1);
    values.qVoltageV = values.duty * BUS_VOLTAGE_V;
    values.erpm = velocity * this.#erpmPerRadPerSec;
    values.inputVoltageV = BUS_VOLTAGE_V;
    values.motorTempC = motor.tempC;
    values.fetTempC = AMBIENT_C + FET_WARMS * (motor.tempC - AMBIENT_C);
    values.fet1TempC = values.fetTempC;
    values.fet2TempC = values.fetTempC;
    values.fet3TempC = values.fetTempC;
    values.tachometer = this.#motorTurns * profile.polePairs * TACHOMETER_PER_TURN;
    values.tachometerAbs = this.#motorTurnsAbs * profile.polePairs * TACHOMETER_PER_TURN;
    values.fault = this.#fault;
    values.positionDeg = this.reportedPositionDeg();
    values.controllerId = profile.address + (this.tellsOtherId && this.faults.wrongIdentity ? 1 : 0);
    values.status = this.#timedOut ? STATUS_TIMED_OUT : 0;
  }

  #forget(): void {
    this.motor.release();
    this.#splitter.reset();
    this.#fault = 0;
    this.#faultUntilUs = 0;
    this.#timedOut = false;
    this.#ignoresInputUntilUs = 0;
    this.#streamDueUs = Infinity;
    this.#motorTurns = 0;
    this.#motorTurnsAbs = 0;
    Object.assign(this.#totals, noEnergy());
    Object.assign(this.#values, emptyServoValues());
  }
}

/** Of one turn, 0 … 360. */
export const wrappedDeg = (rad: number): number => {
  const deg = radToDeg(rad) % 360;
  return deg < 0 ? deg + 360 : deg;
};
