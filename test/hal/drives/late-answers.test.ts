/** Firmware, or a network, that answers late: nothing hangs, no answer is taken for another, and nothing runs away. */
import { describe, expect, test } from 'vitest';
import type { Scheduler } from '../../../hal/clock.ts';
import type { ByteTransport, TransportFactory } from '../../../hal/transport/transport.ts';
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bareCubemarsV1 } from '../../../sim/drives/cubemars-v1-drive.ts';
import { bareCubemarsV3 } from '../../../sim/drives/cubemars-v3-drive.ts';
import { bareDynamixel } from '../../../sim/drives/dynamixel-drive.ts';
import { bareEpos4 } from '../../../sim/drives/epos4-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { bareMoteus } from '../../../sim/drives/moteus-drive.ts';
import { bareOdrive } from '../../../sim/drives/odrive-drive.ts';
import { bareUnitree } from '../../../sim/drives/unitree-drive.ts';
import { bareVesc } from '../../../sim/drives/vesc-drive.ts';
import { createLineRig } from './line-rig.ts';

/** Hands on what the device sends after a delay that a test may change. */
function createDelay() {
  const delay: { ms: number; scheduler: Scheduler | null } = { ms: 0, scheduler: null };
  const late = (inner: ByteTransport): ByteTransport => ({
    name: inner.name,
    open: async (handlers) =>
      inner.open({
        onOpen: () => handlers.onOpen(),
        onBytes: (chunk) => {
          const copy = chunk.slice();
          if (delay.ms === 0 || delay.scheduler === null) handlers.onBytes(chunk);
          else delay.scheduler.after(delay.ms, () => handlers.onBytes(copy));
        },
        onClosed: (cause) => handlers.onClosed(cause),
      }),
    write: (bytes) => inner.write(bytes),
    close: async () => inner.close(),
  });
  const wrap = (factory: TransportFactory): TransportFactory => () => late(factory());
  return { delay, wrap };
}

const kinds: Record<string, { drives: readonly DriveProfile[]; baud?: number }> = {
  MIT: { drives: [bareMit(1)] },
  'CiA 402': { drives: [bareCia402(1)] },
  VESC: { drives: [bareVesc(1)] },
  'CubeMars V1': { drives: [bareCubemarsV1(1)] },
  'CubeMars V3': { drives: [bareCubemarsV3(1)] },
  ODrive: { drives: [bareOdrive(0)] },
  moteus: { drives: [bareMoteus(1)] },
  Dynamixel: { drives: [bareDynamixel(1)] },
  EPOS4: { drives: [bareEpos4(1)] },
  Unitree: { drives: [bareUnitree(1)], baud: 4_000_000 },
};

/** Where the joint is held, so that any other reading for position would be seen. */
const HELD_RAD = 0.5;

describe.each(Object.entries(kinds))('%s', (_name, { drives, baud }) => {
  test.each([8, 25, 60, 150])('answers %i ms late: what is published is true, the wire is not flooded, and all is well when it is in time again', async (ms) => {
    const { delay, wrap } = createDelay();
    const rig = createLineRig(drives, { wrap, baud: baud ?? 921_600 });
    delay.scheduler = rig.scheduler;
    rig.loads[0]!.position = HELD_RAD;
    rig.loads[0]!.held = true;
    await rig.until(() => rig.joint().driveState === 'disabled' && Math.abs(rig.joint().motorPositionRad - HELD_RAD) < 0.02);
    delay.ms = ms;
    rig.sent.length = 0;
    const cycles = 500;
    const seen = new Set<string>();
    for (let cycle = 0; cycle < cycles; cycle++) {
      await rig.tick();
      if (rig.joint().driveState !== 'absent' && Math.abs(rig.joint().motorPositionRad - HELD_RAD) > 0.02) seen.add(`position ${rig.joint().motorPositionRad}`);
      if (Math.abs(rig.joint().motorVelocityRadPerSec) > 0.2) seen.add(`velocity ${rig.joint().motorVelocityRadPerSec}`);
      if (rig.joint().driveState === 'enabled') seen.add('enabled');
    }
    expect([...seen]).toEqual([]);
    expect(rig.sent.length / cycles).toBeLessThan(1.5 * rig.protocol.cost.requestBytes + 60);
    delay.ms = 0;
    await rig.ticks(200);
    await rig.until(() => rig.joint().driveState === 'disabled' && rig.joint().driveAgeUs < 20_000);
    expect(rig.joint().motorPositionRad).toBeCloseTo(HELD_RAD, 1);
    expect(rig.notices.filter((notice) => notice.code === 'driveRefused' || notice.code === 'driveDoubled' || notice.code === 'wrongDevice')).toEqual([]);
  });
});
