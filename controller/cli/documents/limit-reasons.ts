/** Why each limit of a profile is there and what holds it; a limit without a reason does not compile. */
import { isFootplate, isGait, type FootplateProfile, type JointProfile, type RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';

type Ranged = 'mechanicalStopDeg' | 'hardRangeDeg' | 'softRangeDeg';
type Named = 'speedLimitDegPerSec' | 'accelerationLimitDegPerSec2' | 'jerkLimitDegPerSec3' | 'torqueLimitNm' | 'torqueRateUpNmPerSec' | 'torqueRateDownNmPerSec' | 'interactionLimitNm' | 'powerLimitW' | 'homePositionDeg' | 'stiffnessNmPerRad' | 'dampingNmsPerRad';
export type JointLimit = Extract<keyof JointProfile, Ranged | Named>;

export interface LimitReason {
  readonly name: string;
  readonly unit: string;
  readonly reason: string;
}

export const jointLimitReasons: Readonly<Record<JointLimit, LimitReason>> = {
  mechanicalStopDeg: { name: 'mechanical stop', unit: '°', reason: 'Where the device ends by itself. A reading more than 5° beyond it is impossible.' },
  hardRangeDeg: { name: 'hard range', unit: '°', reason: 'The joint must never be here under power: torque off after 8 ms. Inside the stop, so that the drive lets go before metal meets metal.' },
  softRangeDeg: { name: 'soft range', unit: '°', reason: 'The widest range that a patient may be given; set-points never leave the patient’s range, whose edge is a wall. The distance to the hard range is what the wall yields under a push.' },
  speedLimitDegPerSec: { name: 'speed', unit: '°/s', reason: 'Set-points move no faster; a quarter more, measured for 8 ms, stops. Above what the reference needs at the greatest walking speed, below what the drive can report.' },
  accelerationLimitDegPerSec2: { name: 'acceleration', unit: '°/s²', reason: 'What the drive really brakes with; from it follows how fast the joint may go towards the end of its range. A profile whose envelope would clip its own gait is refused.' },
  jerkLimitDegPerSec3: { name: 'jerk', unit: '°/s³', reason: 'How fast the braking builds up; part of the same braking distance.' },
  torqueLimitNm: { name: 'torque', unit: 'Nm', reason: 'Bounds the whole that the drive gives, feed-forward, stiffness and damping together. At most the drive’s peak torque. A patient who is stronger makes the joint yield.' },
  torqueRateUpNmPerSec: { name: 'torque rise', unit: 'Nm/s', reason: 'Torque never steps up, so a wrong command is not at once a strong one. After a release or a violation it begins at zero again.' },
  torqueRateDownNmPerSec: { name: 'torque fall', unit: 'Nm/s', reason: 'Torque goes away faster than it comes, so this is never below the rise.' },
  interactionLimitNm: { name: 'interaction', unit: 'Nm', reason: 'What limb and orthosis may push on each other, measured less modelled; beyond it the leg gives way and the robot stops. No spring holds against a person with more than three quarters of it walking, nine tenths in a stop. At most the torque limit. Own value: no standard gives one for contact through cuffs.' },
  powerLimitW: { name: 'power', unit: 'W', reason: 'What the joint may give to the limb or take from it, measured for 40 ms; beyond it the robot stops. Above what walking at the greatest speed needs, so that only working against each other reaches it.' },
  homePositionDeg: { name: 'home', unit: '°', reason: 'Where the joint stands while a patient is fitted; inside the soft range. Whether the drives can carry a standing patient is worked out in this posture.' },
  stiffnessNmPerRad: { name: 'stiffness', unit: 'Nm/rad', reason: 'Full guidance, and the stiffness of the wall. At most what the drive renders stably.' },
  dampingNmsPerRad: { name: 'damping', unit: 'Nms/rad', reason: 'Full guidance, the wall, and all that a joint gets whose sensors are not trusted. At most what the drive renders stably.' },
};

export interface RobotLimit {
  readonly name: string;
  /** null: this robot has nothing that it bounds. */
  readonly value: (profile: RobotProfile) => string | null;
  readonly reason: string;
}

const stopEnds =
  '`lower`: held for a second, then lowered into the harness and released. `hold`: held until a person acknowledges, then lowered. `brake`: the brakes close, and the drives let go once they are seen closed; else they hold on and say so. A cut of power releases at once, and closes such brakes.';

const belt = (shown: (treadmill: NonNullable<RobotProfile['treadmill']>) => string) => ({ treadmill }: RobotProfile): string => (treadmill === undefined ? 'no belt' : shown(treadmill));
const support = (shown: (unloading: NonNullable<RobotProfile['bodyWeightSupport']>) => string) => ({ bodyWeightSupport }: RobotProfile): string => (bodyWeightSupport === undefined ? 'no support' : shown(bodyWeightSupport));

const lift = (shown: (column: NonNullable<RobotProfile['armLift']>) => string) => ({ armLift }: RobotProfile): string | null => (armLift === undefined ? null : shown(armLift));

const plates = (shown: (therapy: FootplateProfile['therapy']) => string) => (profile: RobotProfile): string | null => (isFootplate(profile) ? shown(profile.therapy) : null);

/** One of both feet. */
function leads({ joints }: RobotProfile): string | null {
  const shown = joints.flatMap(({ kind, side, leadMPerRad }) => (leadMPerRad === undefined || side === 'right' ? [] : [`${kind}: 10° are ${(100 * leadMPerRad * degToRad(10)).toFixed(1)} cm, 10 Nm are ${(10 / leadMPerRad).toFixed(0)} N`]));
  return shown.length === 0 ? null : shown.join('; ');
}

export const robotLimits: readonly RobotLimit[] = [
  { name: 'control rate', value: ({ controlRateHz }) => `${controlRateHz} Hz`, reason: 'All per-cycle limits follow from it; three periods count as dead time in every braking distance.' },
  { name: 'age of an input', value: ({ watchdogs }) => `${watchdogs.inputMaxAgeMs} ms`, reason: 'A drive or the hub that is silent for longer stops the robot; some frames may be lost on the way.' },
  { name: 'lateness of a tick', value: ({ watchdogs, controlRateHz }) => `${watchdogs.overrunPeriods} periods = ${(watchdogs.overrunPeriods * 1000) / controlRateHz} ms`, reason: 'A later tick stops. Together with the age of an input it must stay below every drive’s own watchdog, or a profile is refused.' },
  { name: 'operator’s lease', value: ({ watchdogs }) => `${watchdogs.leaseMs} ms`, reason: 'Renewed every 500 ms by a page that is awake and shown; nobody at the controls stops the robot.' },
  { name: 'heartbeat to the hub', value: ({ hub }) => `${hub.heartbeatTimeoutMs} ms`, reason: 'Without it the hub opens the enable relay: the line of defence when the controller is gone.' },
  { name: 'end of a stop', value: ({ stop }) => stop.endsIn, reason: stopEnds },
  { name: 'stop time', value: ({ stop }) => `${stop.maxTimeMs} ms`, reason: 'A protective stop that is not seen to have ended by then is followed by torque off.' },
  { name: 'speed at rest', value: ({ stop }) => `${stop.restSpeedDegPerSec} °/s`, reason: 'Five times this is accepted after a stop, because a limb in its cuffs swings on a little.' },
  { name: 'drift after a stop', value: ({ stop }) => `${stop.restDriftDeg} °`, reason: 'A joint that the drive moves farther while it should stand is followed by torque off. The design asks for at most 0.05 rad.' },
  { name: 'homing', value: ({ homing }) => `${homing.speedDegPerSec} °/s, ${homing.torqueNm} Nm`, reason: 'All that a robot that is not at home may do, guards stay on; the torque bounds a recovery too, which leads no faster than 2 °/s. At most each joint’s own limits; enough to carry the empty orthosis.' },
  { name: 'belt speed', value: belt(({ speedMaxKmh }) => `at most ${speedMaxKmh} km/h`), reason: 'Not below the greatest walking speed; starts from rest only.' },
  { name: 'belt ramps', value: belt(({ startRampMps2, stopRampMps2 }) => `${startRampMps2} / ${stopRampMps2} m/s² up / down`), reason: 'Up at most 0.25 m/s², down 1 to 2: a person stumbles on a harder one, and held legs are dragged on a belt that stops more slowly than they do.' },
  { name: 'belt’s lag', value: belt(({ lagMs }) => `${lagMs} ms`), reason: 'How the belt follows its set-point, as measured at installation; what it is compared with.' },
  { name: 'belt too fast', value: belt(({ runawayToleranceMps }) => `by ${runawayToleranceMps} m/s`), reason: 'Beyond what it is told, for 12 ms: the belt loses its enable, and everything stops.' },
  { name: 'belt and steps apart', value: belt(({ syncToleranceMps }) => `by ${syncToleranceMps} m/s`), reason: 'For 40 ms: legs and belt slow down in one phase. Feet slip a little on a belt.' },
  { name: 'belt’s watchdog', value: belt(({ watchdogMs }) => `${watchdogMs} ms`), reason: 'The treadmill’s own: without set-points it stops. Longer than the age of an input.' },
  { name: 'unloading', value: support(({ initialKg, unloadingMaxKg }) => `${initialKg} kg at first, at most ${unloadingMaxKg} kg`), reason: 'What the support carries of the patient; with the rest the drives must be able to stand.' },
  { name: 'change of unloading', value: support(({ rateKgPerSec }) => `${rateKgPerSec} kg/s`), reason: 'More slowly than a person feels as a jerk; it never steps.' },
  { name: 'drop of unloading', value: support(({ dropKg }) => `${dropKg} kg`), reason: 'Less than told, or than a locked rope carried, by more than this for 20 ms: the rope is locked, and everything stops. Who swings in a locked rope may take as much from it as he stretched it by, fading within a second, and three quarters at most.' },
  { name: 'locking', value: support(({ lockMs }) => `${lockMs} ms`), reason: 'Until the brake of the rope must be seen closed.' },
  { name: 'support’s watchdog', value: support(({ watchdogMs }) => `${watchdogMs} ms`), reason: 'The support’s own: without set-points it locks. Longer than the age of an input.' },
  { name: 'lifting column', value: lift(({ heightM, speedMps, accelerationMps2 }) => `${heightM.min} … ${heightM.max} m at the shoulder, ${speedMps} m/s, ${accelerationMps2} m/s²`), reason: 'Our own values: seated persons of the heights below, slow enough to be followed by eye, at most 0.05 m/s and at rest within 1 cm. It moves only while its button is held and nothing is driven.' },
  { name: 'drift of the column', value: lift(({ driftM }) => `${driftM} m`), reason: 'Farther from where it stood, or should be, for 12 ms: a protective stop; a centimetre farther its power is cut.' },
  { name: 'column’s watchdog', value: lift(({ watchdogMs }) => `${watchdogMs} ms`), reason: 'The column’s own: without set-points it stops. Longer than the age of an input.' },
  { name: 'walking speed', value: (profile) => (profile.class === 'arm' ? null : `${profile.therapy.speedKmh.min} … ${profile.therapy.speedKmh.max} km/h`), reason: 'The envelope is checked against the gait reference up to the greatest one. While the robot moves it changes by a tenth of that at most.' },
  { name: 'hand’s speed', value: (profile) => (profile.class === 'arm' ? `${profile.therapy.handSpeedMps.min} … ${profile.therapy.handSpeedMps.max} m/s` : null), reason: 'The mean along its way; the envelope is checked against the exercise at the greatest one. While the robot moves it changes by a tenth of that at most.' },
  { name: 'lead of belt axes', value: leads, reason: 'What stands above as the angle and the torque of a drum is this way and this force at the foot.' },
  { name: 'step length', value: plates(({ stepLengthM, romScale }) => `${(stepLengthM * romScale.min).toFixed(2)} … ${(stepLengthM * romScale.max).toFixed(2)} m`), reason: 'By the scale of the fore-aft axes; never so long that a leg of this person would be stretched over the saddle at the end of its travel. Speed is step length × cadence / 60.' },
  { name: 'step height', value: plates(({ stepHeightM, romScale }) => `${(stepHeightM * romScale.min).toFixed(2)} … ${(stepHeightM * romScale.max).toFixed(2)} m`), reason: 'By the scale of the lift axes; lower where slope or stairs take of their travel.' },
  { name: 'stairs', value: plates(({ stairMostM, stairClearanceM }) => `as high as a step, at most ${stairMostM} m, ${stairClearanceM} m over their edges`), reason: 'Other ground comes within ten seconds, so that legs are not lifted by a whole stair at once. Down a stair the heel of the foot that is left behind rises, by at most 40°, so that no ankle is bent much further than 20°.' },
  { name: 'cadence', value: plates(({ cadenceMostPerMin, footAccelerationMps2 }) => `at most ${cadenceMostPerMin} strides/min, and ${footAccelerationMps2} m/s² at the foot`), reason: 'Long and high steps are slower: a foot is thrown no harder, and the envelope is checked against the steps at their fastest over every ground.' },
  { name: 'range-of-motion scale', value: ({ therapy: { romScale } }) => `${romScale.min} … ${romScale.max}`, reason: 'Of the published reference; the patient’s range clips it.' },
  { name: 'offset', value: ({ therapy: { offsetDeg } }) => `${offsetDeg.min} … ${offsetDeg.max} °`, reason: 'Added to the reference; the patient’s range clips it.' },
  { name: 'knee reference', value: (profile) => (isGait(profile) ? `at least ${profile.therapy.kneeReferenceMinDeg} °` : null), reason: 'So that tracking error does not meet the end of the range.' },
  { name: 'patient’s mass', value: ({ therapy: { patient } }) => `${patient.massKg.min} … ${patient.massKg.max} kg`, reason: 'What the device is meant for; entered per session.' },
  { name: 'patient’s height', value: ({ therapy: { patient } }) => `${patient.heightM.min} … ${patient.heightM.max} m`, reason: 'As above.' },
];
