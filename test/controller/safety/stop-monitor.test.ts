import { expect, it } from 'vitest';
import { StopMonitor } from '../../../controller/safety/stop-monitor.ts';
import { degToRad } from '../../../protocols/units.ts';
import { profile } from './fixtures.ts';

interface Seen {
  speedDegPerSec: number;
  fresh?: boolean;
  encoderDegPerSec?: number;
  encoderImplausible?: boolean;
}

const PERIOD_US = 4_000;

/** What the monitor says when the joints have moved like this for so long. */
function after(us: number, braking: boolean, seen: readonly Seen[], hubFresh = true): string {
  const monitor = new StopMonitor(profile.stop);
  let verdict = 'none';
  for (let t = PERIOD_US; t <= us; t += PERIOD_US)
    verdict = monitor.judge(
      braking,
      seen.map(({ speedDegPerSec, fresh = true, encoderDegPerSec = speedDegPerSec, encoderImplausible = false }) => ({
        positionRad: 0,
        velocityRadPerSec: degToRad(speedDegPerSec),
        torqueNm: 0,
        encoderRad: degToRad((encoderDegPerSec * t) / 1e6),
        trusted: fresh,
        motorFresh: fresh,
        motorImplausible: false,
        encoderImplausible,
        disagrees: false,
      })),
      hubFresh,
      PERIOD_US,
    );
  return verdict;
}

it('a joint that still moves when the stop time is over breaches the stop', () => {
  expect(after(504_000, true, [{ speedDegPerSec: 0 }, { speedDegPerSec: -16 }])).toBe('moving');
  expect(after(504_000, true, [{ speedDegPerSec: 14 }, { speedDegPerSec: -14 }])).toBe('none');
});

it('within the stop time every speed is allowed', () => {
  expect(after(500_000, true, [{ speedDegPerSec: 300 }])).toBe('none');
});

it('only braking counts, and each stop has its own time', () => {
  expect(after(504_000, false, [{ speedDegPerSec: 300 }])).toBe('none');
});

it('the last speed that a silent drive has told says nothing of now: the joint-side encoder tells', () => {
  expect(after(600_000, true, [{ speedDegPerSec: 300, fresh: false, encoderDegPerSec: 0 }])).toBe('none');
  expect(after(600_000, true, [{ speedDegPerSec: 0, fresh: false, encoderDegPerSec: 30 }])).toBe('moving');
});

it('a joint that nobody can see is not at rest, and not moving either', () => {
  expect(after(600_000, true, [{ speedDegPerSec: 0 }, { speedDegPerSec: 300, fresh: false }], false)).toBe('unknown');
  expect(after(600_000, true, [{ speedDegPerSec: 0, fresh: false, encoderImplausible: true }])).toBe('unknown');
  expect(after(600_000, true, [{ speedDegPerSec: 0 }], false)).toBe('none');
});

it('a joint that is seen to move is worse than one that is not seen', () => {
  expect(after(600_000, true, [{ speedDegPerSec: 0, fresh: false }, { speedDegPerSec: 100 }], false)).toBe('moving');
});
