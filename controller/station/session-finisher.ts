/**
 * Finishes sessions in the background, one after the other: files that nobody sealed are recovered, sealed ones are
 * summed up. Whatever is left when the station ends is done at its next start.
 */
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';
import type { Log } from './log.ts';
import type { RecordStore, StoredSession, SummaryRecord } from './records/store.ts';
import type { SettledFile } from './session-files.ts';

export interface FinisherContext {
  readonly store: RecordStore;
  readonly dataFolder: string;
  readonly log: Log;
  readonly files: {
    settle(file: string): Promise<SettledFile>;
    /** Gives up when told to. */
    summarise(file: string, signal: AbortSignal): Promise<SummaryRecord>;
  };
  /** Still being written. */
  activeSessionId(): string | null;
  finished(sessionId: string): void;
}

export class SessionFinisher {
  #work: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();
  /** Not tried twice in one life of the station. */
  readonly #failed = new Set<string>();

  constructor(private readonly context: FinisherContext) {}

  /**
   * Looks for unfinished sessions.
   * @param settled called when every file is whole; what is left then is summing up
   * @returns when those found are done
   */
  run(settled: () => void = () => {}): Promise<void> {
    this.#work = this.#work.then(() => this.#finishAll(settled)).catch((error: unknown) => this.context.log.error({ error: String(error) }, 'sessions could not be finished; they are tried again later'));
    return this.#work;
  }

  /** Leaves the rest for the next start. @returns when nothing is in work any more */
  stop(): Promise<void> {
    this.#stop.abort();
    return this.#work;
  }

  #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  async #finishAll(settled: () => void): Promise<void> {
    const { store } = this.context;
    for (const session of await store.unsealedSessions()) await this.#attempt(session, (file) => this.#settle(session, file));
    settled();
    for (const session of await store.unsummarisedSessions()) await this.#attempt(session, (file) => this.#summarise(session, file));
  }

  async #attempt(session: StoredSession, work: (file: string) => Promise<void>): Promise<void> {
    if (this.#stopping() || this.#failed.has(session.id) || this.context.activeSessionId() === session.id) return;
    try {
      await work(path.join(this.context.dataFolder, ...session.logPath.split('/')));
    } catch (error) {
      if (this.#stopping()) return;
      this.#failed.add(session.id);
      this.context.log.error({ sessionId: session.id, error: String(error) }, 'a session could not be finished');
    }
  }

  async #settle(session: StoredSession, file: string): Promise<void> {
    const { store, log } = this.context;
    let found: SettledFile | null = null;
    try {
      found = await this.context.files.settle(file);
    } catch (error) {
      if (!(error instanceof DariError && error.code === 'logUnreadable')) throw error;
      log.error({ sessionId: session.id, error: error.message }, 'nothing of this session can be read');
    }
    const endedAt = new Date(Date.parse(session.startedAt) + (found?.durationSec ?? 0) * 1_000).toISOString();
    await store.closeSession(session.id, { status: found?.status ?? 'lost', endedAt, sha256: found?.sha256 ?? null });
    this.context.finished(session.id);
  }

  async #summarise(session: StoredSession, file: string): Promise<void> {
    await this.context.store.storeSummary(session.id, await this.context.files.summarise(file, this.#stop.signal));
    this.context.finished(session.id);
  }
}
