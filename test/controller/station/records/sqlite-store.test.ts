import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../controller/station/records/sqlite-store.ts';
import type { RecordStore } from '../../../../controller/station/records/store.ts';
import { aSession, storeContract } from './store-contract.ts';

const folders: string[] = [];
const stores: RecordStore[] = [];

function open(token?: string): { store: RecordStore; token: string } {
  const folder = token ?? fs.mkdtempSync(path.join(os.tmpdir(), 'dari-store-'));
  if (token === undefined) folders.push(folder);
  const store = openSqliteStore(path.join(folder, 'dari.db'));
  stores.push(store);
  return { store, token: folder };
}

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

storeContract('SQLite', (token) => Promise.resolve(open(token)));

it('is readable by its owner only', () => {
  const { token } = open();
  expect(fs.readdirSync(token).filter((name) => (fs.statSync(path.join(token, name)).mode & 0o077) !== 0)).toEqual([]);
});

it('survives that its process never closed it', async () => {
  const { store, token } = open();
  await store.openSession(aSession('s1'));
  // A second connection sees what was acknowledged, as a new process after kill -9 would.
  const again = open(token);
  expect((await again.store.session('s1'))?.status).toBe('recording');
});

it('refuses the records of a newer Dari instead of guessing', async () => {
  const { store, token } = open();
  await store.close();
  stores.pop();
  const file = path.join(token, 'dari.db');
  const database = new Database(file);
  database.exec('PRAGMA user_version = 999');
  database.close();
  expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'storeFailed', message: expect.stringContaining('newer Dari') }));
});

it('says which file is unusable when it is not a database', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-store-'));
  folders.push(folder);
  const file = path.join(folder, 'dari.db');
  fs.writeFileSync(file, 'this is not a database at all, but long enough to be read as one '.repeat(20));
  expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'storeFailed', message: expect.stringContaining(file) }));
});
