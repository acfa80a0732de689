/**
 * What can go wrong, what is done about it, and which test proves that. `docs/hazards.md` is generated from this table; a
 * test fails when a row names a check, a file or a test that does not exist.
 */
import type { CheckId } from './policy.ts';

export interface Proof {
  readonly file: string;
  /** As it stands in the file, or the name of a row of its cases. */
  readonly title: string;
}

export interface Hazard {
  readonly id: string;
  readonly hazard: string;
  /** In plain words. */
  readonly control: string;
  /** Lines of the failsafe table. */
  readonly checks: readonly CheckId[];
  /** Where else the control is built. */
  readonly files: readonly string[];
  readonly proofs: readonly Proof[];
  /** What is not there yet; empty: nothing is known to be missing but the fault campaign's numbers. */
  readonly missing: string;
}

const BELT = 'test/controller/safety/belt.test.ts';
const BELT_PHYSICS = 'test/controller/robot/belt-physics.test.ts';
const CHECKS = 'test/controller/safety/checks.test.ts';
const ENVELOPE = 'test/controller/safety/envelope.test.ts';
const FAILSAFE = 'test/controller/safety/failsafe.test.ts';
const TRUST = 'test/controller/safety/input-trust.test.ts';
const STEP = 'test/controller/robot/robot-step.test.ts';
const PHYSICS = 'test/controller/robot/robot-step-physics.test.ts';
const LOOP = 'test/controller/robot/control-loop.test.ts';
const PROCESS = 'test/controller/robot/robot-process.pty.test.ts';
const STANDING = 'test/controller/safety/standing.test.ts';
const TORQUE_TRUST = 'test/controller/safety/torque-trust.test.ts';
const LOADS = 'test/controller/safety/loads.test.ts';
const OPERATOR = 'test/controller/robot/operator.test.ts';
const MONITOR = 'test/controller/safety/monitor.test.ts';
const MONITOR_THREAD = 'test/controller/robot/monitor.pty.test.ts';
const WATCHDOG = 'test/controller/robot/watchdog-proof.test.ts';
const PORT_LOSS = 'test/hal/port-loss.test.ts';
const ROBOT_IO = 'test/hal/drive-robot-io.test.ts';

const row = (id: string, hazard: string, control: string, checks: readonly CheckId[], files: readonly string[], proofs: readonly (readonly [file: string, title: string])[], missing = ''): Hazard =>
  ({ id, hazard, control, checks, files, proofs: proofs.map(([file, title]) => ({ file, title })), missing });

export const hazards: readonly Hazard[] = [
  row('R1', 'A joint leaves its range, or is pushed or moved too hard.', 'Only the envelope makes commands: range, braking distance, torque, torque rate, gains, wall. Measured values beyond the range, too fast or too strong stop.',
    ['pastPermittedRange', 'pastHardRange', 'outsideSoftRange', 'overSpeed', 'overTorque', 'powerTooHigh'], ['controller/safety/envelope.ts', 'controller/safety/braking.ts', 'controller/safety/limits.ts'],
    [[ENVELOPE, 'the command is finite, inside the range, within gains, speed and torque, and pushes nowhere outward'], [CHECKS, 'the motor is 4° outside the permitted range'], [CHECKS, 'the encoder is outside the hard range'], [CHECKS, 'the joint is too fast'], [CHECKS, 'a drive gives too much power'], ['test/protocols/joints.test.ts', 'no copy of a command is genuine']],
    'The fault campaign that measures excursions by class.'),
  row('R2', 'The robot moves again after a stop although nobody started it.', 'Every stop latches with its cause until a person acknowledges it, and then wants arming and starting. Its speed must stay under a falling line from 24 ms on, and the joint must stay at rest; a breach is followed by the next worse action. Time and way of each stop are measured.',
    ['operatorStop', 'stopBreached', 'stopUnconfirmed'], ['controller/safety/failsafe.ts', 'controller/safety/supervisor.ts', 'controller/safety/stop-monitor.ts'],
    [[FAILSAFE, 'latches every stop'], [FAILSAFE, 'latches until a person acknowledges, and not before the cause is gone'], [STEP, '%s, latched, and only a person starts it again'], [PHYSICS, 'begun at phase %f of fast walking is over within the stop time, and stays'], ['test/controller/safety/stop-monitor.test.ts', 'its speed must fall from 24 ms on, along a line that ends with the stop time'], ['test/controller/safety/stop-monitor.test.ts', 'a joint that moves breaches the stop, however the torque in it is'], ['test/controller/safety/stop-monitor.test.ts', 'a joint must stay where it came to rest'], ['test/controller/safety/stop-meter.test.ts', 'a stop ends when all joints have rested for 100 ms, and took until the rest began']]),
  row('M1', 'The controller’s own program is wrong, blocked or gone.', 'A monitor in a thread of its own recomputes range, speed, torque and age from the raw bytes of the ports, and alone answers the hub: else the enable relay opens. It can only stop. The hub’s own measure is what it trusts; replies of CAN drives (MIT, CiA 402) are decoded too, of the others the age of their bytes.',
    ['monitorDisagrees'], ['controller/safety/monitor.ts', 'controller/safety/monitor-joint.ts', 'controller/safety/monitor-drives.ts', 'controller/robot/monitor-thread.ts', 'hal/byte-tap.ts'],
    [[MONITOR, 'is given to the newest challenge while all is well, whatever the bytes come in'], [MONITOR, 'of place %i may be 1° beyond its hard range of %i°, and no further'], [MONITOR, 'cuts the power when a pushed joint still moves after the time of a stop'], ['test/controller/robot/monitor-in-process.test.ts', 'loses the power of the drives by what the hub measures, before the mechanical stop'], [MONITOR_THREAD, 'that is gone lets the relay open and stops the robot with a plain cause'], [CHECKS, 'the independent monitor is gone']],
    'Bytes reach the monitor through the loop’s thread: it sees a port no sooner. Torque of serial drives is judged by the joint’s own sensor only.'),
  row('S1', 'The drives get too hot or give way under a standing patient.', 'What the support does not carry must be within the continuous torque of every drive in the fitting posture, else the robot is not armed.', ['stanceTooHeavy'], ['controller/safety/stance.ts'],
    [[CHECKS, 'the drive cannot carry the patient'], ['test/controller/safety/stance.test.ts', 'is that of a straight thigh flexed by 30° over a bent knee, worked out by hand']]),
  row('F01', 'Cable pulled, port gone.', 'The link is known to be down in the next cycle; all stop; the lost drive releases by its own watchdog, or the relay cuts the power of one that has none.', ['linkDown', 'driveSilent', 'driveUnattended', 'hubSilent'], ['hal/drive-robot-io.ts', 'controller/robot/watchdog-proof.ts', 'controller/cli/faults/pty/f01-cable-pulled.ts'],
    [[PORT_LOSS, 'a lost port is known in the next cycle, by its drives and by its link'], [PHYSICS, 'after a pulled cable comes within five cycles and brings the other leg to rest'], [WATCHDOG, 'catches the one drive that goes on pushing'], [CHECKS, 'a drive that only the relay can release is silent']]),
  row('F02', 'The port returns under another name, with another robot on it, or with changed firmware.', 'Who answers is asked again after every reconnect; drives stay released until they are armed anew.', [], ['hal/robot-match.ts', 'hal/identify/inquiry.ts', 'controller/cli/faults/pty/f02-another-port.ts'],
    [[PORT_LOSS, 'a port that comes back is connected again, and its drives stay released although the command still says enable'], [PORT_LOSS, 'a hub of another robot is reported'], ['test/hal/drives/drive-line.test.ts', 'another device on the port after a replug is named, and its drives stay absent']],
    'MIT drives carry no identity on the wire; a changed firmware version is not compared with an earlier one.'),
  row('F03', 'Bytes lost, split, doubled, reordered or flipped.', 'Checksums and splitters discard and count; silence beyond the limit stops; values without a checksum must be plausible; more than 1 % lost within a second is told.', ['driveSilent', 'hubSilent', 'implausible', 'linkNoisy'], ['protocols/splitter.ts', 'protocols/candidate-splitter.ts'],
    [[ROBOT_IO, 'garbage is counted on its link, and the next frames are read'], ['test/protocols/candidate-splitter.test.ts', 'random bytes never grow the buffer past its capacity and are all accounted for'], [ROBOT_IO, 'whatever bytes arrive, nothing throws and what is read stays inside the range of the device'], ['test/controller/safety/link-noise.test.ts', 'a link that loses more than 1 % within a second is noisy']]),
  row('F04', 'A valid frame with an impossible value.', 'A reading that is not finite, out of range or unreachable is not acted on, in the same cycle; the joint is only damped, and the robot stops.', ['implausible'], ['controller/safety/input-trust.ts'],
    [[TRUST, 'motor position jumped'], [CHECKS, 'a motor reading is impossible'], [STEP, 'when a reading is no number'], [ENVELOPE, 'when its sensors are not trusted']]),
  row('F05', 'An encoder is stuck while the joint moves.', 'A position that stands for three new readings while the other sensor moves by half a degree is stuck; so is an encoder whose own noise has died. A joint whose motor side is stuck is only damped.', ['sensorStuck'], ['controller/safety/standing.ts', 'controller/safety/input-trust.ts'],
    [[STANDING, 'is stuck when it stands for three new readings while the other sensor moves by more than half a degree'], [STANDING, 'is not stuck while both stand, or both move, or it alone moves'], [STANDING, 'is frozen when the same bits come more than ten times, after it was alive for a second at rest'], [CHECKS, 'a position sensor is stuck']], 'A motor encoder without noise that stands together with the joint encoder is found as lost tracking only.'),
  row('F06', 'An encoder jumps, drifts or has its sign turned; motor and joint sensor disagree.', 'A jump is an impossible reading, by the speed that the drive reports. Where the joint should be by motor angle, speed and the ages of both readings is compared with the joint encoder: 2° apart for 12 ms. The drive closes its loop on the motor’s angle, so its power is cut unless the joint encoder is known to be the wrong one; then the robot brakes and holds.', ['implausible', 'motorLost', 'disagreement', 'encoderWrong'], ['controller/safety/input-trust.ts'],
    [[TRUST, 'encoder jumped'], [TRUST, 'is judged by the time since the last reading'], [TRUST, 'are compared for the same moment, though they were read at different times'], [TRUST, 'an encoder that jumped is the wrong one until both agree again'], [CHECKS, 'motor and encoder disagree'], [CHECKS, 'the joint encoder is doubted'], [STEP, 'when a reading jumps'], [STEP, 'when the encoders part']], 'A jump of less than 2° at rest, 5° in fast motion, is found as disagreement, 12 ms later. Flips are looked for by the sign test before fitting.'),
  row('F07', 'The joint torque sensor is stuck, offset or noisy.', 'It is compared with the motor’s torque less friction and rotor inertia, with a friction known by ±50 %; its noise must be neither too strong nor dead. First the robot softens, then it stops.', ['implausible', 'torqueSensorDoubted', 'torqueSensorFault'], ['controller/safety/torque-trust.ts', 'controller/safety/standing.ts'],
    [[STEP, 'with an impossible reading'], [TORQUE_TRUST, 'when it is off by 15 Nm, within 0.2 s, whatever the friction (%f)'], [TORQUE_TRUST, 'when it is noisy'], [TORQUE_TRUST, 'when the same bits come again and again'], [TORQUE_TRUST, 'with %f times the friction of the profile'], [CHECKS, 'the joint torque sensor is doubted']], 'An offset below what the unknown friction may be (±50 %, about 9 Nm here, 14 Nm at worst) does not show.'),
  row('F08', 'A drive ignores commands, reports another mode, resets or loses its supply.', 'The effect of a command must be seen: state within 0.5 s, torque within 5 Nm of what the last three commands ask; nothing enables a drive again by itself.', ['driveNotEnabled', 'driveDisobeys', 'driveFault', 'brakeEngaged'], ['hal/drives/enablement.ts', 'controller/safety/checks.ts'],
    [[CHECKS, 'a drive does not become enabled in time'], [CHECKS, 'a drive gives another torque than it is told'], ['test/controller/safety/obedience.test.ts', 'a drive that ignores a changed command goes astray'], [CHECKS, 'a drive reports a fault'], [STEP, 'when the brake engages'], ['test/hal/drives/mit-drive.test.ts', 'after a reset it does not move by itself']]),
  row('F09', 'A drive is too hot, takes too much current or has a wrong bus voltage.', 'Between warning and limit the permitted torque falls, with hysteresis; at the limit the robot stops. I²t takes torque away before its budget is spent, and stops when it is. Torque beyond the command stops; the drive’s own faults stop, wrong bus voltage among them.', ['driveHot', 'driveTooHot', 'overloadNear', 'overloaded', 'overTorque', 'driveFault'], ['controller/safety/loads.ts', 'controller/safety/envelope.ts'],
    [[LOADS, 'takes torque away between warning and limit, and gives it back only when it has cooled by 3°'], [LOADS, 'that is no number is hot'], [LOADS, 'is spent by torque beyond the continuous one, and refills below it'], [LOADS, 'takes torque away down to the continuous one before it is spent'], [CHECKS, 'a drive is hot'], [CHECKS, 'a drive is too hot'], [CHECKS, 'a drive is overloaded'], [CHECKS, 'the drive gives too much torque'], [ENVELOPE, 'a share of the torque limit holds in every command, and one that is no number leaves nothing']], 'Bus voltage is left to the drive’s own fault: most protocols do not report it.'),
  row('F10', 'The clock or counter of a device stands still.', 'A hub clock, or a count of hub frames, that does not go forward stops; a drive’s answer of an old clock is an old answer.', ['hubFrozen'], ['controller/safety/input-trust.ts', 'hal/drives/moteus-drive.ts'],
    [[TRUST, "the hub's clock is seen to stand still although its frames arrive"], [TRUST, 'so is its count of frames, and neither goes by going backward'], [CHECKS, "the hub's clock stands"], ['test/hal/drives/moteus-drive.test.ts', 'answers of a clock that stands are old answers']], 'Only drives that have a clock; the others cannot show it.'),
  row('F11', 'A device babbles.', 'Each line does a bounded share of work per cycle; the other links are not disturbed.', ['driveSilent'], ['hal/drives/drive-line.ts', 'hal/link.ts'],
    [['test/hal/drives/drive-line.test.ts', 'costs a bounded share of every cycle, is told once, and is told when it is over'], ['test/hal/drives/drive-line.test.ts', 'does not disturb the other links of the robot, and memory stays flat']]),
  row('F12', 'The loop is late, blocked or frozen.', 'A late tick stops; nothing old is sent; the relay opens without the heartbeat, whose answers come from a thread that a blocked loop starves.', ['loopOverrun', 'relayOpen'], ['controller/safety/host-stall.ts', 'hal/metronome.ts', 'controller/robot/monitor-thread.ts'],
    [[CHECKS, 'the tick came too late'], [CHECKS, 'the enable relay is open'], [PROCESS, 'stops and stays stopped after it was frozen'], [MONITOR_THREAD, 'gives no answer while the loop is blocked, so that the relay opens'], ['test/hal/metronome.pty.test.ts', 'while the thread is busy at most one tick waits, and the others count as missed']]),
  row('F13', 'The controller is killed.', 'The hub opens the relay without the heartbeat; drives release by their watchdogs; the recording stays readable.', [], ['sim/drives/sensor-hub.ts', 'controller/robot/watchdog-proof.ts', 'controller/recording/recovery.ts'],
    [[PROCESS, 'leaves a readable recording when it is killed'], [WATCHDOG, 'finds that every drive of the virtual robot releases by itself, and moves nothing meanwhile']]),
  row('F14', 'The station is killed, the browser or the network is gone, the lease is lost.', 'Lease with a time to live, checked in the controller; a closed pipe stops.', ['stationLost', 'operatorLost'], ['controller/robot/lease.ts', 'controller/robot/robot-process.ts'],
    [[LOOP, 'stops when the lease is not renewed'], [PROCESS, 'stops the robot, seals the file, frees the ports and ends when the station is gone'], [CHECKS, 'the lease is too old']], 'Hold-to-run for homing, jog and recovery.'),
  row('F15', 'Two operators at once; a command of an old epoch arrives late.', 'One lease, its epoch and sequence checked in the controller; anybody may stop.', ['operatorLost'], ['controller/robot/lease.ts', 'controller/station/lease-keeper.ts'],
    [[OPERATOR, 'never has two holders and never lets an older epoch act, whatever the order of arrival'], [OPERATOR, 'give way to a stop, which needs no lease'], [OPERATOR, 'does not change hands while the robot moves']]),
  row('F16', 'The emergency stop is pressed, or released alone.', 'The line cuts the power in hardware; the controller releases in the same cycle and latches in two steps.', ['estopOpen'], ['controller/safety/supervisor.ts'],
    [[STEP, 'in %s releases the drives in the same cycle and latches in two steps'], [PHYSICS, 'by the E-stop takes the torque away and is reset in two steps']]),
  row('F17', 'Spasm, block, the patient pushes.', 'What the person adds to each joint is told from what is usual for him in that part of the stride. A leg that swings softens and gives way with the person, a leg that stands keeps its support; then the robot stops and waits for a person. No spring holds against him with more than a share of the interaction limit. Lost tracking, speed and range stop; the patient has a button.',
    ['spasmSuspected', 'spasmLasted', 'interactionTooStrong', 'trackingLost', 'overSpeed', 'pastPermittedRange', 'patientButton'], ['controller/safety/interaction.ts', 'controller/estimation/interaction-torque.ts', 'controller/therapy/soften.ts'],
    [['test/controller/robot/interaction-physics.test.ts', 'a push of %f Nm at %s in phase %f softens the leg that swings, then stops it until a person acknowledges'], ['test/controller/robot/interaction-physics.test.ts', 'a push of %f Nm at %s in phase %f leaves the leg that stands its support, and stops'], ['test/controller/safety/interaction.test.ts', 'a stronger push is never answered later or more mildly'], [CHECKS, 'a spasm is suspected'], [CHECKS, 'the interaction is too strong'], [CHECKS, 'the joint does not follow'], [PHYSICS, "by the patient's button holds the legs"], ['test/ui/safety-lab/safety-lab.test.ts', '%s ends in %s']], 'A push of 20 Nm by a patient who himself gives 15 Nm or more, never twice the same, is not told from him in time; nor is one in the first three strides of a new speed. The fault campaign’s numbers.'),
  row('F18', 'The disk is full or slow, the database locked.', 'The recorder is a thread of its own; a recording that fails holds and refuses arming; control goes on.', ['recorderFailed'], ['controller/robot/recorder.ts'],
    [[CHECKS, 'the recorder failed'], [STEP, 'smoothly when the recorder fails, and cannot be armed until it works'], ['test/controller/robot/recorder.test.ts', 'gives up a recording when the disk is full, keeps what is whole of it, and records again when there is space']]),
  row('F19', 'The wall clock jumps.', 'Control knows the monotonic clock only; time is an argument everywhere else.', [], ['hal/clock.ts'],
    [['test/architecture.test.ts', 'asks the machine for time or randomness only in the clock, the composition roots and the screens'], ['test/architecture.test.ts', 'keeps the platform out of the pure rooms']], 'No test sets the clock of a running robot.'),
  row('F20', 'A profile is corrupt or old, a limit lies outside the hardware, a patient has another’s limits.', 'Strict schema and cross-checks; the patient’s range must lie in the soft range; without a session nothing is armed.', ['sessionClosed', 'notPrepared', 'notConfirmed'], ['protocols/profile.ts', 'controller/safety/limits.ts', 'controller/robot/robot-step-fit.ts'],
    [['test/protocols/profile.test.ts', 'a misspelt key is named with its line'], ['test/controller/safety/limits.test.ts', 'are refused when a joint has no range'], [OPERATOR, 'must fit the robot and its own limits'], [CHECKS, 'no session was prepared'], [CHECKS, 'the robot was not prepared'], [CHECKS, 'not everything was confirmed'], [STEP, 'without confirmation of %s']], 'The seeded mutations of valid profiles; confirmation of patient and side.'),
  row('F21', 'Belt and legs part, the belt runs away, the support drops.', 'Belt and support pass an envelope of their own: start from rest, ramps, unloading without steps, locked unless somebody trains. A belt that is faster than told loses its enable; stepping and belt are compared; a drop locks the rope. Legs and belt then slow down in one phase.',
    ['treadmillSilent', 'treadmillFault', 'beltRunaway', 'treadmillDesync', 'stopRope', 'supportSilent', 'supportFault', 'supportDrop', 'supportUnlocked'], ['controller/safety/belt.ts', 'controller/safety/belt-watch.ts', 'controller/safety/support.ts', 'controller/safety/actuators.ts', 'controller/therapy/belt-pace.ts'],
    [[BELT, 'keeps its ramps and limits whatever is asked for, measured or going on'], ['test/controller/safety/belt-watch.test.ts', 'that follows its ramps with its usual lag neither runs away nor parts from the legs'], ['test/controller/safety/support.test.ts', 'never steps and never leaves its range while it is free, whatever is asked for'], [BELT_PHYSICS, 'that runs away is found within 100 ms, loses its power, and belt and legs stand within a second'], [BELT_PHYSICS, 'that is stuck is found within 100 ms, and the legs stand'], [BELT_PHYSICS, 'that drops is found within 100 ms and locked, and legs and belt stand within a second'], [CHECKS, 'the belt runs away'], [CHECKS, 'the unloading drops']],
    'The simulated body has no ground contact: what slipping feet do to the patient is not simulated.'),
  row('F22', 'Two faults at once.', 'The worst action wins; a worse finding never gives a milder action.', [], ['controller/safety/failsafe.ts'],
    [[FAILSAFE, 'lets the worst action win and names its cause and joint'], [FAILSAFE, 'never answers a worse finding with a milder action']], 'The campaign over all pairs.'),
];
