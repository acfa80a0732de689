/**
 * F19, the wall clock jumps, in the station and in the robot process, forwards and backwards, as by hand or at the
 * change of summer time: the robot walks on, the lease stays, and the times in the recording are those of a clock that
 * never jumps.
 */
import { fieldOffset } from '../../../../protocols/session-log.ts';
import { US_PER_S } from '../../../../protocols/units.ts';
import { readSession } from '../../../recording/read-session.ts';
import type { Kind, StationFault } from './fault.ts';
import { Judge } from './judge.ts';
import { pause } from './place.ts';
import type { StationRoom } from './station-room.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** When summer time begins and ends where the station is said to stand (`STATION_TIME_ZONE`). */
const [SPRING, AUTUMN] = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)];
/** From the jump to that moment until the change of local time: it falls into the time that is looked at. */
const BEFORE_CHANGE_MS = 1_000;
/** Longer than a lease lives. */
const AFTER_MARGIN_MS = 1_000;
const WALK_MS = 1_500;
/** What the page shows when a warning of before the jump ends, which is no act of the robot; one that begins is shown first. */
const WALKS_ON = 'running (none)';

export const wallClockJumps: StationFault = {
  id: 'F19',
  place: 'station',
  what: 'the wall clock of station and robot process jumps, or summer time begins or ends',
  kinds: [
    jump('an hour ahead', () => HOUR_MS),
    jump('an hour back', () => -HOUR_MS),
    jump('a year ahead', () => YEAR_MS),
    jump('a year back', () => -YEAR_MS),
    jump('summer time begins', () => SPRING - BEFORE_CHANGE_MS - Date.now()),
    jump('summer time ends', () => AUTUMN - BEFORE_CHANGE_MS - Date.now()),
  ],
};

function jump(name: string, shiftMs: () => number): Kind<StationRoom> {
  return {
    name,
    async run(room, random) {
      const judge = new Judge();
      judge.expect(await room.stayAt('running', random.int(WALK_MS)), `the robot does not walk; it is ${room.state}`);
      await room.stallMs();
      const { therapist, logPath } = room;
      const [seen, epoch] = [therapist.seen.length, therapist.epoch];
      room.mischief.shiftClocks(shiftMs());
      await pause(room.profile.watchdogs.leaseMs + AFTER_MARGIN_MS);
      const [changes, stallMs] = [therapist.seen.slice(seen).filter((change) => change !== WALKS_ON), await room.stallMs()];
      const lease = therapist.status?.lease?.epoch;
      room.mischief.shiftClocks(0);
      judge.expect(changes.length === 0, `the robot did something about it: ${changes.join(', ')}`);
      judge.expect(lease === epoch, 'the lease was lost');
      judge.expect(await room.disarm(), `the robot is ${room.state}`);
      judge.expect((await therapist.ask({ type: 'closeSession', epoch: therapist.epoch })).type === 'done', 'the session cannot be closed');
      return room.result({ gapMs: await longestGapMs(judge, logPath, room) }, judge, stallMs);
    },
  };
}

/** Between two rows of the recording. */
async function longestGapMs(judge: Judge, logPath: string, { profile }: StationRoom): Promise<number> {
  const reading = await readSession(logPath);
  const { layout } = reading;
  const now = fieldOffset(layout, 'nowUs');
  let [beforeUs, longestUs] = [Number.NaN, 0];
  for await (const { rows, rowCount } of reading.batches())
    for (let row = 0; row < rowCount; row++) {
      const atUs = rows[row * layout.width + now] ?? Number.NaN;
      if (atUs <= beforeUs) judge.expect(false, `the times in the recording go backwards at ${atUs} µs`);
      if (!Number.isNaN(beforeUs)) longestUs = Math.max(longestUs, atUs - beforeUs);
      beforeUs = atUs;
    }
  judge.expect(longestUs < US_PER_S, `a gap of ${longestUs} µs in the recording; the period is ${US_PER_S / profile.controlRateHz} µs`);
  return longestUs / 1_000;
}
