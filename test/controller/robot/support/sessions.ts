/** A session's header and what the recorder's thread does, without the thread. */
import type { SessionHeader } from '../../../../controller/recording/session-header.ts';
import type { OpenRequest, SessionRecorder } from '../../../../controller/robot/session-keeper.ts';
import { DariError } from '../../../../protocols/errors.ts';
import { SESSION_LOG_VERSION } from '../../../../protocols/session-log.ts';
import { profile, setup } from './fake-robot.ts';

export const header: SessionHeader = { version: SESSION_LOG_VERSION, sessionId: 's1', profile, setup, latched: 'none', mode: 'live', seed: null, startedAt: '2024-05-01T10:00:00.000Z', simulated: true };

export const openRequest: OpenRequest = { type: 'openSession', requestId: 1, epoch: 1, sessionId: 's1', logPath: '/tmp/s1.mcap', startedAt: '2024-05-01T10:00:00.000Z', actor: 'therapist', setup };

export class ListeningRecorder implements SessionRecorder {
  readonly calls: string[] = [];
  refusal: DariError | null = null;
  /** Runs while the file is being made. */
  meanwhile = (): void => {};

  async open(path: string): Promise<void> {
    this.calls.push(`open ${path}`);
    await Promise.resolve();
    this.meanwhile();
    if (this.refusal !== null) throw this.refusal;
  }

  begin(): void {
    this.calls.push('begin');
  }

  discard(): void {
    this.calls.push('discard');
  }

  async close(): Promise<{ sha256: string; bytes: number; cycles: number }> {
    this.calls.push('close');
    await Promise.resolve();
    if (this.refusal !== null) throw this.refusal;
    return { sha256: 'abc', bytes: 1, cycles: 2 };
  }
}

export const diskFull = new DariError('diskFull', 'The disk is full. Free some space.');
