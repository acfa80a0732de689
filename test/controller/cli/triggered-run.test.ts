/** An arm whose movements wait for a muscle: from the simulated patient's activation through the hub's frames to the robot and its log. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runLockstep } from '../../../controller/cli/lockstep.ts';
import { parseSessionScript } from '../../../controller/cli/session-script.ts';
import { zstdReady } from '../../../controller/recording/zstd.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { verifyReplay } from '../../../controller/robot/verify-replay.ts';
import { ArmProgram } from '../../../controller/therapy/arm-program.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { armExo } from '../../sim/support/profile.ts';
import { temporaryFolder } from '../recording/fixtures.ts';

beforeAll(() => zstdReady);

const arm = armExo();
const profile: RobotProfile = { ...arm, hub: { ...arm.hub, inputs: { ...arm.hub.inputs, emg: { channels: 2, rateHz: 1_000 } } } };
const program = new ArmProgram(arm, 1.8);
const secondEnd = program.endOfMove(program.endOfMove(0));

/** @param tensesAtSec when he tenses the muscle of the first joint */
async function session(tensesAtSec: readonly number[]): Promise<{ distanceM: number; log: string; refused: number }> {
  const folder = temporaryFolder();
  const passive = JSON.parse(readFileSync('sim/patients/passive.json', 'utf8')) as object;
  const patient = join(folder, 'patient.json');
  writeFileSync(patient, JSON.stringify({ ...passive, script: tensesAtSec.map((atSec) => ({ atSec, spasm: { joint: 'shoulderHorizontal', torqueNm: 6, riseMs: 200, holdMs: 400 } })) }));
  const text = JSON.stringify({
    title: 'waits for a muscle',
    profile: 'arm-exo',
    patient: { ref: 'p', bodyMassKg: 75, heightM: 1.8, simulated: patient },
    durationSec: 19,
    initial: { mode: 'triggered', handSpeedMps: 0.28 },
    trigger: { source: 'emg', channel: 0, restUv: 4, mvcUv: 160, thresholdShare: 0.3 },
    timeline: [
      { atSec: 1.5, command: 'arm' },
      { atSec: 3.5, command: 'start' },
    ],
  });
  const log = join(folder, 'session.mcap');
  const { report, refused } = await runLockstep({ script: parseSessionScript(text, 'script.json', () => profile), profile, seed: 1, sessionId: 's', logPath: log });
  return { distanceM: report.metrics.distanceM, log, refused: refused.length };
}

test('one movement follows one tension of the muscle, none follows none, and the log replays bit for bit', { timeout: 60_000 }, async () => {
  // The first movement begins by itself; neither before the tension nor after its movement does another one.
  const { refused, distanceM, log } = await session([13.5]);
  expect(refused).toBe(0);
  expect(distanceM).toBeCloseTo(secondEnd * program.wayM, 6);
  expect(await verifyReplay(await readSession(log))).toMatchObject({ differences: 0, missingCycles: 0 });
});
