/**
 * What Dari writes and reads, by firmware. 0.5: `odrive-interface.yaml` of 0.5.6; 0.6: the API reference of the Pro and
 * S1 (names moved, torque has two limits, errors are one word).
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';

export interface OdriveNames {
  /** Error words; the first that is not 0 is told. */
  readonly errors: readonly string[];
  readonly watchdogTrippedBit: number;
  readonly current: string;
  readonly currentLimit: string;
  readonly torqueLimits: readonly { readonly name: string; readonly sign: 1 | -1 }[];
  readonly torqueConstant: string;
}

const NAMES: Readonly<Record<DriveProfileOf<'odrive-ascii'>['firmware'], OdriveNames>> = {
  '0.5': {
    errors: ['error', 'motor.error', 'controller.error', 'encoder.error'],
    watchdogTrippedBit: 0x800,
    current: 'motor.current_control.Iq_measured',
    currentLimit: 'motor.config.current_lim',
    torqueLimits: [{ name: 'motor.config.torque_lim', sign: 1 }],
    torqueConstant: 'motor.config.torque_constant',
  },
  '0.6': {
    errors: ['active_errors', 'disarm_reason'],
    watchdogTrippedBit: 0x0100_0000,
    current: 'motor.foc.Iq_measured',
    currentLimit: 'config.motor.current_soft_max',
    torqueLimits: [
      { name: 'config.torque_soft_max', sign: 1 },
      { name: 'config.torque_soft_min', sign: -1 },
    ],
    torqueConstant: 'config.motor.torque_constant',
  },
};

export const odriveNames = ({ firmware }: DriveProfileOf<'odrive-ascii'>): OdriveNames => NAMES[firmware];

export const ODRIVE_TEMPERATURE = 'motor.fet_thermistor.temperature';
export const ODRIVE_STATE = 'current_state';
export const ODRIVE_IDLE = 1;
export const ODRIVE_CLOSED_LOOP = 8;
export const ODRIVE_CONTROL_MODE = 'controller.config.control_mode';
export const ODRIVE_WATCHDOG = 'config.enable_watchdog';
/** Values of `control_mode`. */
export const ODRIVE_CONTROL_MODES = { torque: 1, velocity: 2, position: 3 } as const;
export const ODRIVE_PASSTHROUGH = 1;
/** The drive's unit of angle. */
export const TURN_RAD = 2 * Math.PI;
