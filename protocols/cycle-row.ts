/** Between the records of a cycle and its row: the one place that knows which number stands where. */
import { readActuatorInputs, writeActuatorDecisions, writeActuatorInputs } from './actuator-log.ts';
import { driveStates, monitorReasons, type LinkInputs, type RobotInputs } from './joints.ts';
import { cycleFields, type FieldGroup, type Intent, type StepOutput } from './session-log.ts';
import { readSensed, writeSensed } from './sensed-joint.ts';
import { actions, causes, operatorCommands, supervisorStates } from './supervision.ts';
import { trainingModes } from './training-mode.ts';

/** Fills a row in place; allocates nothing. The order of the assignments is the order of `cycleFields`. */
export function writeCycleRow(row: Float64Array, start: number, inputs: RobotInputs, intent: Intent, output: StepOutput): void {
  let at = start;
  const { hub, monitor } = inputs;
  row[at++] = inputs.cycle;
  row[at++] = inputs.nowUs;
  row[at++] = inputs.latenessUs;
  row[at++] = hub.ageUs;
  row[at++] = hub.sequence;
  row[at++] = hub.deviceTimeUs;
  row[at++] = Number(hub.estopClosed);
  row[at++] = Number(hub.patientButtonPressed);
  row[at++] = Number(hub.enableRelayClosed);
  row[at++] = Number(hub.brakeEngaged);
  row[at++] = monitor.ageUs;
  row[at++] = monitorReasons.indexOf(monitor.reason);
  row[at++] = monitor.joint;
  at = writeActuatorInputs(row, at, inputs);
  row[at++] = Number(intent.sessionOpen);
  row[at++] = Number(intent.stationConnected);
  row[at++] = Number(intent.recorderHealthy);
  row[at++] = intent.leaseEpoch;
  row[at++] = intent.leaseAgeUs;
  row[at++] = intent.holdAgeUs;
  row[at++] = Number(intent.prepared);
  row[at++] = Number(intent.preparing);
  row[at++] = intent.command === 'none' ? 0 : operatorCommands.indexOf(intent.command) + 1;
  row[at++] = intent.commandSequence;
  at = writeSettings(row, at, intent);
  row[at++] = supervisorStates.indexOf(output.state);
  row[at++] = actions.indexOf(output.action);
  row[at++] = causes.indexOf(output.cause);
  row[at++] = output.causeJoint;
  row[at++] = causes.indexOf(output.readyBlocker);
  row[at++] = output.phase;
  row[at++] = output.blend;
  row[at++] = output.stepsLeft;
  row[at++] = output.stepsRight;
  row[at++] = output.distanceM;
  row[at++] = output.walkTimeUs;
  row[at++] = output.upTimeUs;
  row[at++] = output.assessmentStep;
  row[at++] = output.promptNm;
  row[at++] = Number(output.permitted.enable);
  at = writeActuatorDecisions(row, at, output.desired, output.permitted);
  for (let j = 0; j < inputs.joints.length; j++) at = writeJoint(row, at, j, inputs, intent, output);
  for (const link of inputs.links) {
    row[at++] = Number(link.up);
    row[at++] = link.framesReceived;
    row[at++] = link.framesSent;
    row[at++] = link.bytesDiscarded;
    row[at++] = link.framesRefused;
  }
  writeSensed(row, at, inputs.sensed, output.sensed);
}

function writeSettings(row: Float64Array, start: number, intent: Intent): number {
  let at = start;
  row[at++] = trainingModes.indexOf(intent.mode);
  row[at++] = intent.speedMps;
  row[at++] = intent.guidanceLeft;
  row[at++] = intent.guidanceRight;
  row[at++] = intent.unloadingKg;
  row[at++] = intent.springUpperArm;
  row[at++] = intent.springForearm;
  row[at++] = intent.liftTargetM;
  return at;
}

function writeJoint(row: Float64Array, start: number, j: number, inputs: RobotInputs, intent: Intent, output: StepOutput): number {
  const joint = inputs.joints[j];
  const desired = output.desired.joints[j];
  const permitted = output.permitted.joints[j];
  const decision = output.joints[j];
  if (joint === undefined || desired === undefined || permitted === undefined || decision === undefined) return start;
  let at = start;
  row[at++] = driveStates.indexOf(joint.driveState);
  row[at++] = joint.driveErrorCode;
  row[at++] = joint.motorPositionRad;
  row[at++] = joint.motorVelocityRadPerSec;
  row[at++] = joint.motorTorqueNm;
  row[at++] = joint.driveTempC;
  row[at++] = joint.driveAgeUs;
  row[at++] = joint.driveSequence;
  row[at++] = joint.encoderPositionRad;
  row[at++] = joint.jointTorqueNm;
  row[at++] = joint.encoderQuality;
  row[at++] = intent.romScale[j] ?? Number.NaN;
  row[at++] = intent.offsetRad[j] ?? Number.NaN;
  row[at++] = intent.timingShare[j] ?? Number.NaN;
  row[at++] = decision.referencePositionRad;
  for (const command of [desired, permitted]) {
    row[at++] = command.positionRad;
    row[at++] = command.velocityRadPerSec;
    row[at++] = command.stiffnessNmPerRad;
    row[at++] = command.dampingNmsPerRad;
    row[at++] = command.torqueNm;
  }
  row[at++] = decision.limitedBy;
  return at;
}

/** The inverse for replay: fills inputs and intent from a row, in place. */
export function readCycleRow(row: Float64Array, start: number, inputs: RobotInputs, intent: Intent): void {
  const take = cursor(row, start);
  inputs.cycle = take();
  inputs.nowUs = take();
  inputs.latenessUs = take();
  const { hub, monitor } = inputs;
  hub.ageUs = take();
  hub.sequence = take();
  hub.deviceTimeUs = take();
  hub.estopClosed = take() !== 0;
  hub.patientButtonPressed = take() !== 0;
  hub.enableRelayClosed = take() !== 0;
  hub.brakeEngaged = take() !== 0;
  monitor.ageUs = take();
  monitor.reason = monitorReasons[take()] ?? 'bytesLost';
  monitor.joint = take();
  readActuatorInputs(take, inputs);
  intent.sessionOpen = take() !== 0;
  intent.stationConnected = take() !== 0;
  intent.recorderHealthy = take() !== 0;
  intent.leaseEpoch = take();
  intent.leaseAgeUs = take();
  intent.holdAgeUs = take();
  intent.prepared = take() !== 0;
  intent.preparing = take() !== 0;
  intent.command = operatorCommands[take() - 1] ?? 'none';
  intent.commandSequence = take();
  // A log from before there were others has no number here.
  intent.mode = trainingModes[take()] ?? 'guidedGait';
  intent.speedMps = take();
  intent.guidanceLeft = take();
  intent.guidanceRight = take();
  intent.unloadingKg = take();
  intent.springUpperArm = take();
  intent.springForearm = take();
  intent.liftTargetM = known(take());
  for (let skip = 0; skip < DECISION_CYCLE_FIELDS; skip++) take();
  inputs.joints.forEach((joint, j) => {
    joint.driveState = driveStates[take()] ?? 'absent';
    joint.driveErrorCode = take();
    joint.motorPositionRad = take();
    joint.motorVelocityRadPerSec = take();
    joint.motorTorqueNm = take();
    joint.driveTempC = take();
    joint.driveAgeUs = take();
    joint.driveSequence = take();
    joint.encoderPositionRad = take();
    joint.jointTorqueNm = take();
    joint.encoderQuality = take();
    intent.romScale[j] = take();
    intent.offsetRad[j] = take();
    intent.timingShare[j] = known(take());
    for (let skip = 0; skip < DECISION_JOINT_FIELDS; skip++) take();
  });
  readLinks(take, inputs.links);
  readSensed(take, inputs.sensed);
}

function readLinks(take: () => number, links: readonly LinkInputs[]): void {
  for (const link of links) {
    link.up = take() !== 0;
    link.framesReceived = take();
    link.framesSent = take();
    link.bytesDiscarded = take();
    link.framesRefused = take();
  }
}

/** A log from before there was such a number has none here. */
const known = (value: number): number => (Number.isNaN(value) ? 0 : value);

const countOf = (group: FieldGroup): number => cycleFields.filter((field) => field.group === group && field.role === 'decision').length;
const DECISION_CYCLE_FIELDS = countOf('cycle');
const DECISION_JOINT_FIELDS = countOf('joint');

function cursor(row: Float64Array, start: number): () => number {
  let at = start;
  return () => row[at++] ?? Number.NaN;
}
