/**
 * Property tree of a virtual ODrive: names and types of `Firmware/odrive-interface.yaml` (0.5.6) and of the API
 * reference of 0.6, as far as hosts of motors use them. A name that is not here is no property, as on a real one.
 */
import { formatOdriveFloat, ODRIVE_PROPERTY_MAX_CHARS, OdriveScanner } from '../../protocols/wire/odrive.ts';
import type { OdriveAxis } from './odrive-axis.ts';
import type { OdriveAxisConfig } from './odrive-config.ts';

export type OdriveFirmware = '0.5' | '0.6';
export type OdrivePropertyType = 'float' | 'int' | 'bool' | 'text';

export interface OdriveProperty {
  readonly type: OdrivePropertyType;
  get(): number | string;
  /** Absent: read-only. */
  set?(value: number): void;
}

export type OdriveProperties = Map<string, OdriveProperty>;

const scanner = new OdriveScanner();

/** The firmware's `to_string`, cut as it cuts. */
export function readOdriveProperty(property: OdriveProperty): string {
  const value = property.get();
  const text = typeof value === 'string' ? value : property.type === 'float' ? formatOdriveFloat(value) : String(Math.trunc(value));
  return text.slice(0, ODRIVE_PROPERTY_MAX_CHARS);
}

/** The firmware's `from_string`. @returns false when it is read-only, or the text is no value of its type */
export function writeOdriveProperty(property: OdriveProperty, text: string): boolean {
  const value = property.type === 'float' ? parseFloatText(text) : parseIntText(text);
  if (property.set === undefined || value === null) return false;
  property.set(property.type === 'bool' ? Number(value !== 0) : value);
  return true;
}

/** Like `sscanf("%f")`, which takes `inf` and `nan` too. */
function parseFloatText(text: string): number | null {
  const word = /^([+-]?)(inf|nan)/i.exec(text);
  if (word !== null) return word[2]?.toLowerCase() === 'nan' ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  const value = scanner.reset(Uint8Array.from(text, (letter) => letter.charCodeAt(0))).number();
  return value === null ? null : Math.fround(value);
}

/** Like `sscanf("%d")`. */
function parseIntText(text: string): number | null {
  const digits = /^[+-]?\d+/.exec(text)?.[0];
  return digits === undefined ? null : Number(digits);
}

type Field = readonly [suffix05: string | null, suffix06: string | null, type: OdrivePropertyType, key: keyof OdriveAxisConfig];

/** Names below `axisN.`. */
const CONFIG_FIELDS: readonly Field[] = [
  ['config.startup_closed_loop_control', 'config.startup_closed_loop_control', 'bool', 'startupClosedLoop'],
  ['config.watchdog_timeout', 'config.watchdog_timeout', 'float', 'watchdogTimeoutS'],
  ['config.enable_watchdog', 'config.enable_watchdog', 'bool', 'enableWatchdog'],
  ['motor.config.pre_calibrated', 'config.motor.phase_resistance_valid', 'bool', 'calibrated'],
  ['encoder.config.pre_calibrated', null, 'bool', 'calibrated'],
  ['motor.config.torque_constant', 'config.motor.torque_constant', 'float', 'torqueConstantNmPerA'],
  ['motor.config.pole_pairs', 'config.motor.pole_pairs', 'int', 'polePairs'],
  ['motor.config.current_lim', 'config.motor.current_soft_max', 'float', 'currentLimA'],
  [null, 'config.motor.current_hard_max', 'float', 'currentHardMaxA'],
  ['motor.config.calibration_current', 'config.motor.calibration_current', 'float', 'calibrationCurrentA'],
  [null, 'config.torque_soft_max', 'float', 'torqueMaxNm'],
  [null, 'config.torque_soft_min', 'float', 'torqueMinNm'],
  ['motor.fet_thermistor.config.temp_limit_lower', 'motor.fet_thermistor.config.temp_limit_lower', 'float', 'tempLowerC'],
  ['motor.fet_thermistor.config.temp_limit_upper', 'motor.fet_thermistor.config.temp_limit_upper', 'float', 'tempUpperC'],
  ['controller.config.input_mode', 'controller.config.input_mode', 'int', 'inputMode'],
  ['controller.config.pos_gain', 'controller.config.pos_gain', 'float', 'posGain'],
  ['controller.config.vel_gain', 'controller.config.vel_gain', 'float', 'velGain'],
  ['controller.config.vel_integrator_gain', 'controller.config.vel_integrator_gain', 'float', 'velIntegratorGain'],
  ['controller.config.vel_limit', 'controller.config.vel_limit', 'float', 'velLimit'],
  ['controller.config.vel_limit_tolerance', 'controller.config.vel_limit_tolerance', 'float', 'velLimitTolerance'],
  ['controller.config.vel_ramp_rate', 'controller.config.vel_ramp_rate', 'float', 'velRampRate'],
  ['controller.config.torque_ramp_rate', 'controller.config.torque_ramp_rate', 'float', 'torqueRampRate'],
  ['controller.config.inertia', 'controller.config.inertia', 'float', 'inertia'],
  ['controller.config.input_filter_bandwidth', 'controller.config.input_filter_bandwidth', 'float', 'inputFilterBandwidth'],
  ['controller.config.enable_vel_limit', 'controller.config.enable_vel_limit', 'bool', 'enableVelLimit'],
  ['controller.config.enable_torque_mode_vel_limit', 'controller.config.enable_torque_mode_vel_limit', 'bool', 'enableTorqueModeVelLimit'],
  ['controller.config.enable_overspeed_error', 'controller.config.enable_overspeed_error', 'bool', 'enableOverspeedError'],
  ['trap_traj.config.vel_limit', 'trap_traj.config.vel_limit', 'float', 'trapVelLimit'],
  ['trap_traj.config.accel_limit', 'trap_traj.config.accel_limit', 'float', 'trapAccelLimit'],
  ['trap_traj.config.decel_limit', 'trap_traj.config.decel_limit', 'float', 'trapDecelLimit'],
  ['encoder.config.cpr', null, 'int', 'encoderCpr'],
];

/** Adds everything below `axisN.`. */
export function addAxisProperties(into: OdriveProperties, prefix: string, axis: OdriveAxis, firmware: OdriveFirmware): void {
  const add = (name: string, type: OdrivePropertyType, get: () => number | string, set?: (value: number) => void): void => {
    into.set(prefix + name, set === undefined ? { type, get } : { type, get, set });
  };
  for (const [name05, name06, type, key] of CONFIG_FIELDS) {
    const name = firmware === '0.5' ? name05 : name06;
    if (name !== null) add(name, type, () => axis.config[key], (value) => (axis.config[key] = value));
  }
  add('current_state', 'int', () => axis.state);
  add('requested_state', 'int', () => axis.requestedState, (value) => axis.requestState(value));
  add('is_homed', 'bool', () => 0);
  add('controller.config.control_mode', 'int', () => axis.config.controlMode, (value) => axis.setControlMode(value));
  addControllerProperties(add, axis);
  add('motor.fet_thermistor.temperature', 'float', () => axis.report.tempC);
  add('motor.motor_thermistor.temperature', 'float', () => axis.report.tempC);
  add('motor.effective_current_lim', 'float', () => axis.effectiveCurrentLimA);
  if (firmware === '0.5') add05(add, axis);
  else add06(add, axis);
}

type Add = (name: string, type: OdrivePropertyType, get: () => number | string, set?: (value: number) => void) => void;

function addControllerProperties(add: Add, axis: OdriveAxis): void {
  const { controller } = axis;
  // Set-points of an axis that ignores commands are taken like all others, and change nothing.
  const obeyed = (set: (value: number) => void) => (value: number) => {
    if (!axis.faults.ignoresCommands) set(value);
  };
  add('controller.input_pos', 'float', () => controller.inputPosTurns, obeyed((value) => controller.moveTo(value)));
  add('controller.input_vel', 'float', () => controller.inputVelTurnsPerSec, obeyed((value) => (controller.inputVelTurnsPerSec = value)));
  add('controller.input_torque', 'float', () => controller.inputTorqueNm, obeyed((value) => (controller.inputTorqueNm = value)));
  add('controller.pos_setpoint', 'float', () => controller.posSetpointTurns);
  add('controller.vel_setpoint', 'float', () => controller.velSetpointTurnsPerSec);
  add('controller.torque_setpoint', 'float', () => controller.torqueSetpointNm);
  add('controller.trajectory_done', 'bool', () => Number(controller.trajectoryDone));
}

function add05(add: Add, axis: OdriveAxis): void {
  add('error', 'int', () => axis.errors.axis, (value) => (axis.errors.axis = value));
  add('motor.error', 'int', () => axis.errors.motor, (value) => (axis.errors.motor = value));
  add('controller.error', 'int', () => axis.errors.controller, (value) => (axis.errors.controller = value));
  add('encoder.error', 'int', () => 0, () => {});
  add('sensorless_estimator.error', 'int', () => 0, () => {});
  add('motor.is_armed', 'bool', () => Number(axis.energised));
  add('motor.is_calibrated', 'bool', () => axis.config.calibrated);
  add('motor.config.torque_lim', 'float', () => axis.config.torqueMaxNm, (value) => {
    axis.config.torqueMaxNm = value;
    axis.config.torqueMinNm = -value;
  });
  add('motor.current_control.Iq_measured', 'float', () => axis.report.iqA);
  add('motor.current_control.Iq_setpoint', 'float', () => axis.report.iqA);
  add('motor.current_control.Id_measured', 'float', () => 0);
  add('encoder.is_ready', 'bool', () => axis.config.calibrated);
  add('encoder.index_found', 'bool', () => axis.config.calibrated);
  add('encoder.pos_estimate', 'float', () => axis.report.posTurns);
  add('encoder.vel_estimate', 'float', () => axis.report.velTurnsPerSec);
  add('encoder.pos_circular', 'float', () => axis.report.posTurns - Math.floor(axis.report.posTurns));
  add('encoder.shadow_count', 'int', () => axis.report.posTurns * axis.config.encoderCpr);
}

function add06(add: Add, axis: OdriveAxis): void {
  add('active_errors', 'int', () => axis.errors.since06);
  add('disarm_reason', 'int', () => axis.errors.since06);
  // 0 success, 3 disarmed
  add('procedure_result', 'int', () => (axis.errors.since06 === 0 ? 0 : 3));
  add('is_armed', 'bool', () => Number(axis.energised));
  add('pos_estimate', 'float', () => axis.report.posTurns);
  add('vel_estimate', 'float', () => axis.report.velTurnsPerSec);
  add('pos_vel_mapper.pos_rel', 'float', () => axis.report.posTurns);
  add('pos_vel_mapper.vel', 'float', () => axis.report.velTurnsPerSec);
  add('motor.foc.Iq_measured', 'float', () => axis.report.iqA);
  add('motor.foc.Iq_setpoint', 'float', () => axis.report.iqA);
  add('motor.foc.Id_measured', 'float', () => 0);
  add('motor.torque_estimate', 'float', () => axis.report.iqA * axis.config.torqueConstantNmPerA);
}
