/** Starts the real product as its user would and stops it the same way. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '..', '..');

export interface RunningStation {
  readonly url: string;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  readonly output: () => string;
  /** SIGINT to the whole process group, as Ctrl-C does. @returns the exit code */
  stop(): Promise<number | null>;
}

export function temporaryFolder(name: string): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), `dari-${name}-`));
}

/** Resolves at the line `Dari is ready: …`; rejects with everything printed when the process ends before. */
export function startDari(args: readonly string[] = [], dataFolder = temporaryFolder('data')): Promise<RunningStation> {
  const child = spawn('npm', ['start', '--silent', '--', '--port', '0', '--data', dataFolder, ...args], { cwd: repository, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      const url = /^Dari is ready: (http:\/\/\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        dataFolder,
        process: child,
        output: () => text,
        stop: () => {
          if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
          return exited;
        },
      });
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void exited.then((code) => reject(new Error(`dari start ended with ${code} before it was ready:\n${text}`)));
  });
}

/** Processes whose command line holds the text: used to prove that nothing is left. */
export function processesWith(text: string): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(text) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export function childrenOf(parent: number): { pid: number; command: string }[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parentPid = Number(/\) \S (\d+) /.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
        return parentPid === parent ? [{ pid: Number(name), command: fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }] : [];
      } catch {
        return [];
      }
    });
}

/** npm stands between the test and the station. */
export function stationPid(station: RunningStation): number {
  let generation = [{ pid: station.process.pid ?? 0, command: '' }];
  while (generation.length > 0) {
    const found = generation.find((entry) => entry.command.includes('dari.mjs start') && !entry.command.startsWith('npm') && !entry.command.includes('sh -c'));
    if (found !== undefined) return found.pid;
    generation = generation.flatMap((entry) => childrenOf(entry.pid));
  }
  throw new Error('no station process is running');
}
