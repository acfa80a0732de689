/**
 * The configuration of a virtual moteus and the text console that reaches it. Sources: mjbots/moteus
 * `docs/protocol/diagnostic.md` and `fw/bldc_servo_structs.h` (names and defaults); mjbots/mjlib `mjlib/micro/
 * persistent_config.cc` and `command_manager.cc` (answers: a read value stands alone, all else ends in OK).
 */
const TURN_RAD = 2 * Math.PI;

/** What the factory and the fitter of a robot have set; kept in flash. */
export interface MoteusFitting {
  readonly id: number;
  readonly kpNmPerTurn: number;
  readonly kdNmPerHz: number;
  readonly faultTemperatureC: number;
  readonly temperatureMarginC: number;
}

const fittedItems = (fitting: MoteusFitting): readonly (readonly [string, number])[] => [
  ['id.id', fitting.id],
  ['can.prefix', 0],
  ['motor.poles', 42],
  ['motor.Kv', 60 / TURN_RAD],
  ['motor_position.rotor_to_output_ratio', 1],
  ['servo.pid_position.kp', fitting.kpNmPerTurn],
  ['servo.pid_position.ki', 0],
  ['servo.pid_position.kd', fitting.kdNmPerHz],
  ['servo.pid_position.ilimit', 0],
  ['servo.default_velocity_limit', NaN],
  ['servo.default_accel_limit', 50],
  ['servo.default_timeout_s', 0.1],
  ['servo.timeout_max_torque_Nm', 5],
  ['servo.timeout_mode', 12],
  ['servo.max_current_A', 100],
  ['servo.max_velocity', 500],
  ['servo.max_velocity_derate', 2],
  ['servo.max_voltage', 46],
  ['servo.fault_temperature', fitting.faultTemperatureC],
  ['servo.temperature_margin', fitting.temperatureMarginC],
  ['servo.position_derate', 0.02],
  ['servopos.position_min', NaN],
  ['servopos.position_max', NaN],
];

/** Input that is longer without an end of line is not a command (`kMaxLineLength`). */
const LONGEST_COMMAND = 100;
const MOST_OUTPUT = 16_384;

export class MoteusConfig {
  readonly #defaults: ReadonlyMap<string, number>;
  #flash: ReadonlyMap<string, number>;
  #values: Map<string, number>;
  #input = '';
  #output = '';

  /** @param onStop `d stop` */
  constructor(
    fitting: MoteusFitting,
    private readonly onStop: () => void,
  ) {
    this.#defaults = new Map(fittedItems(fitting));
    this.#flash = this.#defaults;
    this.#values = new Map(this.#defaults);
  }

  get(name: string): number {
    return this.#values.get(name) ?? NaN;
  }

  /** The controller starts: what was not written to flash is gone. */
  boot(): void {
    this.#values = new Map(this.#flash);
    this.#input = '';
    this.#output = '';
  }

  /** What a host types. */
  type(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 0x0a || byte === 0x0d) {
        if (this.#input.length > 0 && this.#input.length <= LONGEST_COMMAND) this.#output += this.#carryOut(this.#input.trim().split(/ +/));
        this.#input = '';
      } else if (this.#input.length <= LONGEST_COMMAND) this.#input += String.fromCharCode(byte);
    }
    this.#output = this.#output.slice(0, MOST_OUTPUT);
  }

  /** Takes what the console has to say, at most so many bytes. */
  take(maxBytes: number): Uint8Array {
    const text = this.#output.slice(0, maxBytes);
    this.#output = this.#output.slice(text.length);
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  }

  #carryOut([group, verb, name = '', value = '']: readonly string[]): string {
    if (group === 'd' && verb === 'stop') {
      this.onStop();
      return 'OK\r\n';
    }
    if (group === 'tel' && (verb === 'stop' || verb === 'text' || verb === 'rate' || verb === 'fmt')) return 'OK\r\n';
    if (group !== 'conf') return 'ERR unknown command\r\n';
    if (verb === 'get') return this.#values.has(name) ? `${textOf(this.get(name))}\r\n` : 'ERR error reading\r\n';
    if (verb === 'set') return this.#set(name, value);
    if (verb === 'enumerate') return [...this.#values].map(([key, item]) => `${key} ${textOf(item)}\r\n`).join('') + 'OK\r\n';
    if (verb === 'write') this.#flash = new Map(this.#values);
    else if (verb === 'load') this.#values = new Map(this.#flash);
    else if (verb === 'default') this.#values = new Map(this.#defaults);
    else return 'ERR unknown command\r\n';
    return 'OK\r\n';
  }

  #set(name: string, text: string): string {
    const value = text === 'nan' ? NaN : Number(text);
    if (!this.#values.has(name) || text === '' || (Number.isNaN(value) && text !== 'nan')) return 'ERR error setting\r\n';
    this.#values.set(name, value);
    return 'OK\r\n';
  }
}

const textOf = (value: number): string => (Number.isNaN(value) ? 'nan' : Number.isInteger(value) ? String(value) : value.toFixed(6));
