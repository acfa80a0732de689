/** Deals the sessions of a campaign out to worker processes, one per core, and gathers what they tell. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { systemClock } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import type { CaseResult } from './case-run.ts';
import type { MutationCount } from './profile-mutations.ts';
import { MUTATIONS_PER_CASE, MUTATIONS_PER_PORTION, PROFILES, type Plan } from './plan.ts';
import type { CourseReport, WorkerLine, WorkerOrder } from './worker-lines.ts';

export interface CampaignOptions {
  readonly order: WorkerOrder;
  readonly plan: Plan;
  readonly jobs: number;
  readonly workerProgram: string;
  /** Called with each line, and with how many cases are done. */
  readonly onProgress: (done: number, line: WorkerLine) => void;
}

export interface Skipped {
  readonly case: number;
  readonly state: string;
}

export interface CampaignOutcome {
  readonly results: readonly CaseResult[];
  readonly skipped: readonly Skipped[];
  readonly courses: readonly CourseReport[];
  readonly mutations: MutationCount;
  readonly elapsedSec: number;
  /** Of the bare physics of the same model on one core, as a multiple of real time. */
  readonly engineTimesRealTime: number;
}

/**
 * Threads do not survive a fork. A small nursery (MB) is used over and over, so that a copy writes to few pages, each of
 * which costs a copy of its own.
 */
const WORKER_FLAGS = ['--single-threaded', '--no-liftoff', '--max-semi-space-size=1'];

export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const startUs = systemClock.nowUs();
  const gathered = new Gathered();
  const queue = tasksOf(options);
  await Promise.all(Array.from({ length: options.jobs }, async () => new Worker(options, gathered, queue).done()));
  const elapsedSec = (systemClock.nowUs() - startUs) / US_PER_S;
  const byCase = (a: { case: number }, b: { case: number }): number => a.case - b.case;
  return {
    results: gathered.results.toSorted(byCase),
    skipped: gathered.skipped.toSorted(byCase),
    courses: gathered.courses.toSorted((a, b) => a.course - b.course),
    mutations: gathered.mutations,
    elapsedSec,
    engineTimesRealTime: gathered.engineTimesRealTime,
  };
}

/** Sessions first, the longest work; what is left at the end is small. */
function tasksOf({ plan, order }: CampaignOptions): string[] {
  const profiles = order.only === null || order.only.includes(PROFILES) ? order.cases * MUTATIONS_PER_CASE : 0;
  const portions = Array.from({ length: Math.ceil(profiles / MUTATIONS_PER_PORTION) }, (_, i) => `profiles ${i} ${Math.min(MUTATIONS_PER_PORTION, profiles - i * MUTATIONS_PER_PORTION)}`);
  return [...plan.courses.map(({ index }) => `course ${index}`), ...portions, 'engine'];
}

class Gathered {
  readonly results: CaseResult[] = [];
  readonly skipped: Skipped[] = [];
  readonly courses: CourseReport[] = [];
  mutations: MutationCount = { mutants: 0, accepted: 0, violations: [] };
  engineTimesRealTime = 0;

  /** @returns whether a task is done with it */
  take(line: WorkerLine): boolean {
    switch (line.type) {
      case 'case':
        this.results.push(line);
        return false;
      case 'skipped':
        this.skipped.push(line);
        return false;
      case 'course':
        this.courses.push(line);
        return true;
      case 'profiles':
        this.mutations = { mutants: this.mutations.mutants + line.mutants, accepted: this.mutations.accepted + line.accepted, violations: [...this.mutations.violations, ...line.violations] };
        return true;
      case 'engine':
        this.engineTimesRealTime = line.timesRealTime;
        break;
    }
    return true;
  }
}

class Worker {
  readonly #process: ChildProcess & { stdin: Writable; stdout: Readable };
  readonly #ended: Promise<void>;

  constructor(
    options: CampaignOptions,
    gathered: Gathered,
    queue: string[],
  ) {
    const { workerProgram, order, onProgress } = options;
    this.#process = spawn(process.execPath, [...WORKER_FLAGS, workerProgram], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#tell(JSON.stringify(order));
    this.#next(queue);
    createInterface({ input: this.#process.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as WorkerLine;
      const done = gathered.take(line);
      onProgress(gathered.results.length + gathered.skipped.length, line);
      if (done) this.#next(queue);
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new DariError('simulatorFailed', `A worker of the campaign ended with ${signal ?? code}; its message stands above. Run it again with --jobs 1 to see where.`));
      });
    });
  }

  done(): Promise<void> {
    return this.#ended;
  }

  #next(queue: string[]): void {
    const task = queue.shift();
    if (task === undefined) this.#process.stdin.end();
    else this.#tell(task);
  }

  #tell(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }
}
