/**
 * Measures drives of several protocols at once on real pseudo-terminals, first polled by a disarmed robot, then walking.
 * The control loop runs in this process, so that every drive's own count of requests and replies can be read.
 */
import { systemClock, systemScheduler } from '../../../hal/clock.ts';
import { createDriveRobotIo, type DriveRobotIo } from '../../../hal/drive-robot-io.ts';
import { startMetronome, type Metronome } from '../../../hal/metronome.ts';
import { serialTransport } from '../../../hal/transport/serial.ts';
import { planWires } from '../../../hal/wire-plan.ts';
import { DariError } from '../../../protocols/errors.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { createControlLoop, type ControlLoop } from '../../robot/control-loop.ts';
import { MonitorInProcess } from '../../robot/monitor-in-process.ts';
import { BusesMeter, type BusesFigures } from './buses-meter.ts';
import { InnerOperator } from './inner-operator.ts';
import { simulatorAnswer, type SimulatorLag } from './loop-bench.ts';
import { SimulatorRig, typicalSetup } from './robot-rig.ts';

export interface BusesBenchOptions {
  readonly profile: RobotProfile;
  readonly profilePath: string;
  readonly simulatorProgram: string;
  readonly metronomeUrl: URL;
  readonly seed: number;
  /** Half of it disarmed, half of it walking. */
  readonly durationSec: number;
}

export interface BusesPhase extends BusesFigures {
  readonly phase: 'disarmed' | 'walking';
  readonly durationSec: number;
}

export interface BusesBenchResult {
  readonly bench: 'buses';
  readonly profile: string;
  readonly protocols: readonly string[];
  readonly durationSec: number;
  readonly rateHz: number;
  /** Requests that were never answered, and hub frames that never came, over both phases. */
  readonly lostFrames: number;
  readonly droppedFrames: number;
  readonly discardedBytes: number;
  readonly missedDeadlines: number;
  readonly links: readonly { readonly link: string; readonly protocol: string; readonly baud: number; readonly drives: number; readonly utilisation: number; readonly highestHz: number }[];
  readonly phases: readonly BusesPhase[];
  readonly stops: readonly string[];
  /** How far the simulator ran behind real time: this machine's stalls. */
  readonly simulatorLag: SimulatorLag;
}

const READY_LIMIT_SEC = 20;
const SETTLE_SEC = 2;

export async function benchBuses(options: BusesBenchOptions): Promise<BusesBenchResult> {
  const simulator = await SimulatorRig.start(options);
  const rig = startLoop(options, simulator.ports);
  const operator = new InnerOperator(rig.loop);
  try {
    await operator.until('idle', READY_LIMIT_SEC);
    await pause(SETTLE_SEC);
    const half = options.durationSec / 2;
    const disarmed = await measure(rig, 'disarmed', half);
    await operator.prepareRobot((open) => simulator.control({ estop: open }));
    operator.openSession(typicalSetup(options.profile));
    operator.keepWalking();
    await operator.until('running', READY_LIMIT_SEC);
    await pause(SETTLE_SEC);
    const walking = await measure(rig, 'walking', half);
    operator.end();
    const line = simulator.line();
    simulator.control({ stats: true });
    return summarize(options.profile, [disarmed, walking], operator.stops, simulatorAnswer.parse(await line).stats);
  } finally {
    operator.end();
    await rig.metronome.stop();
    await rig.io.close();
    await simulator.stop();
  }
}

interface LoopRig {
  readonly io: DriveRobotIo;
  readonly loop: ControlLoop;
  readonly meter: BusesMeter;
  readonly metronome: Metronome;
}

function startLoop({ profile, metronomeUrl }: BusesBenchOptions, ports: Readonly<Record<string, string>>): LoopRig {
  const factories = new Map(profile.links.map((link) => [link.id, () => serialTransport(ports[link.id] ?? '', link.baud)]));
  const io = createDriveRobotIo({ profile, factories, clock: systemClock, scheduler: systemScheduler, onNotice: ({ message }) => void process.stderr.write(`${message}\n`), guard: new MonitorInProcess(profile) });
  const loop = createControlLoop({
    profile,
    io,
    sink: { row: () => {} },
    random: createRandom(1),
    onFailure: (error) => void process.stderr.write(`${String(error)}\n`),
  });
  const meter = new BusesMeter(io, profile.controlRateHz);
  io.start();
  const metronome = startMetronome({
    periodUs: US_PER_S / profile.controlRateHz,
    workerUrl: metronomeUrl,
    onTick: (_scheduledUs, latenessUs) => {
      // Before the cycle sends its own requests, only what is late or lost is unanswered.
      meter.look(loop.cycle.inputs, latenessUs);
      loop.tick(systemClock.nowUs(), latenessUs);
    },
  });
  return { io, loop, meter, metronome };
}

async function measure({ meter, metronome }: LoopRig, phase: BusesPhase['phase'], durationSec: number): Promise<BusesPhase> {
  const [missedBefore, startUs] = [metronome.missed, systemClock.nowUs()];
  meter.startOver();
  await pause(durationSec);
  const lastedSec = (systemClock.nowUs() - startUs) / US_PER_S;
  return { phase, durationSec: round(lastedSec, 1), ...meter.figures(lastedSec, metronome.missed - missedBefore) };
}

function summarize(profile: RobotProfile, phases: readonly BusesPhase[], stops: readonly string[], simulatorLag: SimulatorLag): BusesBenchResult {
  const sum = (key: 'lostFrames' | 'droppedFrames' | 'discardedBytes' | 'missedDeadlines'): number => phases.reduce((total, phase) => total + phase[key], 0);
  return {
    bench: 'buses',
    profile: profile.id,
    protocols: [...new Set(profile.joints.map(({ drive }) => drive.protocol))],
    durationSec: round(phases.reduce((total, phase) => total + phase.durationSec, 0), 1),
    rateHz: profile.controlRateHz,
    lostFrames: sum('lostFrames'),
    droppedFrames: sum('droppedFrames'),
    discardedBytes: sum('discardedBytes'),
    missedDeadlines: sum('missedDeadlines'),
    links: planWires(profile).links.map(({ link, drives, utilisation, highestHz }) => ({ link: link.id, protocol: link.protocol, baud: link.baud, drives, utilisation: round(utilisation, 3), highestHz: Math.floor(highestHz) })),
    phases,
    stops,
    simulatorLag,
  };
}

/** @throws DariError `usage` for a profile that does not fit on its wires */
export function requireThatItFits(profile: RobotProfile): void {
  const { fits, highestHz } = planWires(profile);
  if (!fits) throw new DariError('usage', `The wires of "${profile.id}" carry at most ${Math.floor(highestHz)} Hz, not ${profile.controlRateHz}. Choose another profile.`);
}

const pause = (sec: number): Promise<void> => new Promise((resolve) => systemScheduler.after(sec * 1_000, resolve));
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
