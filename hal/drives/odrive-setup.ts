/**
 * What an ODrive axis is asked and told before it is used. Each write is read back in the same request, because replies
 * come to questions only. Nothing is saved in the drive: after a restart it is set up anew.
 */
import { odriveText, readOdriveNumber, encodeOdriveLine } from '../../protocols/wire/odrive.ts';
import type { JointOf } from './drive.ts';
import {
  ODRIVE_CONTROL_MODE,
  ODRIVE_CONTROL_MODES,
  ODRIVE_IDLE,
  ODRIVE_PASSTHROUGH,
  ODRIVE_STATE,
  ODRIVE_WATCHDOG,
  odriveNames,
  TURN_RAD,
} from './odrive-names.ts';
import { Setup, type SetupAnswer, type SetupStep } from './setup.ts';

/** Texts of the drive carry six decimals at most, in nine characters. */
const TOLERANCE = 1e-3;
const LAST_DECIMAL = 2e-6;
/** Of the torque constant: between what a data sheet says and a calibration finds. */
const TORQUE_CONSTANT_TOLERANCE = 0.1;

export interface OdriveTold {
  hardware: string;
  firmware: string;
  serialNumber: string;
}

type Step = SetupStep<Uint8Array>;

/** Steps of one axis: a property of the axis or of its board is read, or written and read back. */
class Questions {
  readonly #steps: Step[] = [];

  constructor(private readonly prefix: string) {}

  get steps(): readonly Step[] {
    return this.#steps;
  }

  ask(what: string, lines: readonly string[], accept: (text: string, value: number | null) => SetupAnswer): this {
    const request = requestOf(lines);
    this.#steps.push({
      what,
      encode: (out, at) => append(request, out, at),
      accept: (reply) => {
        const text = odriveText(reply);
        if (text === 'invalid property') return { refusal: `it does not know ${what}. Set "firmware" in the profile to that of the drive, or update the drive.` };
        return accept(text, readOdriveNumber(reply));
      },
    });
    return this;
  }

  /** Board-wide property. */
  board(what: string, name: string, accept: (text: string, value: number | null) => SetupAnswer): this {
    return this.ask(what, [`r ${name}`], accept);
  }

  read(what: string, name: string, accept: (text: string, value: number | null) => SetupAnswer): this {
    return this.ask(what, [`r ${this.prefix}${name}`], accept);
  }

  write(what: string, name: string, value: number): this {
    const property = `${this.prefix}${name}`;
    return this.ask(what, [`w ${property} ${textOf(value)}`, `r ${property}`], (text, got) => (near(got, value, TOLERANCE) ? 'done' : { refusal: `${what} (${property}) stays at ${text} instead of ${textOf(value)}. Check the drive's firmware and configuration.` }));
  }
}

const near = (got: number | null, wanted: number, tolerance: number): boolean => got !== null && Math.abs(got - wanted) <= Math.max(LAST_DECIMAL, tolerance * Math.abs(wanted));
const textOf = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(6));

/** @param told filled as the drive answers */
export function odriveSetup(joint: JointOf<'odrive-ascii'>, told: OdriveTold): Setup<Uint8Array> {
  const { drive } = joint;
  const { address } = drive;
  const names = odriveNames(drive);
  const questions = new Questions(`axis${address}.`);
  const turnsPerRad = drive.gearRatio / TURN_RAD;
  questions
    .ask('its release', [`w axis${address}.requested_state ${ODRIVE_IDLE}`, `r axis${address}.${ODRIVE_STATE}`], (_, state) => (state === ODRIVE_IDLE ? 'done' : 'other'))
    .board('its hardware version', 'hw_version_major', (text) => keep(() => (told.hardware = text)))
    .board('its hardware version', 'hw_version_minor', (text) => keep(() => (told.hardware += `.${text}`)))
    .board('its serial number', 'serial_number', (text) => keep(() => (told.serialNumber = text)))
    .board('its firmware version', 'fw_version_major', (text) => keep(() => (told.firmware = text)))
    .board('its firmware version', 'fw_version_minor', (text) => {
      told.firmware += `.${text}`;
      return told.firmware === drive.firmware ? 'done' : { refusal: `it runs firmware ${told.firmware}, the profile says ${drive.firmware}. Check that this is the right drive, and "firmware" in the profile.` };
    })
    .board('its firmware version', 'fw_version_revision', (text) => keep(() => (told.firmware += `.${text}`)))
    .read('its torque constant', names.torqueConstant, (text, value) => {
      const wanted = drive.torqueConstantNmPerA / drive.gearRatio;
      return near(value, wanted, TORQUE_CONSTANT_TOLERANCE) ? 'done' : { refusal: `its motor has ${text} Nm/A, the profile says ${wanted.toFixed(4)} Nm/A. Set "torqueConstantNmPerA" and "gearRatio" in the profile, or torque_constant in the drive.` };
    })
    .write('its current limit', names.currentLimit, joint.torqueLimitNm / drive.torqueConstantNmPerA);
  for (const { name, sign } of names.torqueLimits) questions.write('its torque limit', name, (sign * joint.torqueLimitNm) / drive.gearRatio);
  questions
    .write('its velocity limit', 'controller.config.vel_limit', drive.velocityRangeRadPerSec * turnsPerRad)
    .write('its overspeed error', 'controller.config.enable_overspeed_error', 1)
    // It would cut the torque long before the limit: to (limit − speed) · vel_gain. The overspeed error stays.
    .write('its velocity limit in torque mode', 'controller.config.enable_torque_mode_vel_limit', 0)
    .write('its control mode', ODRIVE_CONTROL_MODE, ODRIVE_CONTROL_MODES[drive.setPoint])
    .write('its input mode', 'controller.config.input_mode', ODRIVE_PASSTHROUGH)
    .write('its watchdog time', 'config.watchdog_timeout', drive.watchdogMs / 1_000)
    // Fed before it is switched on: the old time may be over, or never have been set.
    .ask('its watchdog', [`u ${address}`, `w axis${address}.${ODRIVE_WATCHDOG} 1`, `r axis${address}.${ODRIVE_WATCHDOG}`], (text) => (text === '1' ? 'done' : { refusal: 'its watchdog stays off. Check the drive’s firmware.' }));
  return new Setup([...questions.steps, errorsStep(address, names.errors[0] ?? '', names.watchdogTrippedBit)]);
}

function keep(act: () => void): SetupAnswer {
  act();
  return 'done';
}

/** A watchdog that tripped while nobody was connected is no fault, and cleared; any other error stays for people to see. */
function errorsStep(address: number, name: string, watchdogTrippedBit: number): Step {
  const asking = requestOf([`u ${address}`, `r axis${address}.${name}`]);
  const clearing = requestOf([`u ${address}`, 'sc', `r axis${address}.${name}`]);
  let request = asking;
  return {
    what: 'its errors',
    encode: (out, at) => append(request, out, at),
    accept: (reply) => {
      const error = readOdriveNumber(reply);
      request = error === watchdogTrippedBit ? clearing : asking;
      return error === null || error === watchdogTrippedBit ? 'other' : 'done';
    },
  };
}

const requestOf = (lines: readonly string[]): Uint8Array => Uint8Array.from(lines.flatMap((line) => [...encodeOdriveLine(line)]));

function append(request: Uint8Array, out: Uint8Array, at: number): number {
  out.set(request, at);
  return at + request.length;
}
