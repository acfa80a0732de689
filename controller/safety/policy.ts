/** The failsafe table: what is watched, what happens then, and how it ends. The README's table is generated from it. */
import type { Action, Cause } from '../../protocols/supervision.ts';

/** `whenGone`: ends by itself. `onAcknowledge`: latched; a person acknowledges it after its cause is gone. */
export type ClearCondition = 'whenGone' | 'onAcknowledge';
/** `energised`: acted on only while the drives are told to hold or move; before that the check only blocks arming. */
export type Scope = 'always' | 'energised';

export interface Rule {
  readonly check: string;
  readonly cause: Cause;
  readonly action: Action;
  readonly clear: ClearCondition;
  readonly scope: Scope;
  /** The condition may last this long before the action follows: a budget that drains fast and refills at a quarter. */
  readonly graceMs: number;
  readonly blocksArming: boolean;
  /** What the person at the robot checks. */
  readonly advice: string;
  /**
   * The condition may be there only because this stop cut the drives' power: an acknowledgement that gives it back
   * clears it, and what is then still wrong keeps the robot from being armed.
   */
  readonly whileUnpowered?: boolean;
  /** A joint that shows the condition is neither held nor braked, while the others are. When all are released an acknowledgement clears it; what still differs then keeps the robot from being armed. */
  readonly letsGo?: boolean;
  /** What a person has to know of a stop that stands already: its cause takes the place of an equally severe one. */
  readonly toldFirst?: boolean;
}

const rule = <const C extends string>(
  check: C,
  cause: Cause,
  action: Action,
  clear: ClearCondition,
  scope: Scope,
  graceMs: number,
  blocksArming: boolean,
  advice: string,
): Rule & { readonly check: C } => ({ check, cause, action, clear, scope, graceMs, blocksArming, advice });

/** In order of precedence among equally severe ones. */
export const policy = [
  rule('estopOpen', 'estopOpen', 'emergencyStop', 'onAcknowledge', 'always', 0, true, 'Make sure that the patient is safe, release the emergency stop, then acknowledge.'),
  rule('nothingDriven', 'nothingDriven', 'torqueOff', 'onAcknowledge', 'energised', 0, true, 'This robot has nothing that moves: it measures while a session is open, and there is nothing to arm.'),
  rule('sessionClosed', 'noSession', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Open a session for a patient.'),
  rule('notPrepared', 'notPrepared', 'hold', 'whenGone', 'energised', 0, true, 'Take the patient out, then run self-test and homing.'),
  rule('notConfirmed', 'notConfirmed', 'hold', 'whenGone', 'energised', 0, true, 'Confirm identity, side, consent, geometry and alarms when the session is opened.'),
  rule('stanceTooHeavy', 'stanceTooHeavy', 'limit', 'whenGone', 'energised', 0, true, 'The drives cannot carry this weight for long: raise the unloading.'),
  // Before what it brings about: while the loop stood still nobody asked the devices, and nobody fed the relay.
  rule('loopOverrun', 'loopOverrun', 'protectiveStop', 'onAcknowledge', 'energised', 0, false, 'The computer was too slow: close other programs.'),
  rule('linkDown', 'linkDown', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Check the cable of the named link.'),
  { ...rule('driveSilent', 'driveSilent', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Check power and cable of the drive.'), whileUnpowered: true },
  { ...rule('driveUnattended', 'driveSilent', 'torqueOff', 'onAcknowledge', 'energised', 0, false, 'Nobody reached this drive, and it has no watchdog or went on moving its joint, so its power was cut: check its cable, then the drive.'), whileUnpowered: true },
  rule('hubSilent', 'hubSilent', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Check power and cable of the sensor hub.'),
  rule('hubFrozen', 'hubFrozen', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Restart the sensor hub: its clock stands still.'),
  rule('monitorDisagrees', 'monitorDisagrees', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The independent monitor saw a joint beyond its limits, or is gone: have the robot checked; if it stays, restart Dari.'),
  rule('sensorSilent', 'sensorSilent', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'A joint that is only measured is not heard: check power and cable of its sensor.'),
  rule('sensedImplausible', 'implausibleInput', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Have the sensor of the named joint checked.'),
  rule('sensorServoOn', 'sensorServoOn', 'torqueOff', 'onAcknowledge', 'always', 0, true, 'A servo that is only to measure had its torque on, so its power was cut: have it checked before further use.'),
  rule('implausible', 'implausibleInput', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Have the sensor of the named joint checked.'),
  // The drive closes its own loop on the motor's angle: where that may be the wrong one, neither braking nor holding is safe.
  { ...rule('motorLost', 'implausibleInput', 'torqueOff', 'onAcknowledge', 'energised', 12, false, "The drive's own readings are impossible, so its power was cut: have the joint checked."), whileUnpowered: true },
  // Of this joint alone the same holds: the others still know where they are, and brake.
  { ...rule('disagreement', 'sensorDisagreement', 'protectiveStop', 'onAcknowledge', 'energised', 12, true, 'Motor and joint encoder differ: have the joint checked before further use.'), whileUnpowered: true, letsGo: true },
  rule('encodersApart', 'sensorDisagreement', 'protectiveStop', 'onAcknowledge', 'energised', 12, false, 'Motor and joint encoder differ, or one of them is heard late: check cables and load of the computer, then the joint.'),
  rule('encoderWrong', 'sensorDisagreement', 'protectiveStop', 'onAcknowledge', 'energised', 12, true, 'The joint encoder is wrong: have it checked before further use.'),
  rule('sensorStuck', 'sensorStuck', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'A position sensor stands still although it should not: have the joint checked.'),
  rule('torqueSensorFault', 'torqueSensorFault', 'protectiveStop', 'onAcknowledge', 'energised', 120, false, 'The joint torque sensor contradicts the motor: have it checked.'),
  rule('torqueSensorDoubted', 'torqueSensorFault', 'soften', 'whenGone', 'energised', 20, false, 'The joint torque sensor is doubted: guidance is soft meanwhile.'),
  rule('driveFault', 'driveFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, "Read the drive's error code; power-cycle the drive."),
  rule('driveNotEnabled', 'driveNotEnabled', 'protectiveStop', 'onAcknowledge', 'energised', 20, false, 'The drive does not follow the enable command: check its power.'),
  rule('driveDisobeys', 'driveNotEnabled', 'protectiveStop', 'onAcknowledge', 'energised', 28, false, 'The drive does not give the torque it is told: have it checked.'),
  rule('driveOutOfControl', 'driveNotEnabled', 'torqueOff', 'onAcknowledge', 'energised', 300, false, 'The drive went on giving another torque than it is told and did not brake, so its power was cut: have it checked.'),
  rule('treadmillSilent', 'treadmillFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The treadmill is not heard: check its power and its cable to the hub.'),
  rule('treadmillFault', 'treadmillFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The treadmill reports a fault or is not ready: look at its own panel.'),
  rule('beltRunaway', 'treadmillFault', 'protectiveStop', 'onAcknowledge', 'energised', 12, true, 'The belt ran faster than it was told: have the treadmill checked before further use.'),
  rule('treadmillDesync', 'treadmillDesync', 'protectiveStop', 'onAcknowledge', 'energised', 40, false, 'Belt and steps went apart: look at the feet, then at what blocks the belt.'),
  rule('stopRope', 'operatorStop', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Somebody pulled the stop rope of the treadmill: put it back, then acknowledge.'),
  rule('supportSilent', 'supportFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The body-weight support is not heard: check its power and its cable to the hub.'),
  rule('supportFault', 'supportFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The body-weight support reports a fault: secure the patient, then look at its own panel.'),
  rule('supportDrop', 'supportFault', 'protectiveStop', 'onAcknowledge', 'energised', 20, false, 'The unloading fell although nobody lowered it: secure the patient, check harness and rope.'),
  rule('supportUnlocked', 'supportFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The rope is not locked although it should be: secure the patient, have the brake of the rope checked.'),
  rule('liftSilent', 'liftFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The lifting column is not heard: check its power and its cable to the hub.'),
  rule('liftFault', 'liftFault', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The lifting column reports a fault: secure the arm, then look at its own panel.'),
  rule('liftMoved', 'liftFault', 'protectiveStop', 'onAcknowledge', 'always', 12, true, 'The lifting column moved although nobody asked it to: look at the arm, have the column checked before further use.'),
  rule('liftRunsOn', 'liftFault', 'torqueOff', 'onAcknowledge', 'always', 12, false, 'The lifting column went on although it was told to stop, so its power was cut: free the arm, have the column checked.'),
  rule('liftBlocked', 'liftFault', 'protectiveStop', 'onAcknowledge', 'always', 0, false, 'The lifting column was told to move and did not: look at what holds it, or who is under it.'),
  rule('liftMoving', 'liftMoving', 'hold', 'whenGone', 'energised', 0, true, 'Wait until the lifting column stands.'),
  rule('driveTooHot', 'driveOverTemperature', 'protectiveStop', 'onAcknowledge', 'energised', 100, true, 'Let the drive cool down.'),
  rule('driveHot', 'driveOverTemperature', 'limit', 'whenGone', 'always', 100, false, 'The drive is hot and gives less torque: plan a break.'),
  rule('overloaded', 'overload', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The drive gave too much torque for too long: let it rest, lower guidance or speed.'),
  rule('overloadNear', 'overload', 'limit', 'whenGone', 'always', 0, false, 'The drive works hard and gives less torque for a while: lower guidance or speed.'),
  rule('powerTooHigh', 'powerTooHigh', 'protectiveStop', 'onAcknowledge', 'energised', 40, false, 'Robot and patient worked too hard against each other: check for spasm or a wrong posture.'),
  rule('pastHardRange', 'positionOutOfRange', 'torqueOff', 'onAcknowledge', 'energised', 8, false, 'The joint left its hard range: check the patient, then the joint.'),
  rule('pastPermittedRange', 'positionOutOfRange', 'protectiveStop', 'onAcknowledge', 'energised', 8, false, "The joint left this patient's range: check for spasm or a wrong range."),
  rule('outsideSoftRange', 'outsideSoftRange', 'limit', 'whenGone', 'energised', 0, true, 'Move the joint by hand into its permitted range.'),
  rule('overSpeed', 'speedOutOfRange', 'protectiveStop', 'onAcknowledge', 'energised', 8, true, 'The joint moved too fast: check for spasm or a slipped cuff.'),
  rule('stopBreached', 'speedOutOfRange', 'torqueOff', 'onAcknowledge', 'energised', 40, false, 'The joint did not come to rest in the stop time: check the drive.'),
  rule('stopUnconfirmed', 'standstillUnconfirmed', 'torqueOff', 'onAcknowledge', 'energised', 40, false, 'Nobody saw the joints come to rest: look at the patient, then check the cables.'),
  rule('overTorque', 'torqueOutOfRange', 'protectiveStop', 'onAcknowledge', 'energised', 24, false, 'The drive gives more torque than commanded: have it checked.'),
  rule('trackingLost', 'trackingLost', 'protectiveStop', 'onAcknowledge', 'energised', 200, false, 'The joint does not follow: check for spasm, a block or a loose cuff.'),
  rule('interactionTooStrong', 'interactionTooStrong', 'protectiveStop', 'onAcknowledge', 'energised', 8, false, 'The patient and the robot pushed too hard against each other: look at the leg and its cuffs.'),
  rule('spasmLasted', 'spasm', 'protectiveStop', 'onAcknowledge', 'energised', 0, false, 'Spasm, push or block: wait until the muscle is calm, then move the leg by hand before going on.'),
  rule('spasmSuspected', 'spasm', 'soften', 'whenGone', 'energised', 0, false, 'The leg is not as it always is: it is soft now, and the robot stops.'),
  // Not torqueOff: that stops the heartbeat, without which the relay could never close again.
  rule('relayOpen', 'enableRelayOpen', 'protectiveStop', 'onAcknowledge', 'energised', 20, true, 'The enable relay opened: check the sensor hub.'),
  { ...rule('brakesMissed', 'brakesOpen', 'protectiveStop', 'onAcknowledge', 'energised', 0, false, 'The brakes were not seen to close, so the drives hold on: secure the patient, then acknowledge, and the legs are lowered. Have the brakes checked.'), toldFirst: true },
  rule('brakeEngaged', 'brakeEngaged', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Release the brake.'),
  rule('patientButton', 'patientButton', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'The patient asked to stop: talk to the patient first.'),
  rule('stationLost', 'stationLost', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, "The therapist's station is gone: restart it."),
  rule('operatorLost', 'operatorLost', 'protectiveStop', 'onAcknowledge', 'energised', 0, true, 'Nobody holds the controls: take them.'),
  rule('operatorStop', 'operatorStop', 'protectiveStop', 'onAcknowledge', 'always', 0, false, 'Acknowledge when everybody is ready to go on.'),
  rule('linkNoisy', 'linkNoisy', 'warn', 'whenGone', 'always', 0, false, 'A cable loses much of what it carries: check its plugs and what lies beside it.'),
  rule('recorderFailed', 'recorderFailed', 'hold', 'whenGone', 'energised', 0, true, 'The session cannot be recorded: free disk space.'),
] as const;

export type CheckId = (typeof policy)[number]['check'];
