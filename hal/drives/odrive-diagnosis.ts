/** What an ODrive axis is asked in rotation, one property at a time, and what it last said. */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { encodeOdriveLine, readOdriveNumber } from '../../protocols/wire/odrive.ts';
import { ODRIVE_CONTROL_MODE, ODRIVE_CONTROL_MODES, ODRIVE_STATE, ODRIVE_TEMPERATURE, ODRIVE_WATCHDOG, odriveNames } from './odrive-names.ts';

const [TEMP_MIN_C, TEMP_MAX_C] = [-55, 200];

export type OdriveFinding =
  /** The axis said in which state it is. */
  | 'state'
  | 'other'
  /** The drive cannot have this value. */
  | 'refused'
  /** A setting is not as it was set: the drive restarted, or somebody else changed it. */
  | 'settingLost';

interface Question {
  readonly request: Uint8Array;
  readonly take: (value: number) => OdriveFinding;
}

export class OdriveDiagnosis {
  /** `current_state`; null: not told. */
  state: number | null = null;
  /** At the joint, in the drive's direction; from the measured quadrature current. */
  torqueNm = 0;
  /** Of the inverter. */
  tempC = 0;
  readonly #state: Question;
  readonly #current: Question;
  readonly #others: readonly Question[];
  readonly #errors: number[];
  #question: Question;
  #asked = 0;

  constructor(private readonly profile: DriveProfileOf<'odrive-ascii'>) {
    const names = odriveNames(profile);
    const question = (name: string, take: Question['take']): Question => ({ request: encodeOdriveLine(`r axis${profile.address}.${name}`), take });
    this.#errors = names.errors.map(() => 0);
    this.#state = question(ODRIVE_STATE, (value) => this.#takeState(value));
    this.#current = question(names.current, (value) => this.#takeCurrent(value));
    this.#others = [
      ...names.errors.map((name, i) => question(name, (value) => this.#takeError(i, value))),
      question(ODRIVE_TEMPERATURE, (value) => this.#takeTemperature(value)),
      question(ODRIVE_WATCHDOG, (value) => settingOf(value, 1)),
      question(ODRIVE_CONTROL_MODE, (value) => settingOf(value, ODRIVE_CONTROL_MODES[profile.setPoint])),
    ];
    this.#question = this.#state;
  }

  /** The first error word that is not 0; words differ by component in 0.5. */
  get errorCode(): number {
    for (const error of this.#errors) if (error !== 0) return error;
    return 0;
  }

  /** What was said is void. */
  reset(): void {
    this.state = null;
    this.#errors.fill(0);
  }

  /** The state at once when it is not the wanted one; else it and the current in turn, and the rest in between. */
  next(wantedState: number): Uint8Array {
    this.#question = this.state === wantedState ? this.#inRotation() : this.#state;
    return this.#question.request;
  }

  /** @param line the answer to the newest question */
  take(line: Uint8Array): OdriveFinding {
    const value = readOdriveNumber(line);
    return value === null ? 'refused' : this.#question.take(value);
  }

  #inRotation(): Question {
    const count = this.#asked++;
    if (count % 2 === 1) return this.#current;
    if (count % 4 === 0) return this.#state;
    return this.#others[Math.floor(count / 4) % this.#others.length] ?? this.#state;
  }

  #takeState(value: number): OdriveFinding {
    this.state = value;
    return 'state';
  }

  #takeCurrent(value: number): OdriveFinding {
    const torqueNm = value * this.profile.torqueConstantNmPerA;
    if (Math.abs(torqueNm) > this.profile.torqueRangeNm) return 'refused';
    this.torqueNm = torqueNm;
    return 'other';
  }

  #takeError(index: number, value: number): OdriveFinding {
    if (value < 0) return 'refused';
    this.#errors[index] = value;
    return 'other';
  }

  #takeTemperature(value: number): OdriveFinding {
    if (value < TEMP_MIN_C || value > TEMP_MAX_C) return 'refused';
    this.tempC = value;
    return 'other';
  }
}

const settingOf = (value: number, wanted: number): OdriveFinding => (value === wanted ? 'other' : 'settingLost');
