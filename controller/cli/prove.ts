/** `dari prove`: lets the watchdogs trip that no protocol can show, before a patient is in the robot. */
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { startMetronome } from '../../hal/metronome.ts';
import { goAhead } from '../../hal/priority.ts';
import { transportAt } from '../../hal/transport/at-address.ts';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { MonitorInProcess } from '../robot/monitor-in-process.ts';
import { WatchdogProver, type DriveProof, type ProofOutcome } from '../robot/watchdog-proof.ts';
import type { Command } from './command.ts';
import { programUrl } from './install.ts';
import { DEFAULT_PROFILE, loadProfile } from './profiles.ts';
import { robotPorts } from './robot-ports.ts';

export const proveCommand: Command = {
  name: 'prove',
  summary: "Proves the drives' watchdogs by letting them trip, one joint after the other, at 4 Nm against the brakes. Nobody may be in the robot.",
  usage: 'prove [--profile P] (--ports FILE | --sim) --empty [--json]',
  options: [
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE})` },
    { name: 'ports', value: 'FILE', help: 'JSON file that gives each link of the profile its port; made by: dari ports --profile P' },
    { name: 'sim', help: 'the virtual robot instead' },
    { name: 'empty', help: 'I see that nobody is in the robot and that every joint stands inside its range' },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    if (!args.options.has('empty')) throw new DariError('usage', 'This makes torque. Look that nobody is in the robot and that every joint stands inside its range, then say so with --empty.');
    const { profile, path } = loadProfile(args.options.get('profile'));
    goAhead();
    const robot = await robotPorts(args, profile, path);
    try {
      const proofs = await prove(profile, robot.ports);
      process.stdout.write(args.options.has('json') ? `${JSON.stringify({ profile: profile.id, proofs: proofs.map(asJson) })}\n` : describe(profile, proofs));
      return proofs.every((proof) => proof.outcome === 'proven') ? 0 : 1;
    } finally {
      await robot.close();
    }
  },
};

async function prove(profile: RobotProfile, ports: ReadonlyMap<string, string>): Promise<readonly DriveProof[]> {
  const baudOf = new Map(profile.links.map((link) => [link.id, link.baud]));
  const factories = new Map([...ports].map(([id, address]) => [id, transportAt(address, baudOf.get(id) ?? 0)]));
  const io = createDriveRobotIo({ profile, factories, clock: systemClock, scheduler: systemScheduler, onNotice: ({ message }) => void process.stderr.write(`${message}\n`), guard: new MonitorInProcess(profile) });
  const prover = new WatchdogProver(profile, io);
  let cycle = 0;
  let end: () => void = () => {};
  const done = new Promise<void>((resolve) => (end = resolve));
  io.start();
  const onTick = (_scheduledUs: number, latenessUs: number): void => {
    prover.step(io.read(++cycle, systemClock.nowUs(), latenessUs));
    if (prover.done) end();
  };
  const metronome = startMetronome({ periodUs: US_PER_S / profile.controlRateHz, workerUrl: programUrl('metronome'), onTick });
  try {
    await done;
    return prover.proofs;
  } finally {
    await metronome.stop();
    await io.close();
  }
}

const asJson = ({ joint, ...proof }: DriveProof): object => ({ joint: joint.id, protocol: joint.drive.protocol, watchdogMs: joint.drive.watchdogMs, ...proof });

const OUTCOMES: Readonly<Record<ProofOutcome, string>> = {
  proven: 'released by itself',
  keptPushing: "did NOT release. Do not use this drive; if it cannot be given a watchdog, name the hub's enable relay as its watchdog in the profile (\"watchdog\": \"hubRelay\")",
  notHeld: 'did not hold the torque: check that the brakes hold and that the drive obeys, then try again',
  notEnabled: 'could not be enabled: see dari drives',
  noAnswer: 'did not answer after the silence: check its power and its cable, then try again',
  notReady: 'was not tried: the emergency stop must be released, the drives must answer, and the hub must close the relay and the brakes',
};

function describe(profile: RobotProfile, proofs: readonly DriveProof[]): string {
  if (proofs.length === 0) return `Every drive of ${profile.id} shows its watchdog, or has the hub's relay: nothing is to be proven.\n`;
  const row = ({ joint, outcome, heldNm, afterNm, silenceMs }: DriveProof): string => {
    const torque = Number.isNaN(afterNm) ? '' : ` (${heldNm.toFixed(1)} Nm before ${silenceMs.toFixed(0)} ms of silence, ${afterNm.toFixed(2)} Nm after)`;
    return `${joint.name.en}: ${OUTCOMES[outcome]}${torque}\n`;
  };
  return proofs.map(row).join('');
}
