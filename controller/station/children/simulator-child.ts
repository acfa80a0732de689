/**
 * The virtual robot as a child process. Its ports appear as symbolic links in a folder of our own, so that they keep
 * their names when the simulator is started again.
 */
import fs from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { z } from 'zod/mini';
import { DariError } from '../../../protocols/errors.ts';
import type { VirtualButton } from '../../../protocols/messages.ts';
import type { VirtualPrompt } from '../virtual-prompts.ts';
import { ChildSupervisor, type ChildTools, type RunningChild } from './child-process.ts';

export interface SimulatorPlan {
  readonly program: string;
  readonly profilePath: string;
  readonly seed: number;
  /** File of the simulated patient; without it an average one who does nothing. */
  readonly patientPath?: string | undefined;
  /** Made at the start, removed at the end. */
  readonly linkFolder: string;
}

const readySchema = z.object({ ports: z.array(z.object({ name: z.string(), path: z.string() })) });
const READY_TIMEOUT_MS = 15_000;
const STOP_GRACE_MS = 800;

export class SimulatorChild {
  readonly #child: ChildSupervisor;
  #pipe: Socket | null = null;
  #onReady: (ports: ReadonlyMap<string, string>) => void = () => {};
  #onFailure: (reason: string) => void = () => {};

  constructor(
    private readonly plan: SimulatorPlan,
    private readonly tools: ChildTools,
  ) {
    this.#child = new ChildSupervisor(
      {
        name: 'simulator',
        program: plan.program,
        arguments: ['--profile', plan.profilePath, '--link', plan.linkFolder, '--seed', String(plan.seed), '--json', ...(plan.patientPath === undefined ? [] : ['--patient', plan.patientPath])],
        onStart: (child) => this.#listen(child),
        onExit: (reason) => {
          this.#pipe = null;
          this.#onFailure(reason);
        },
      },
      tools,
    );
  }

  get pid(): number | null {
    return this.#child.pid;
  }

  /** @throws DariError `simulatorFailed` while there is no virtual robot */
  press(button: VirtualButton, pressed: boolean): void {
    if (this.#pipe === null) throw new DariError('simulatorFailed', 'The virtual robot is just being started again. Wait a moment, then press again.');
    this.#pipe.write(`${JSON.stringify(button === 'estop' ? { estop: pressed } : { patientButton: pressed })}\n`);
  }

  /** The simulated patient is put into the virtual robot, or taken out; one that is just being started again has him in it. */
  seat(inside: boolean): void {
    this.#pipe?.write(`${JSON.stringify({ patient: inside })}\n`);
  }

  /** Tells the simulated patient what to do. */
  prompt(prompt: VirtualPrompt): void {
    this.#pipe?.write(`${JSON.stringify({ prompt })}\n`);
  }

  /** @returns the path of each link's port. @throws DariError `simulatorFailed` */
  async start(): Promise<ReadonlyMap<string, string>> {
    this.#freshFolder();
    try {
      return await new Promise((resolve, reject) => {
        const fail = (reason: string): void => reject(new DariError('simulatorFailed', `The virtual robot did not start (${reason}). See the messages above; npm run build may help.`));
        const cancel = this.tools.scheduler.after(READY_TIMEOUT_MS, () => fail(`nothing heard for ${READY_TIMEOUT_MS / 1_000} s`));
        this.#onReady = (ports) => {
          cancel();
          this.#onFailure = () => this.#freshFolder();
          resolve(ports);
        };
        this.#onFailure = (reason) => {
          cancel();
          fail(reason);
        };
        this.#child.start();
      });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#onFailure = () => {};
    await this.#child.stop(null, STOP_GRACE_MS);
    fs.rmSync(this.plan.linkFolder, { recursive: true, force: true });
  }

  /** A simulator that was killed leaves links that lead nowhere. */
  #freshFolder(): void {
    fs.rmSync(this.plan.linkFolder, { recursive: true, force: true });
    fs.mkdirSync(this.plan.linkFolder, { recursive: true, mode: 0o700 });
  }

  #listen(child: RunningChild): void {
    this.#pipe = child.pipe;
    // Nothing comes back through it; but unread it could fill up.
    child.pipe.resume();
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.#line(line);
    });
  }

  #line(line: string): void {
    const parsed = readySchema.safeParse(parseJson(line));
    if (parsed.success) this.#onReady(new Map(parsed.data.ports.map((port) => [port.name, path.resolve(port.path)])));
    else this.tools.log.info({ line }, 'simulator says');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
