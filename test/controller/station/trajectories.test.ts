import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../controller/station/records/sqlite-store.ts';
import type { RecordStore } from '../../../controller/station/records/store.ts';
import { shownMovementOf } from '../../../controller/station/session-files.ts';
import { chosenTrajectory, knownTrajectories, makeTrajectory } from '../../../controller/station/trajectories.ts';
import type { Trajectory } from '../../../protocols/trajectory.ts';
import { header, layout, makeRows, profile, temporaryFolder, writeRows } from '../recording/fixtures.ts';
import { aSession } from './records/store-contract.ts';

const stores: RecordStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

const shown = (name: string): Trajectory => ({ schemaVersion: 1, name, cycleSec: 2.4, cycles: 9, joints: profile.joints.map(({ id }) => ({ jointId: id, meanDeg: 5, cosDeg: [1], sinDeg: [1] })) });

async function rig() {
  const dataFolder = temporaryFolder();
  const store = openSqliteStore(path.join(dataFolder, 'dari.db'));
  stores.push(store);
  await store.openSession(aSession('s1', { profileId: profile.id }));
  const asked: string[][] = [];
  let ids = 0;
  const context = {
    store,
    profile,
    dataFolder,
    wallTime: () => `2026-03-03T09:00:0${ids}.000Z`,
    newId: () => `t${++ids}`,
    shownMovement: (file: string, profileId: string, name: string) => {
      asked.push([path.relative(dataFolder, file), profileId, name]);
      return Promise.resolve(shown(name));
    },
  };
  return { store, context, asked, seal: () => store.closeSession('s1', { status: 'sealed', endedAt: '2026-03-02T09:01:00.000Z', sha256: 'ab'.repeat(32) }) };
}

describe('a movement that a patient was shown', () => {
  it('is made of the recording, listed newest first, and chosen for a later session', async () => {
    const { context, asked, seal } = await rig();
    await seal();
    await makeTrajectory(context, 's1', 'Slow walk');
    await makeTrajectory(context, 's1', 'Slower walk');
    expect(asked[0]).toEqual([path.join('sessions', 's1.mcap'), profile.id, 'Slow walk']);
    const known = await knownTrajectories(context, 'demo-1');
    expect(known).toMatchObject([{ name: 'Slower walk' }, { name: 'Slow walk', sessionId: 's1', sessionStartedAt: '2026-03-02T09:00:00.000Z', cycleSec: 2.4, cycles: 9 }]);
    expect(await chosenTrajectory(context, 'demo-1', known[1]?.id ?? '')).toEqual(shown('Slow walk'));
  });

  it('belongs to its patient and its robot alone', async () => {
    const { context, seal } = await rig();
    await seal();
    await makeTrajectory(context, 's1', 'Slow walk');
    await expect(chosenTrajectory(context, 'demo-2', 't1')).rejects.toMatchObject({ code: 'trajectoryUnknown', message: expect.stringContaining('make one of an earlier session') });
    const other = { ...context, profile: { id: 'gait-exo' } };
    expect(await knownTrajectories(other, 'demo-1')).toEqual([]);
    await expect(chosenTrajectory(other, 'demo-1', 't1')).rejects.toMatchObject({ code: 'trajectoryUnknown', message: expect.stringContaining(`with the robot ${profile.id}`) });
  });

  it('is not made of a session that is unknown, lost, or still going on', async () => {
    const { context, store, asked } = await rig();
    await expect(makeTrajectory(context, 's9', 'x')).rejects.toMatchObject({ code: 'sessionUnknown' });
    await expect(makeTrajectory(context, 's1', 'x')).rejects.toMatchObject({ code: 'logUnreadable', message: expect.stringContaining('End it') });
    await store.closeSession('s1', { status: 'lost', endedAt: '2026-03-02T09:01:00.000Z', sha256: null });
    await expect(makeTrajectory(context, 's1', 'x')).rejects.toMatchObject({ code: 'logUnreadable', message: expect.stringContaining('lost') });
    expect(asked).toEqual([]);
  });
});

describe('a recording', () => {
  it('in which nobody showed a movement says so, and one of another robot says that', async () => {
    const file = path.join(temporaryFolder(), 'still.mcap');
    writeRows(file, makeRows(50).fill(0, 0, 50 * layout.width), [], header);
    expect(fs.existsSync(file)).toBe(true);
    await expect(shownMovementOf(file, profile.id, 'x')).rejects.toMatchObject({ code: 'trajectoryInvalid', message: expect.stringContaining('0 left and 0 right strides') });
    await expect(shownMovementOf(file, 'gait-exo', 'x')).rejects.toMatchObject({ code: 'trajectoryInvalid', message: expect.stringContaining(profile.id) });
  });
});
