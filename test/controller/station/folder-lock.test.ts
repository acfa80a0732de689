import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../controller/station/folder-lock.ts';

const folders: string[] = [];

function freshFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-lock-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

describe('the lock of a data folder', () => {
  it('is held by one, who is named to the others, until it is given back', () => {
    const folder = freshFolder();
    const lock = lockFolder(folder);
    lock.describe({ pid: 4711, url: 'http://127.0.0.1:7377', robotPid: null });
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'dataFolder', message: expect.stringMatching(/4711.*7377.*--data/) }));
    lock.release();
    const next = lockFolder(folder);
    expect(next.left).toBeNull();
    next.release();
  });

  it('is free again when its holder was killed, and says what that one left', async () => {
    const folder = freshFolder();
    const program = `
      import Database from 'libsql';
      import fs from 'node:fs';
      const database = new Database(${JSON.stringify(path.join(folder, 'station.lock'))});
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      fs.writeFileSync(${JSON.stringify(path.join(folder, 'station.json'))}, '{"pid":1,"url":"http://127.0.0.1:1","robotPid":99}');
      console.log('held');
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'dataFolder' }));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = lockFolder(folder);
    expect(lock.left).toEqual({ pid: 1, url: 'http://127.0.0.1:1', robotPid: 99 });
    lock.release();
  });

  it('does not mind a damaged note', () => {
    const folder = freshFolder();
    fs.writeFileSync(path.join(folder, 'station.json'), '{"pid":');
    const lock = lockFolder(folder);
    expect(lock.left).toBeNull();
    lock.release();
  });
});
