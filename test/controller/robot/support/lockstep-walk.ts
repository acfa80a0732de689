/** A walk in lock-step whose cycle rows pass a ring, as they do in the robot process. */
import path from 'node:path';
import { LockstepRig } from '../../../../controller/cli/lockstep-rig.ts';
import { prepareRobot } from '../../../../controller/cli/lockstep-preparation.ts';
import { loadPatient } from '../../../../controller/cli/patients.ts';
import { scriptSetup } from '../../../../controller/cli/session-script.ts';
import { allocateCycleRing, CycleRingWriter } from '../../../../controller/robot/cycle-ring.ts';
import { LiveStrides } from '../../../../controller/robot/live-strides.ts';
import { cycleLayout } from '../../../../protocols/session-log.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { StrideFigures } from '../../../../protocols/stride-figures.ts';
import type { SessionSetup } from '../../../../protocols/supervision.ts';
import { US_PER_S } from '../../../../protocols/units.ts';
import { patientOf } from '../../../../sim/body/human.ts';

const ACTOR = 'test';
const RING_ROWS = 64;
/** Of telemetry. */
const LOOK_EVERY = 4;
const MOST_CYCLES = 250 * 60;

export interface Walk {
  readonly profile: RobotProfile;
  /** A name of sim/patients. */
  readonly patient: string;
  readonly speedKmh: number;
  readonly unloadingKg?: number;
  /** Ends after so many of each leg. */
  readonly strides: number;
  /** Gets each row of the session, too. */
  readonly row?: (row: Float64Array, start: number) => void;
}

/** @returns what was told live */
export async function walkLive({ profile, patient, speedKmh, unloadingKg, strides, row }: Walk): Promise<StrideFigures[]> {
  const ring = allocateCycleRing(cycleLayout(profile.joints.length, profile.links.length).width, RING_ROWS);
  const writer = new CycleRingWriter(ring);
  const told: StrideFigures[] = [];
  const live = new LiveStrides(profile, ring, (figures) => told.push(figures));
  let recording = false;
  const sink = {
    row(rows: Float64Array, start: number): void {
      writer.row(rows, start);
      if (recording) row?.(rows, start);
    },
  };
  const rig = await LockstepRig.create({ profile, seed: 1, ...patientOf(loadPatient(path.resolve('sim/patients', `${patient}.json`), profile).patient), sink });
  try {
    rig.start();
    await prepareRobot(rig);
    const setup = setupOf(profile, speedKmh, unloadingKg);
    recording = true;
    live.begin(setup);
    const { operator } = rig.loop;
    rig.loop.openSession(setup, { sessionId: 's', actor: ACTOR }, rig.nowUs);
    const order = [
      { atUs: rig.nowUs + 1.5 * US_PER_S, command: 'arm' },
      { atUs: rig.nowUs + 5 * US_PER_S, command: 'start' },
    ] as const;
    let next = 0;
    for (let n = 0; n < MOST_CYCLES && told.length < 2 * strides; n++) {
      const step = order[next];
      if (step !== undefined && step.atUs <= rig.nowUs) {
        operator.command(rig.epoch, step.command, ACTOR, rig.nowUs);
        next++;
      }
      await rig.cycle();
      if (n % LOOK_EVERY === 0) live.take();
    }
    return told;
  } finally {
    rig.dispose();
  }
}

export const setupOf = (profile: RobotProfile, speedKmh: number, unloadingKg?: number): SessionSetup =>
  scriptSetup({ title: 'test', profile: profile.id, patient: { ref: 'p', bodyMassKg: 75, heightM: 1.8 }, durationSec: 1, initial: { speedKmh, ...(unloadingKg === undefined ? {} : { unloadingKg }) }, timeline: [] }, profile);
