import { beforeEach, describe, expect, it } from 'vitest';
import { SessionKeeper } from '../../../controller/robot/session-keeper.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { LoopRig, profile } from './support/fake-robot.ts';
import { diskFull, ListeningRecorder, openRequest } from './support/sessions.ts';

let rig: LoopRig;
let recorder: ListeningRecorder;
let keeper: SessionKeeper;
let told: (SessionSetup | null)[];

beforeEach(() => {
  rig = new LoopRig();
  recorder = new ListeningRecorder();
  told = [];
  keeper = new SessionKeeper({ profile, loop: rig.loop, recorder, simulated: false, nowUs: () => rig.nowUs, onSession: (setup) => told.push(setup) });
  rig.ticks(10, false);
  rig.loop.operator.takeLease(1, rig.nowUs);
});

describe('a session', () => {
  it('is opened only after its file is there, and closed before the file is sealed', async () => {
    await keeper.open(openRequest);
    expect(recorder.calls).toEqual(['open /tmp/s1.mcap', 'begin']);
    rig.ticks(5);
    expect(rig.loop.cycle.intent.sessionOpen).toBe(true);
    expect(told).toEqual([openRequest.setup]);
    expect(await keeper.close()).toEqual({ sessionId: 's1', sha256: 'abc', bytes: 1, cycles: 2 });
    expect(told).toEqual([openRequest.setup, null]);
    rig.ticks(1);
    expect(rig.loop.cycle.intent.sessionOpen).toBe(false);
    expect(keeper.sessionId).toBeNull();
  });

  it('is refused when the file cannot be made; the next try may succeed', async () => {
    recorder.refusal = diskFull;
    await expect(keeper.open(openRequest)).rejects.toBe(diskFull);
    rig.ticks(1);
    expect(rig.loop.cycle.intent.sessionOpen).toBe(false);
    recorder.refusal = null;
    rig.loop.operator.recorderHealthy = false;
    await keeper.open(openRequest);
    expect(rig.loop.operator.recorderHealthy).toBe(true);
  });

  it('is refused without the lease, with a wrong setup and while another is open, before any file is made', async () => {
    await expect(keeper.open({ ...openRequest, epoch: 2 })).rejects.toMatchObject({ code: 'leaseRefused' });
    await expect(keeper.open({ ...openRequest, setup: { ...openRequest.setup, bodyMassKg: 500 } })).rejects.toMatchObject({ code: 'setupInvalid' });
    expect(recorder.calls).toEqual([]);
    const first = keeper.open(openRequest);
    await expect(keeper.open({ ...openRequest, sessionId: 's2' })).rejects.toMatchObject({ code: 'sessionRunning' });
    await first;
  });

  it('does not begin with a header that a stop has made wrong', async () => {
    recorder.meanwhile = () => {
      rig.loop.operator.stop('anyone', rig.nowUs);
      rig.ticks(1);
    };
    await expect(keeper.open(openRequest)).rejects.toThrow(/stopped \(operatorStop\)/);
    expect(recorder.calls.at(-1)).toBe('discard');
    expect(keeper.sessionId).toBeNull();
    expect(told).toEqual([]);
  });

  it('is over after closing even when its recording had failed', async () => {
    await keeper.open(openRequest);
    rig.ticks(5);
    recorder.refusal = diskFull;
    await expect(keeper.close()).rejects.toBe(diskFull);
    expect(keeper.sessionId).toBeNull();
    recorder.refusal = null;
    await keeper.open({ ...openRequest, sessionId: 's2' });
  });
});
