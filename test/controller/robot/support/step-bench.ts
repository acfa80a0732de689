/** A robot that follows its commands exactly, stepped cycle by cycle. */
import { createRobotStep, type RobotStep } from '../../../../controller/robot/robot-step.ts';
import type { RobotInputs } from '../../../../protocols/joints.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { Intent, StepOutput } from '../../../../protocols/session-log.ts';
import type { Cause, OperatorCommand, SessionSetup } from '../../../../protocols/supervision.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { obey } from './obeying-actuators.ts';
import { healthyInputs, healthyIntent, nextCycle, PERIOD_US, profile, sensedTorqueNm, setup } from '../../safety/fixtures.ts';

/** In a cycle; a wall is rendered from the edge of the range, and no joint is there at once. */
const FASTEST_RAD = degToRad(1.2);

export class Bench {
  readonly inputs: RobotInputs = healthyInputs();
  readonly intent: Intent = healthyIntent();
  output: StepOutput;
  readonly step: RobotStep;
  readonly #positionRad = profile.joints.map(() => degToRad(20));
  readonly #velocityRadPerSec = profile.joints.map(() => 0);
  /** Applied to the inputs just before each step. */
  spoil: (inputs: RobotInputs) => void = () => {};

  constructor(session: SessionSetup | null = setup, latched: Cause = 'none', robot: RobotProfile = profile) {
    this.step = createRobotStep(robot, session, latched);
    this.output = this.step.step(this.inputs, this.intent);
  }

  command(command: OperatorCommand): StepOutput {
    this.intent.command = command;
    this.intent.commandSequence++;
    return this.tick();
  }

  tick(): StepOutput {
    nextCycle(this.inputs);
    const { permitted } = this.output;
    Object.assign(this.inputs, { latenessUs: 0 });
    Object.assign(this.inputs.monitor, { ageUs: 1000, reason: 'none' });
    Object.assign(this.inputs.hub, { ageUs: 1000, deviceTimeUs: this.inputs.nowUs, estopClosed: true, patientButtonPressed: false, enableRelayClosed: true, brakeEngaged: false });
    for (const link of this.inputs.links) link.up = true;
    obey(this.inputs, permitted);
    this.inputs.joints.forEach((joint, j) => {
      const command = permitted.joints[j]!;
      Object.assign(joint, { driveState: permitted.enable ? 'enabled' : 'disabled', driveAgeUs: 1000, driveTempC: 30 });
      const follows = permitted.enable;
      const before = this.#positionRad[j]!;
      if (follows) this.#positionRad[j] = before + Math.max(-FASTEST_RAD, Math.min(FASTEST_RAD, command.positionRad - before));
      joint.motorPositionRad = joint.encoderPositionRad = this.#positionRad[j]!;
      joint.motorVelocityRadPerSec = follows ? command.velocityRadPerSec : 0;
      joint.motorTorqueNm = command.torqueNm + command.stiffnessNmPerRad * (command.positionRad - this.#positionRad[j]!);
      joint.jointTorqueNm = sensedTorqueNm(profile.joints[j]!, joint.motorTorqueNm, joint.motorVelocityRadPerSec, this.#velocityRadPerSec[j]!);
      this.#velocityRadPerSec[j] = joint.motorVelocityRadPerSec;
    });
    this.spoil(this.inputs);
    this.output = this.step.step(this.inputs, this.intent);
    return this.output;
  }

  run(seconds: number, each: (output: StepOutput) => void = () => {}): StepOutput {
    for (let n = Math.round((seconds * 1e6) / PERIOD_US); n > 0; n--) each(this.tick());
    return this.output;
  }

  /** Walking at full size. */
  static walking(robot: RobotProfile = profile): Bench {
    const bench = new Bench(setup, 'none', robot);
    bench.tick();
    bench.command('arm');
    bench.run(1.2);
    bench.command('start');
    bench.run(6);
    if (bench.output.state !== 'running' || bench.output.blend !== 1) throw new Error(`not walking: ${bench.output.state}, ${bench.output.cause}`);
    return bench;
  }
}
