/**
 * What is asked of and written to a drive before it is used, one exchange after the other: who are you, this is your
 * watchdog, what is your watchdog. No timers: it is polled once per cycle and told the time.
 */
export type SetupAnswer =
  /** The frame is not the answer to this step. */
  | 'other'
  | 'done'
  /** The answer makes the drive unfit. */
  | { readonly refusal: string };

export interface SetupStep<Frame> {
  /** For messages: `its watchdog`. */
  readonly what: string;
  encode(out: Uint8Array, at: number): number;
  /** Looks at what the drive sent; a step without `accept` is silent and done when it is sent. */
  readonly accept?: (frame: Frame) => SetupAnswer;
}

/** A drive that is booting answers late; asked again and again, it is found within a tenth of a second. */
const PATIENCE_US = 100_000;
/** After so many unanswered questions people are told; asking goes on. */
const QUESTIONS_BEFORE_TROUBLE = 20;

export class Setup<Frame> {
  #index = 0;
  #askedUs = -Infinity;
  #questions = 0;
  #refusal: string | null = null;
  /** Questions that had to be asked again, in total. */
  retries = 0;

  constructor(
    private readonly steps: readonly SetupStep<Frame>[],
    private readonly patienceUs = PATIENCE_US,
  ) {}

  get done(): boolean {
    return this.#index >= this.steps.length && this.#refusal === null;
  }

  /** The drive's answer that made it unfit. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** What an otherwise living drive has not answered for long; null: nothing. */
  get unanswered(): string | null {
    return this.#questions > QUESTIONS_BEFORE_TROUBLE ? (this.steps[this.#index]?.what ?? null) : null;
  }

  restart(): void {
    this.#index = 0;
    this.#askedUs = -Infinity;
    this.#questions = 0;
    this.#refusal = null;
  }

  /** Appends the question that is due, if one is. */
  encode(nowUs: number, out: Uint8Array, at: number): number {
    const step = this.steps[this.#index];
    if (step === undefined || this.#refusal !== null || nowUs - this.#askedUs < this.patienceUs) return at;
    if (this.#askedUs > -Infinity) this.retries++;
    this.#questions++;
    this.#askedUs = nowUs;
    const end = step.encode(out, at);
    if (step.accept === undefined) this.#next();
    return end;
  }

  /** @returns whether the frame answered the step that is under way */
  accept(frame: Frame): boolean {
    const step = this.steps[this.#index];
    if (step?.accept === undefined || this.#refusal !== null || this.#askedUs === -Infinity) return false;
    const answer = step.accept(frame);
    if (answer === 'other') return false;
    if (answer === 'done') this.#next();
    else this.#refusal = answer.refusal;
    return true;
  }

  #next(): void {
    this.#index++;
    this.#askedUs = -Infinity;
    this.#questions = 0;
  }
}
