/**
 * F15, two pages reach for the robot at the same time: one has it. What the other sends with the epoch of before is
 * refused, whatever it is, but a stop; and nobody takes over a robot that moves.
 */
import type { Random } from '../../../../protocols/random.ts';
import type { StationFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { Page } from './page.ts';
import type { StationRoom } from './station-room.ts';

const RACES = 10;
/** A page may send so much a second. */
const BREATH_MS = 60;
const HOLD_MS = 300;
const STOP_LIMIT_MS = 1_000;

export const twoOperators: StationFault = {
  id: 'F15',
  place: 'station',
  what: 'two pages take control at the same time, and one goes on with an older epoch',
  kinds: [{ name: 'two pages', run: twoPages }],
};

async function twoPages(room: StationRoom, random: Random): Promise<CaseResult> {
  const judge = new Judge();
  judge.expect(await room.bringTo('ready'), `the robot is ${room.state}`);
  await room.stallMs();
  const [first, second] = [room.therapist, await room.openPage()];
  try {
    for (let race = 0; race < RACES; race++) await runRace(judge, random, first, second);
    if (!(await first.takeControl())) judge.expect(await first.takeControl(true), 'the robot stands still, and nobody can take over');
    judge.expect(await room.stayAt('armed', HOLD_MS), `the robot is ${first.state}`);
    await judgeStranger(judge, first, second);
    judge.expect(await room.disarm(), `the robot is ${first.state}`);
  } finally {
    await second.kill();
  }
  return room.result({}, judge, await room.stallMs());
}

async function runRace(judge: Judge, random: Random, first: Page, second: Page): Promise<void> {
  const pages = random.int(2) === 0 ? [first, second] : [second, first];
  const before = Math.max(first.epoch, second.epoch);
  const won = await Promise.all(pages.map((page) => page.takeControl()));
  const winners = pages.filter((_, i) => won[i]);
  judge.expect(winners.length === 1, `${winners.length} of two pages were given control`);
  const [winner, loser] = winners[0] === first ? [first, second] : [second, first];
  judge.expect(winner.epoch > before, `epoch ${winner.epoch} was given out after ${before}`);
  await pause(BREATH_MS);
  // With the newest epoch, but from the other page; and with the one of before.
  for (const epoch of [winner.epoch, before]) {
    const answer = await loser.ask({ type: 'command', epoch, command: 'arm' });
    judge.expect(answer.type === 'refused' && answer.code === 'leaseRefused', `who does not hold the robot armed it with epoch ${epoch} of ${winner.epoch}`);
  }
  const released = await winner.ask({ type: 'releaseLease', epoch: winner.epoch });
  judge.expect(released.type === 'done', 'control cannot be given back');
  await pause(BREATH_MS);
}

/** The robot is armed by the first page. */
async function judgeStranger(judge: Judge, first: Page, second: Page): Promise<void> {
  for (const command of ['start', 'disarm', 'pause'] as const) {
    const answer = await second.ask({ type: 'command', epoch: second.epoch, command });
    judge.expect(answer.type === 'refused' && answer.code === 'leaseRefused', `an older epoch's "${command}" was taken`);
  }
  judge.expect(!(await second.takeControl()), 'control was given to a second page');
  judge.expect(first.state === 'armed', `the robot is ${first.state} by the commands of a stranger`);
  await second.ask({ type: 'stop' });
  judge.expect(await first.until(() => first.state === 'stopped', STOP_LIMIT_MS), `the stop of a stranger left the robot ${first.state}`);
}
