/**
 * Settings that hosts write when they commission a real ODrive and that change nothing here: kept, saved and read back.
 * Names and defaults: `odrive-interface.yaml`, `axis.hpp`, `motor.hpp`, `encoder.hpp`, `controller.hpp` of 0.5.6.
 */
import type { OdriveFirmware, OdriveProperties, OdrivePropertyType } from './odrive-properties.ts';

type Inert = readonly [firmware: OdriveFirmware | 'both', name: string, type: OdrivePropertyType, factory: number];

const BOARD: readonly Inert[] = [
  ['both', 'config.enable_uart_a', 'bool', 1],
  ['both', 'config.uart_a_baudrate', 'int', 115_200],
  ['both', 'config.dc_bus_undervoltage_trip_level', 'float', 8],
  ['both', 'config.dc_bus_overvoltage_trip_level', 'float', 59.92],
  ['both', 'config.dc_max_positive_current', 'float', Infinity],
  ['both', 'config.dc_max_negative_current', 'float', -0.01],
  ['both', 'can.config.baud_rate', 'int', 250_000],
  ['0.5', 'config.enable_can_a', 'bool', 1],
  ['0.5', 'config.enable_brake_resistor', 'bool', 0],
  ['0.5', 'config.brake_resistance', 'float', 2],
  ['0.5', 'config.max_regen_current', 'float', 0],
  ['0.6', 'config.brake_resistor0.enable', 'bool', 0],
  ['0.6', 'config.brake_resistor0.resistance', 'float', 2],
];

const AXIS: readonly Inert[] = [
  ['both', 'config.startup_motor_calibration', 'bool', 0],
  ['both', 'config.startup_encoder_index_search', 'bool', 0],
  ['both', 'config.startup_encoder_offset_calibration', 'bool', 0],
  ['both', 'config.startup_homing', 'bool', 0],
  ['both', 'config.enable_step_dir', 'bool', 0],
  ['both', 'config.calibration_lockin.current', 'float', 10],
  ['both', 'config.can.node_id', 'int', 0],
  ['both', 'controller.config.circular_setpoints', 'bool', 0],
  ['both', 'controller.config.circular_setpoint_range', 'float', 1],
  ['both', 'controller.config.enable_gain_scheduling', 'bool', 0],
  ['both', 'controller.config.gain_scheduling_width', 'float', 10],
  ['both', 'motor.fet_thermistor.config.enabled', 'bool', 1],
  ['both', 'motor.motor_thermistor.config.enabled', 'bool', 0],
  ['both', 'min_endstop.config.enabled', 'bool', 0],
  ['both', 'max_endstop.config.enabled', 'bool', 0],
  ['0.5', 'config.enable_sensorless_mode', 'bool', 0],
  ['0.5', 'config.can.heartbeat_rate_ms', 'int', 100],
  ['0.5', 'controller.config.homing_speed', 'float', 0.25],
  ['0.5', 'motor.config.motor_type', 'int', 0],
  ['0.5', 'motor.config.current_lim_margin', 'float', 8],
  ['0.5', 'motor.config.requested_current_range', 'float', 60],
  ['0.5', 'motor.config.resistance_calib_max_voltage', 'float', 2],
  ['0.5', 'motor.config.current_control_bandwidth', 'float', 1_000],
  ['0.5', 'motor.config.phase_resistance', 'float', 0.039],
  ['0.5', 'motor.config.phase_inductance', 'float', 0.000_016],
  ['0.5', 'encoder.config.mode', 'int', 0],
  ['0.5', 'encoder.config.use_index', 'bool', 0],
  ['0.5', 'encoder.config.direction', 'int', 1],
  ['0.5', 'encoder.config.bandwidth', 'float', 1_000],
  ['0.5', 'encoder.config.calib_range', 'float', 0.02],
  ['0.5', 'encoder.config.calib_scan_distance', 'float', 50.265_48],
  ['0.5', 'encoder.config.abs_spi_cs_gpio_pin', 'int', 1],
  ['0.6', 'config.load_encoder', 'int', 13],
  ['0.6', 'config.commutation_encoder', 'int', 13],
  ['0.6', 'config.encoder_bandwidth', 'float', 1_000],
  ['0.6', 'config.motor.motor_type', 'int', 0],
  ['0.6', 'config.motor.resistance_calib_max_voltage', 'float', 2],
  ['0.6', 'config.motor.phase_resistance', 'float', 0.039],
  ['0.6', 'config.motor.phase_inductance', 'float', 0.000_016],
];

export class OdriveInertSettings {
  readonly #factory = new Map<string, number>();
  #values: Map<string, number>;
  #saved: Map<string, number>;

  constructor(into: OdriveProperties, axisCount: number, firmware: OdriveFirmware) {
    const add = (prefix: string, settings: readonly Inert[]): void => {
      for (const [only, name, type, factory] of settings) {
        if (only !== 'both' && only !== firmware) continue;
        const path = prefix + name;
        this.#factory.set(path, factory);
        into.set(path, { type, get: () => this.#values.get(path) ?? factory, set: (value) => this.#values.set(path, value) });
      }
    };
    add('', BOARD);
    for (let i = 0; i < axisCount; i++) add(`axis${i}.`, AXIS);
    this.#values = new Map(this.#factory);
    this.#saved = this.#factory;
  }

  save(): void {
    this.#saved = new Map(this.#values);
  }

  erase(): void {
    this.#saved = this.#factory;
  }

  restart(): void {
    this.#values = new Map(this.#saved);
  }
}
