import { DariError } from '../../../../protocols/errors.ts';
import { operatorCommands } from '../../../../protocols/supervision.ts';
import { energisedModes, type Bench, type LockstepFault } from './fault.ts';

/** With 700 cases of 230 cycles in a campaign of 20 000: more than 10⁵ races. */
const RACES_PER_CYCLE = 1;

export const twoOperators: LockstepFault = {
  id: 'F15',
  what: 'a second operator reaches for a robot that moves; orders of an older epoch come late',
  bar: '0 double holders; everything of an older epoch refused; the robot goes on',
  modes: energisedModes,
  variants: () => [{ name: 'race', riskClass: 'A', wanted: 'none', withinMs: 0, inject: race, each: race }],
};

function race(bench: Bench): void {
  const { rig, random } = bench;
  const { operator } = rig.loop;
  const holder = operator.leaseEpoch;
  for (let i = 0; i < RACES_PER_CYCLE; i++) {
    const old = holder - 1 - random.int(3);
    // Holding still is no motion: then control may change hands, but never to an older epoch.
    const epoch = rig.loop.moving ? holder + 1 + random.int(3) : old;
    const kind = random.int(3);
    if (kind === 0) refused(bench, `epoch ${epoch} took control of a robot held by ${holder}`, () => operator.takeLease(epoch, rig.nowUs));
    else if (kind === 1) refused(bench, `an order of epoch ${old} was taken from a robot held by ${holder}`, () => operator.command(old, commandOf(bench), 'late', rig.nowUs));
    else if (operator.renewLease(old, random.int(1_000_000), operator.openChallenge ?? 0, rig.nowUs)) bench.breach(`epoch ${old} renewed the lease of ${holder}`);
    if (operator.leaseEpoch !== holder) bench.breach(`control went from ${holder} to ${operator.leaseEpoch}`);
  }
}

/** All but `stop`, which is taken from anybody. */
function commandOf({ random }: Bench): (typeof operatorCommands)[number] {
  const commands = operatorCommands.filter((command) => command !== 'stop');
  return commands[random.int(commands.length)] ?? 'arm';
}

function refused({ breach }: Bench, finding: string, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DariError) return;
    throw error;
  }
  breach(finding);
}
