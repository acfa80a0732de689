import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stopCommand } from '../../../controller/cli/stop.ts';
import { listen } from '../../../controller/station/gateway/http-server.ts';
import { cleanUp, freshFolder, startStandIn } from '../station/support/stand-in-station.ts';

let printed: string;

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await cleanUp();
});

const stop = (options: Record<string, string>): Promise<number> => stopCommand.run({ positionals: [], options: new Map(Object.entries(options)) });

describe('dari stop', () => {
  it('finds the station of the data folder, stops its robot and says what was seen', async () => {
    const standIn = await startStandIn();
    await standIn.station.connected;
    expect(await stop({ data: standIn.dataFolder })).toBe(0);
    expect(printed).toBe('The robot is seen to stand, held by its drives, 0.21 s after the request (stopped, operatorStop). It stays so until a person acknowledges it at the screen.\n');
    expect(standIn.journal().filter((message) => message.type === 'stop')).toHaveLength(1);
  });

  it('takes the address, and prints one line for programs', async () => {
    const standIn = await startStandIn();
    await standIn.station.connected;
    expect(await stop({ url: standIn.station.url, json: 'true' })).toBe(0);
    expect(JSON.parse(printed)).toEqual({ robot: 'standing', state: 'stopped', cause: 'operatorStop', afterMs: 210 });
  });

  it('fails with what to do when nobody saw the robot stop', async () => {
    const standIn = await startStandIn('stop-unseen');
    await standIn.station.connected;
    await expect(stop({ url: standIn.station.url })).rejects.toMatchObject({ code: 'stopUnconfirmed', message: expect.stringContaining('hardware emergency stop') });
  });

  it('fails with what to do when no station is there', async () => {
    await expect(stop({ data: freshFolder() })).rejects.toMatchObject({ message: expect.stringMatching(/nothing was stopped.*hardware emergency stop/) });
    await expect(stop({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({ message: expect.stringMatching(/did not answer.*hardware emergency stop/) });
    await expect(stop({ url: 'not an address' })).rejects.toMatchObject({ code: 'controllerFailed' });
  });

  it('does not take the answer of another program for a stop', async () => {
    const other = await listen(0);
    other.serve((_request, response) => void response.end('{"status":"fine"}'));
    await expect(stop({ url: other.url })).rejects.toMatchObject({ message: expect.stringContaining('no station of Dari') });
    await other.close();
  });
});
