import { expect, test } from 'vitest';
import { emptyJointCommand, driveStates, monitorReasons, PermittedCommand } from '../../protocols/joints.ts';
import { readCycleRow, writeCycleRow } from '../../protocols/cycle-row.ts';
import {
  cycleFields,
  cycleLayout,
  emptyInputs,
  emptyIntent,
  fieldOffset,
  type StepOutput,
} from '../../protocols/session-log.ts';
import { actions, causes, operatorCommands, supervisorStates } from '../../protocols/supervision.ts';
import { trainingModes } from '../../protocols/training-mode.ts';

const JOINTS = 3;
const LINKS = 2;
const SENSED = 2;

/** Numbers that occur nowhere else, in the order in which they are asked for. */
let next = 1000;
const unique = (): number => next++;

function filled() {
  const inputs = emptyInputs(JOINTS, LINKS, SENSED);
  Object.assign(inputs, { cycle: unique(), nowUs: unique(), latenessUs: unique() });
  Object.assign(inputs.hub, { ageUs: unique(), sequence: unique(), deviceTimeUs: unique(), estopClosed: true, enableRelayClosed: true });
  Object.assign(inputs.monitor, { ageUs: unique(), reason: 'torque', joint: unique() });
  Object.assign(inputs.treadmill, { ageUs: unique(), leftMps: unique(), rightMps: unique(), ready: true, fault: true });
  Object.assign(inputs.support, { ageUs: unique(), unloadingN: unique(), locked: true });
  Object.assign(inputs.grip, { ageUs: unique(), forceN: unique() });
  Object.assign(inputs.feet, { leftHeelN: unique(), leftForefootN: unique(), rightHeelN: unique(), rightForefootN: unique() });
  const intent = emptyIntent(JOINTS);
  Object.assign(intent, { sessionOpen: true, recorderHealthy: false, leaseEpoch: unique(), leaseAgeUs: unique(), holdAgeUs: unique(), prepared: true, command: 'pause', mode: 'resist', commandSequence: unique() });
  Object.assign(intent, { speedMps: unique(), guidanceLeft: unique(), guidanceRight: unique(), unloadingKg: unique() });
  const permitted = PermittedCommand.mint(JOINTS);
  Object.assign(permitted, { enable: true, beltSpeedMps: unique(), beltEnable: true, unloadingN: unique(), lockSupport: false, closeBrakes: true });
  const output: StepOutput = {
    state: 'paused',
    action: 'hold',
    cause: 'driveSilent',
    causeJoint: unique(),
    readyBlocker: 'hubFrozen',
    phase: unique(),
    blend: unique(),
    stepsLeft: unique(),
    stepsRight: unique(),
    distanceM: unique(),
    walkTimeUs: unique(),
    upTimeUs: unique(),
    assessmentStep: unique(),
    promptNm: unique(),
    joints: Array.from({ length: JOINTS }, () => ({ referencePositionRad: unique(), limitedBy: unique() })),
    sensed: Array.from({ length: SENSED }, (_, i) => ({ trusted: i === 0 })),
    desired: { joints: Array.from({ length: JOINTS }, emptyJointCommand), beltSpeedMps: unique(), unloadingN: unique() },
    permitted,
  };
  for (const sensed of inputs.sensed) Object.assign(sensed, { positionRad: unique(), ageUs: unique(), sequence: unique(), quality: unique(), energised: true });
  inputs.joints.forEach((joint, j) => {
    Object.assign(joint, { driveState: driveStates[1 + j], driveErrorCode: unique(), motorPositionRad: unique(), motorVelocityRadPerSec: unique() });
    Object.assign(joint, { motorTorqueNm: unique(), driveTempC: unique(), driveAgeUs: unique(), driveSequence: unique() });
    Object.assign(joint, { encoderPositionRad: unique(), jointTorqueNm: unique(), encoderQuality: unique() });
    intent.romScale[j] = unique();
    intent.offsetRad[j] = unique();
    intent.timingShare[j] = unique();
    for (const command of [output.desired.joints[j]!, permitted.joints[j]!])
      Object.assign(command, { positionRad: unique(), velocityRadPerSec: unique(), stiffnessNmPerRad: unique(), dampingNmsPerRad: unique(), torqueNm: unique() });
  });
  inputs.emg.sequence = unique();
  Object.assign(inputs.lift, { ageUs: unique(), heightM: unique(), moving: true });
  Object.assign(permitted, { liftHeightM: unique(), liftEnable: true });
  intent.liftTargetM = unique();
  for (let channel = 0; channel < 4; channel++) [inputs.emg.meanUv[channel], inputs.emg.peakUv[channel]] = [unique(), unique()];
  for (const link of inputs.links) Object.assign(link, { up: true, framesReceived: unique(), framesSent: unique(), bytesDiscarded: unique(), framesRefused: unique() });
  return { inputs, intent, output };
}

function written() {
  const record = filled();
  const layout = cycleLayout(JOINTS, LINKS, SENSED);
  const row = new Float64Array(layout.width + 4).fill(-1);
  writeCycleRow(row, 2, record.inputs, record.intent, record.output);
  return { ...record, layout, row };
}

/** Where a field's value lives, by its name alone: an independent statement of what each column means. */
function expected(key: string, group: string, index: number, { inputs, intent, output }: ReturnType<typeof filled>): unknown {
  const joint = inputs.joints[index]!;
  const decision = output.joints[index]!;
  const renamed: Record<string, unknown> = {
    emgSequence: inputs.emg.sequence,
    ...Object.fromEntries([0, 1, 2, 3].flatMap((channel) => [[`emgMeanUv${channel + 1}`, inputs.emg.meanUv[channel]], [`emgPeakUv${channel + 1}`, inputs.emg.peakUv[channel]]])),
    hubAgeUs: inputs.hub.ageUs,
    hubSequence: inputs.hub.sequence,
    hubDeviceTimeUs: inputs.hub.deviceTimeUs,
    monitorAgeUs: inputs.monitor.ageUs,
    monitorReason: monitorReasons.indexOf(inputs.monitor.reason),
    monitorJoint: inputs.monitor.joint,
    command: operatorCommands.indexOf('pause') + 1,
    mode: trainingModes.indexOf('resist'),
    state: supervisorStates.indexOf(output.state),
    action: actions.indexOf(output.action),
    cause: causes.indexOf(output.cause),
    readyBlocker: causes.indexOf(output.readyBlocker),
    enable: output.permitted.enable,
    treadmillAgeUs: inputs.treadmill.ageUs,
    beltLeftMps: inputs.treadmill.leftMps,
    beltRightMps: inputs.treadmill.rightMps,
    treadmillReady: inputs.treadmill.ready,
    stopRopePulled: inputs.treadmill.stopRopePulled,
    treadmillFault: inputs.treadmill.fault,
    supportAgeUs: inputs.support.ageUs,
    unloadingN: inputs.support.unloadingN,
    supportLocked: inputs.support.locked,
    supportFault: inputs.support.fault,
    ...inputs.feet,
    liftAgeUs: inputs.lift.ageUs,
    liftHeightM: inputs.lift.heightM,
    liftMoving: inputs.lift.moving,
    liftFault: inputs.lift.fault,
    permittedLiftM: output.permitted.liftHeightM,
    liftEnable: output.permitted.liftEnable,
    gripAgeUs: inputs.grip.ageUs,
    gripN: inputs.grip.forceN,
    desiredBeltMps: output.desired.beltSpeedMps,
    desiredUnloadingN: output.desired.unloadingN,
    permittedBeltMps: output.permitted.beltSpeedMps,
    beltEnable: output.permitted.beltEnable,
    permittedUnloadingN: output.permitted.unloadingN,
    lockSupport: output.permitted.lockSupport,
    closeBrakes: output.permitted.closeBrakes,
    driveState: driveStates.indexOf(joint.driveState),
    romScale: intent.romScale[index],
    offsetRad: intent.offsetRad[index],
    timingShare: intent.timingShare[index],
    linkUp: true,
  };
  if (group === 'sensed') return key === 'sensedTrusted' ? output.sensed[index]!.trusted : (inputs.sensed[index] as never)[key.charAt(6).toLowerCase() + key.slice(7)];
  if (key in renamed) return renamed[key];
  const command = /^(desired|permitted)(.)(.*)$/.exec(key);
  if (command !== null) return (output[command[1] as 'desired' | 'permitted'].joints[index] as never)[command[2]!.toLowerCase() + command[3]!];
  const sources = { cycle: [inputs, inputs.hub, intent, output], joint: [joint, decision], link: [inputs.links[index]] }[group]!;
  return sources.map((source) => (source as unknown as Record<string, unknown>)[key]).find((value) => value !== undefined);
}

test('every field of the table stands in its column, nothing beside the row is touched', () => {
  const record = written();
  const { layout, row } = record;
  const counts = { cycle: 1, joint: JOINTS, link: LINKS, sensed: SENSED };
  for (const { key, group } of cycleFields)
    for (let index = 0; index < counts[group]; index++)
      expect([key, index, row[2 + fieldOffset(layout, key, index)]]).toEqual([key, index, Number(expected(key, group, index, record))]);
  expect([row[0], row[1], row.at(-2), row.at(-1)]).toEqual([-1, -1, -1, -1]);
});

test('a column is never shared', () => {
  const layout = cycleLayout(JOINTS, LINKS, SENSED);
  const counts = { cycle: 1, joint: JOINTS, link: LINKS, sensed: SENSED };
  const offsets = cycleFields.flatMap(({ key, group }) => Array.from({ length: counts[group] }, (_, index) => fieldOffset(layout, key, index)));
  expect(offsets.toSorted((a, b) => a - b)).toEqual(Array.from({ length: layout.width }, (_, i) => i));
});

test('inputs and intent come back from a row as they went in', () => {
  const { row, inputs, intent } = written();
  const [inputsBack, intentBack] = [emptyInputs(JOINTS, LINKS, SENSED), emptyIntent(JOINTS)];
  readCycleRow(row, 2, inputsBack, intentBack);
  expect(inputsBack).toEqual(inputs);
  expect(intentBack).toEqual(intent);
});

test('minus zero, NaN and infinities survive', () => {
  const { inputs, intent, output, layout } = written();
  Object.assign(inputs.joints[0]!, { motorPositionRad: -0, motorVelocityRadPerSec: Number.NaN, motorTorqueNm: -Infinity, driveAgeUs: Infinity });
  const row = new Float64Array(layout.width);
  writeCycleRow(row, 0, inputs, intent, output);
  const back = emptyInputs(JOINTS, LINKS, SENSED);
  readCycleRow(row, 0, back, emptyIntent(JOINTS));
  expect(back.joints[0]).toEqual(inputs.joints[0]);
  expect(Object.is(back.joints[0]!.motorPositionRad, -0)).toBe(true);
});

test('an unknown field is refused by name', () => {
  expect(() => fieldOffset(cycleLayout(1, 1), 'nonsense')).toThrow('nonsense');
});
