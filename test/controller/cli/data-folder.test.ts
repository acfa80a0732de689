import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataFolder, sessionsFolder } from '../../../controller/cli/data-folder.ts';
import { temporaryFolder } from '../../support/station.ts';

describe('the data folder', () => {
  it('is created for its owner only', () => {
    const folder = openDataFolder(path.join(temporaryFolder('folder'), 'new', 'deep'));
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(fs.statSync(sessionsFolder(folder)).mode & 0o777).toBe(0o700);
  });

  it('is closed to others when it stood open', () => {
    const folder = temporaryFolder('open');
    fs.chmodSync(folder, 0o755);
    openDataFolder(folder);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('that cannot be made is refused with what to do', () => {
    const file = path.join(temporaryFolder('file'), 'file');
    fs.writeFileSync(file, '');
    expect(() => openDataFolder(path.join(file, 'data'))).toThrow(/Choose another one with --data DIR/);
  });
});
