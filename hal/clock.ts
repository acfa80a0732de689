/** Time is an argument: only this file, the composition roots and the screens may ask the machine for it. */
export interface Clock {
  /** Monotonic, from an arbitrary origin; never steps with the wall clock. */
  nowUs(): number;
}

/** Zero of `systemClock` by process.hrtime; a worker that is told it shares this thread's time. */
export const systemOriginNs = process.hrtime.bigint();

export const systemClock: Clock = {
  nowUs: () => Number(process.hrtime.bigint() - systemOriginNs) / 1_000,
};

/** Virtual time for lock-step and tests: moves only when told. */
export class ManualClock implements Clock {
  #nowUs: number;

  constructor(startUs = 0) {
    this.#nowUs = startUs;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  advanceUs(durationUs: number): void {
    this.#nowUs += durationUs;
  }
}

/** Things to be done later; an argument wherever time is one. */
export interface Scheduler {
  /** Calls `task` once after the delay, unless the returned function is called first. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Tasks on virtual time: they run in `runDue`, in the order of their times, at equal times in the order given. */
export class ManualScheduler implements Scheduler {
  #tasks: { readonly dueUs: number; readonly task: () => void }[] = [];

  constructor(private readonly clock: Clock) {}

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueUs: this.clock.nowUs() + delayMs * 1_000, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((candidate) => candidate !== entry);
    };
  }

  /** Runs all tasks whose time has come, also those that these add. */
  runDue(): void {
    const nowUs = this.clock.nowUs();
    for (;;) {
      let next = -1;
      for (const [i, entry] of this.#tasks.entries())
        if (entry.dueUs <= nowUs && (next < 0 || entry.dueUs < (this.#tasks[next]?.dueUs ?? Infinity))) next = i;
      const [due] = next < 0 ? [] : this.#tasks.splice(next, 1);
      if (due === undefined) return;
      due.task();
    }
  }
}
