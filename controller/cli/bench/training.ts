/** A simulated patient who trains in lock-step, for what is measured of it against the simulator's truth. */
import { isDriven, type RobotProfile } from '../../../protocols/profile.ts';
import type { OperatorCommand, SessionSetup } from '../../../protocols/supervision.ts';
import type { TrainingMode } from '../../../protocols/training-mode.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { patientOf, type Patient } from '../../../sim/body/human.ts';
import type { CycleSink } from '../../robot/control-loop.ts';
import { checkSetup } from '../../robot/parameter-check.ts';
import { prepareRobot } from '../lockstep-preparation.ts';
import { LockstepRig } from '../lockstep-rig.ts';
import { loadPatient } from '../patients.ts';
import { scriptSetup, type ScriptParameters } from '../session-script.ts';

export interface TrainingOptions {
  readonly profile: RobotProfile;
  /** Name or path as `dari run` takes it, or somebody without a file. */
  readonly patient: string | Patient;
  readonly initial: ScriptParameters;
  readonly seed?: number;
  /** Gets each row of the session. */
  readonly sink?: CycleSink;
}

const ACTOR = 'bench';
/** From opening the session to arming, and from there to the start; own values, as in the examples. */
const [ARM_SEC, START_SEC] = [1.5, 2];

export class Training {
  private constructor(
    readonly profile: RobotProfile,
    readonly setup: SessionSetup,
    readonly rig: LockstepRig,
  ) {}

  /** The robot is prepared, and begins (one that drives nothing only measures). @throws DariError from the profile, the patient or the session's start */
  static async begin({ profile, patient, initial, seed = 1, sink }: TrainingOptions): Promise<Training> {
    const person = typeof patient === 'string' ? patientOf(loadPatient(patient, profile).patient) : patient;
    const { bodyMassKg, heightM } = person;
    const setup = scriptSetup({ title: ACTOR, profile: profile.id, patient: { ref: ACTOR, bodyMassKg, heightM }, durationSec: 1, initial, timeline: [] }, profile);
    checkSetup(profile, setup);
    let open = false;
    const rows: CycleSink = { row: (row, start) => void (open && sink?.row(row, start)) };
    const training = new Training(profile, setup, await LockstepRig.create({ profile, seed, ...person, sink: rows }));
    const { rig } = training;
    try {
      rig.start();
      await prepareRobot(rig);
      open = true;
      rig.loop.openSession(setup, { sessionId: ACTOR, actor: ACTOR }, rig.nowUs);
      if (!isDriven(profile)) return training;
      await training.run(ARM_SEC);
      training.#command('arm');
      await training.run(START_SEC);
      training.#command('start');
      return training;
    } catch (error) {
      rig.dispose();
      throw error;
    }
  }

  /** Goes on. @param each after every cycle @throws what a cycle failed with */
  async run(seconds: number, each: () => void = () => {}): Promise<void> {
    for (const endUs = this.rig.nowUs + seconds * US_PER_S; this.rig.nowUs < endUs; each()) await this.rig.cycle();
  }

  /** While it goes on. @throws DariError when the robot has no such mode, or no session is open */
  changeMode(mode: TrainingMode): void {
    const { operator } = this.rig.loop;
    const parameters = { ...this.setup.parameters, mode };
    operator.setParameters({ epoch: this.rig.epoch, actor: ACTOR, reason: ACTOR, parameters }, this.rig.nowUs);
  }

  /** What stopped it; null: it goes on. */
  get stoppedBy(): string | null {
    const { state, cause } = this.rig.loop.cycle.output;
    return state === 'running' ? null : cause;
  }

  dispose(): void {
    this.rig.dispose();
  }

  #command(command: OperatorCommand): void {
    this.rig.loop.operator.command(this.rig.epoch, command, ACTOR, this.rig.nowUs);
  }
}
