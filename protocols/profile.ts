/**
 * The robot profile: everything Dari knows of a device, as a strict schema. Unknown key = error, inverted or badly
 * nested limits = error (never repaired), no silent default for anything that a patient can feel. Angles stand in
 * degrees in the file, because people write it; `toRadRange` and friends convert at the point of use.
 */
import { z } from 'zod/mini';
import { checkActuators, checkLift, liftSchema, supportSchema, treadmillSchema } from './actuator-profile.ts';
import { armGeometrySchema, armKinds, armSpringsSchema, armTherapySchema, checkArm, type ArmKind } from './arm-profile.ts';
import { checkFootplates, plateGeometrySchema, plateKinds, plateTherapySchema, type PlateKind } from './footplate-profile.ts';
import { checkServo, driveSchema, linkProtocolOf, linkProtocols } from './drive-profile.ts';
import { sensedJointFields } from './sensed-joint.ts';
import { degToRad } from './units.ts';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const positive = finite.check(z.positive());
const nonNegative = finite.check(z.nonnegative());
const identifier = z.string().check(z.regex(/^[a-z][A-Za-z0-9-]*$/, 'letters, digits and dashes, starting with a small letter'));
const localized = z.strictObject({ en: z.string(), ko: z.string(), de: z.string() });
const rangeDeg = z.strictObject({ min: finite, max: finite });

/** Left heel, left forefoot, right heel, right forefoot. */
const FOOT_LOADS = 4;

/** From the trunk outward; each turns in the sagittal plane, flexion and dorsiflexion positive. */
export const legKinds = ['hip', 'knee', 'ankle'] as const;
export type LegKind = (typeof legKinds)[number];
/** Joints of a person; a robot's may be others. */
export type LimbKind = LegKind | ArmKind;
export type JointKind = LimbKind | PlateKind;

const jointStart = { id: identifier, name: localized };
const jointFields = {
  side: z.enum(['left', 'right']),
  /** mechanical stop ⊃ hard ⊃ soft */
  mechanicalStopDeg: rangeDeg,
  hardRangeDeg: rangeDeg,
  softRangeDeg: rangeDeg,
  speedLimitDegPerSec: positive,
  accelerationLimitDegPerSec2: positive,
  jerkLimitDegPerSec3: positive,
  torqueLimitNm: positive,
  torqueRateUpNmPerSec: positive,
  torqueRateDownNmPerSec: positive,
  /** Torque between limb and orthosis (measured less modelled) beyond which the limb is yielded to. */
  interactionLimitNm: positive,
  /** Mechanical power that the joint may give to the limb or take from it, W. */
  powerLimitW: positive,
  /** Where the joint stands while a patient is fitted; homing brings it there. */
  homePositionDeg: finite,
  /** Full guidance renders this impedance in the drive. */
  stiffnessNmPerRad: positive,
  dampingNmsPerRad: positive,
  /** Friction and reflected rotor inertia of the orthosis, as the controller's feed-forward knows them. */
  coulombFrictionNm: nonNegative,
  viscousFrictionNmsPerRad: nonNegative,
  rotorInertiaKgM2: nonNegative,
  /** Place in the sensor hub's frame. */
  hubChannel: z.int().check(z.nonnegative()),
  drive: driveSchema,
};
const legJointSchema = z.strictObject({ ...jointStart, kind: z.enum(legKinds), ...jointFields });
const armJointSchema = z.strictObject({ ...jointStart, kind: z.enum(armKinds), ...jointFields });
const armSensedSchema = z.strictObject({ ...jointStart, kind: z.enum(armKinds), ...sensedJointFields });
/** The lead of a belt's drum makes metres of its angle. */
const plateJointSchema = z.strictObject({ ...jointStart, kind: z.enum(plateKinds), leadMPerRad: z.optional(positive), ...jointFields });

const linkSchema = z.strictObject({
  id: identifier,
  protocol: z.enum(linkProtocols),
  baud: z.int().check(z.minimum(9_600)),
  /** How the SLCAN adapter acknowledges what it sends; hosts accept all, virtual adapters speak this one. */
  adapter: z.optional(z.enum(['lawicel', 'slcanpty', 'canable'])),
});

const groundSchema = z.strictObject({
  /** Where the load cells lie, of the foot's length behind and before the ankle. */
  heelBehindFraction: positive,
  forefootBeforeFraction: positive,
  /** Coefficient of friction between shoe and belt. */
  friction: positive,
  /** Harness and rope while the brake of the rope is closed. */
  harnessNPerM: positive,
  harnessNsPerM: nonNegative,
  /** Elastic straps that lift a forefoot which no drive moves, and the angle from which on they are slack. */
  footLifterNmPerRad: nonNegative,
  footLifterSlackDeg: finite,
});

const start = {
  schemaVersion: z.literal(1),
  id: identifier,
  name: localized,
  controlRateHz: z.int().check(z.minimum(50), z.maximum(1000)),
  links: z.array(linkSchema).check(z.minLength(1)),
};
const fields = {
  hub: z.strictObject({
    link: identifier,
    rateHz: positive,
    heartbeatTimeoutMs: positive,
    footLoads: z.int().check(z.nonnegative()),
    /** What this robot measures beside its joints; absent: it does not. */
    inputs: z.optional(
      z.strictObject({
        emg: z.optional(z.strictObject({ channels: z.int().check(z.minimum(1), z.maximum(16)), rateHz: z.int().check(z.minimum(100), z.maximum(4_000)) })),
        heartRate: z.optional(z.strictObject({ rateHz: positive })),
        /** Force of the hand around the handle of an arm. */
        grip: z.optional(z.strictObject({ rateHz: positive })),
        treadmill: z.optional(z.strictObject({ rateHz: positive })),
        bodyWeightSupport: z.optional(z.strictObject({ rateHz: positive })),
        armLift: z.optional(z.strictObject({ rateHz: positive })),
      }),
    ),
  }),
  /** What it drives beside its joints; absent: it does not. */
  treadmill: z.optional(treadmillSchema),
  bodyWeightSupport: z.optional(supportSchema),
  armLift: z.optional(liftSchema),
  watchdogs: z.strictObject({
    /** A drive or the hub silent for longer stops the robot. */
    inputMaxAgeMs: positive,
    /** Operator lease not renewed for longer stops the robot. */
    leaseMs: positive,
    /** Tick later than this many periods stops the robot. */
    overrunPeriods: positive,
  }),
  stop: z.strictObject({
    maxTimeMs: positive,
    restSpeedDegPerSec: positive,
    /** A joint at rest after a stop may drift this far. */
    restDriftDeg: positive,
    /** What follows a protective stop: hold on until a person acknowledges; lower the patient and release; or close the brakes and release. */
    endsIn: z.enum(['hold', 'lower', 'brake']),
  }),
  /** While not homed, in every mode. */
  homing: z.strictObject({ speedDegPerSec: positive, torqueNm: positive }),
};

const segmentSchema = z.strictObject({
  massKg: positive,
  /** Centre of mass from the proximal joint, of the segment's length. */
  comFraction: positive,
  /** About the centre of mass. */
  inertiaKgM2: positive,
});

/** A robot that moves two legs. Profiles from before there were others do not name their class. */
const gaitSchema = z.strictObject({
  ...start,
  class: z.optional(z.literal('gait')),
  joints: z.array(legJointSchema).check(z.minLength(1)),
  ...fields,
  geometry: z.strictObject({
    /** Segment lengths of body height (Winter): used when a patient's own are not entered. */
    thighFraction: positive,
    shankFraction: positive,
    footLengthFraction: positive,
    hipHeightM: positive,
    hipSpacingM: positive,
    orthosisOffsetM: positive,
    orthosisThigh: segmentSchema,
    orthosisShank: segmentSchema,
    /** Of a robot that moves ankles: its length is that of the foot, its centre of mass lies so far in front of the ankle. */
    orthosisFoot: z.optional(segmentSchema),
    /** Cuff stiffness between limb and orthosis. */
    cuffStiffnessNPerM: positive,
    cuffDampingNsPerM: positive,
    /** His feet stand on the belts; absent: they swing free. Friction, harness and foot lifter are the simulated patient's. */
    ground: z.optional(groundSchema),
  }),
  therapy: z.strictObject({
    speedKmh: z.strictObject({ min: positive, max: positive, initial: positive }),
    guidance: z.strictObject({ initial: nonNegative }),
    romScale: z.strictObject({ min: positive, max: positive }),
    offsetDeg: z.strictObject({ min: finite, max: finite }),
    softStartSec: positive,
    softStopSec: positive,
    /** The knee reference never goes below this, so that tracking error does not meet the end of range. */
    kneeReferenceMinDeg: finite,
    patient: z.strictObject({ massKg: z.strictObject({ min: positive, max: positive }), heightM: z.strictObject({ min: positive, max: positive }) }),
  }),
});

/** A robot around one arm, or around both: it moves them, or measures one only. */
const armSchema = z.strictObject({
  ...start,
  class: z.literal('arm'),
  joints: z.array(armJointSchema),
  sensedJoints: z.optional(z.array(armSensedSchema).check(z.minLength(1))),
  ...fields,
  springs: z.optional(armSpringsSchema),
  geometry: armGeometrySchema,
  therapy: armTherapySchema,
});

/** A robot that moves two feet on plates, under who sits on its saddle. */
const footplateSchema = z.strictObject({
  ...start,
  class: z.literal('footplate'),
  joints: z.array(plateJointSchema).check(z.length(2 * plateKinds.length)),
  ...fields,
  geometry: plateGeometrySchema,
  therapy: plateTherapySchema,
});

export const profileSchema = z.discriminatedUnion('class', [gaitSchema, armSchema, footplateSchema]);

export type GaitProfile = z.infer<typeof gaitSchema>;
export type ArmProfile = z.infer<typeof armSchema>;
export type FootplateProfile = z.infer<typeof footplateSchema>;
export type LegJoint = GaitProfile['joints'][number];
export type ArmJoint = ArmProfile['joints'][number];
/** Of whatever class. */
export type SensedJoint = Omit<z.infer<typeof armSensedSchema>, 'kind'> & { kind: JointKind };
export type PlateJoint = FootplateProfile['joints'][number];
/** What all of them have in common; who needs the class asks for it. */
export type JointProfile = Omit<PlateJoint, 'kind'> & { kind: JointKind };
type OfAnyKind<P extends GaitProfile | ArmProfile | FootplateProfile> = Omit<P, 'joints'> & { joints: JointProfile[] };
export type RobotProfile = OfAnyKind<GaitProfile> | OfAnyKind<ArmProfile> | OfAnyKind<FootplateProfile>;

/**
 * The schema lets joints of no other kind into a class. Where their kinds do not matter, asking for `class` is enough.
 */
export const isGait = (profile: RobotProfile): profile is GaitProfile => profile.class === undefined || profile.class === 'gait';
export const isArm = (profile: RobotProfile): profile is ArmProfile => profile.class === 'arm';
export const isFootplate = (profile: RobotProfile): profile is FootplateProfile => profile.class === 'footplate';

const NO_SENSED: readonly SensedJoint[] = [];
/** What it measures and never moves, in the order of the profile; their numbers are not those of its driven joints. */
export const sensedJointsOf = (profile: RobotProfile): readonly SensedJoint[] => ('sensedJoints' in profile ? (profile.sensedJoints ?? NO_SENSED) : NO_SENSED);

export type AnyJoint = JointProfile | SensedJoint;
export type ArmChainJoint = ArmJoint | NonNullable<ArmProfile['sensedJoints']>[number];
/** As causes, bodies and faults number them: driven joints first, then those that are only measured. */
export const allJointsOf = (profile: RobotProfile): readonly AnyJoint[] => [...profile.joints, ...sensedJointsOf(profile)];
/** Of an arm's class, numbered the same way. */
export const armJointsOf = ({ joints, sensedJoints = [] }: ArmProfile): readonly ArmChainJoint[] => [...joints, ...sensedJoints];
export const jointAt = (profile: RobotProfile, index: number): AnyJoint | undefined => profile.joints[index] ?? sensedJointsOf(profile)[index - profile.joints.length];

/** The link of the drive that moves it, or of the servo or hub that reads it. */
export const linkOf = ({ hub }: RobotProfile, joint: AnyJoint): string => ('drive' in joint ? joint.drive.link : joint.reading.by === 'servo' ? joint.reading.servo.link : hub.link);

/** It has something that could move a person. */
export const isDriven = ({ joints }: RobotProfile): boolean => joints.length > 0;

/** Joint places in a frame of its sensor hub, driven and sensed. */
export const hubChannelsOf = (profile: RobotProfile): number =>
  1 + Math.max(-1, ...profile.joints.map(({ hubChannel }) => hubChannel), ...sensedJointsOf(profile).map(({ reading }) => (reading.by === 'hub' ? reading.hubChannel : -1)));

export type LinkProfile = RobotProfile['links'][number];

export interface RangeRad {
  readonly min: number;
  readonly max: number;
}

export const toRangeRad = (range: { min: number; max: number }): RangeRad => ({
  min: degToRad(range.min),
  max: degToRad(range.max),
});

export interface ProfileIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Checks across fields, after the shape is right: nesting, references, uniqueness, hardware limits. */
export function crossCheckProfile(profile: RobotProfile): ProfileIssue[] {
  const issues: ProfileIssue[] = [];
  const linkIds = new Set(profile.links.map((link) => link.id));
  const unique = (values: readonly (string | number)[], path: string, what: string): void => {
    values.forEach((value, index) => {
      if (values.indexOf(value) !== index) issues.push({ path: [path, index], message: `${what} ${value} is used twice` });
    });
  };
  unique(profile.links.map((link) => link.id), 'links', 'link id');
  unique(profile.joints.map((joint) => joint.id), 'joints', 'joint id');
  unique(profile.joints.map((joint) => joint.hubChannel), 'joints', 'hubChannel');
  unique(profile.joints.map((joint) => placeOf(joint.drive)), 'joints', 'drive');
  issues.push(...checkSensed(profile));
  if (!linkIds.has(profile.hub.link)) issues.push({ path: ['hub', 'link'], message: `no link is called "${profile.hub.link}"` });
  profile.joints.forEach((joint, index) => issues.push(...checkJoint(joint, index, linkIds, profile), ...checkWatchdog(joint, index, profile)));
  const { romScale, offsetDeg, guidance } = profile.therapy;
  if (!(romScale.min <= 1 && romScale.max >= 1)) issues.push({ path: ['therapy', 'romScale'], message: 'must contain 1' });
  if (!(offsetDeg.min <= 0 && offsetDeg.max >= 0)) issues.push({ path: ['therapy', 'offsetDeg'], message: 'must contain 0' });
  if (guidance.initial > 1) issues.push({ path: ['therapy', 'guidance', 'initial'], message: 'must be 0 … 1' });
  if (isGait(profile)) issues.push(...checkLegs(profile), ...checkGround(profile), ...checkActuators(profile));
  if (isArm(profile)) issues.push(...checkArm(profile), ...checkLift(profile));
  if (isFootplate(profile)) issues.push(...checkFootplates(profile), ...checkActuators(profile));
  return issues;
}

const placeOf = ({ link, address }: { readonly link: string; readonly address: number }): string => `${link}#${address}`;
const nested = (outer: { min: number; max: number }, inner: { min: number; max: number }): boolean => outer.min < inner.min && inner.max < outer.max;

/** Each is itself, sits somewhere of its own, and has a range to be used. */
function checkSensed(profile: RobotProfile): ProfileIssue[] {
  const issues: ProfileIssue[] = [];
  const ids = new Set(profile.joints.map(({ id }) => id));
  const channels = new Set(profile.joints.map(({ hubChannel }) => hubChannel));
  const places = new Set(profile.joints.map(({ drive }) => placeOf(drive)));
  sensedJointsOf(profile).forEach(({ id, reading, softRangeDeg, mechanicalStopDeg, homePositionDeg, speedLimitDegPerSec }, index) => {
    const report = (key: string, message: string): void => void issues.push({ path: ['sensedJoints', index, key], message: `${id}: ${message}` });
    const once = <T>(seen: Set<T>, value: T, key: string, what: string): void => {
      if (seen.has(value)) report(key, `${what} ${String(value)} is used twice`);
      seen.add(value);
    };
    once(ids, id, 'id', 'joint id');
    if (reading.by === 'hub') once(channels, reading.hubChannel, 'reading', 'hubChannel');
    else {
      once(places, placeOf(reading.servo), 'reading', 'servo');
      for (const message of checkServo(reading.servo, mechanicalStopDeg, speedLimitDegPerSec, profile)) report('reading', message);
      const atStopsDeg = [mechanicalStopDeg.min, mechanicalStopDeg.max].map((deg) => reading.servo.direction * (deg - reading.servo.zeroOffsetDeg));
      if (!atStopsDeg.every((deg) => deg >= 0 && deg < 360)) report('reading', "the servo's encoder knows one turn after power, 0 … 360°: zeroOffsetDeg must keep mechanicalStopDeg within it");
      const link = profile.links.find(({ id: linkId }) => linkId === reading.servo.link);
      if (link?.protocol !== 'dynamixel2') report('reading', link === undefined ? `no link is called "${reading.servo.link}"` : `link "${link.id}" does not speak dynamixel2`);
    }
    if (softRangeDeg.min >= softRangeDeg.max) report('softRangeDeg', 'min must be below max');
    if (!nested(mechanicalStopDeg, softRangeDeg)) report('softRangeDeg', 'must lie inside mechanicalStopDeg');
    if (!(homePositionDeg > softRangeDeg.min && homePositionDeg < softRangeDeg.max)) report('homePositionDeg', 'must lie inside softRangeDeg');
  });
  return issues;
}

/** A leg is a chain: what moves an ankle moves hip and knee of the same side too, and has a foot to move. */
function checkLegs({ joints, geometry, therapy: { speedKmh } }: GaitProfile): ProfileIssue[] {
  const issues: ProfileIssue[] = [];
  if (!(speedKmh.min <= speedKmh.initial && speedKmh.initial <= speedKmh.max)) issues.push({ path: ['therapy', 'speedKmh'], message: 'needs min ≤ initial ≤ max' });
  joints.forEach(({ kind, side }, index) => {
    if (joints.findIndex((other) => other.kind === kind && other.side === side) !== index) issues.push({ path: ['joints', index, 'kind'], message: `there are two of kind ${kind} on the ${side}` });
    if (kind !== 'ankle') return;
    if (geometry.orthosisFoot === undefined) issues.push({ path: ['geometry'], message: 'orthosisFoot is needed: this robot moves ankles' });
    for (const needed of ['hip', 'knee'] as const)
      if (!joints.some((other) => other.kind === needed && other.side === side)) issues.push({ path: ['joints', index, 'kind'], message: `an ankle on the ${side} needs a ${needed} there` });
  });
  return issues;
}

/** Who stands on a belt is carried beside it, and seen by a load cell under each heel and each forefoot. */
function checkGround({ geometry, treadmill, bodyWeightSupport, hub }: GaitProfile): ProfileIssue[] {
  if (geometry.ground === undefined) return [];
  const issues: ProfileIssue[] = [];
  const report = (message: string): void => void issues.push({ path: ['geometry', 'ground'], message });
  if (treadmill === undefined || bodyWeightSupport === undefined) report('needs treadmill and bodyWeightSupport');
  if (hub.footLoads !== FOOT_LOADS) report(`hub.footLoads must be ${FOOT_LOADS}: heel and forefoot, left and right`);
  return issues;
}

function checkJoint(joint: JointProfile, index: number, linkIds: ReadonlySet<string>, profile: RobotProfile): ProfileIssue[] {
  const issues: ProfileIssue[] = [];
  const report = (key: string, message: string): void => {
    issues.push({ path: ['joints', index, key], message: `${joint.id}: ${message}` });
  };
  if (joint.softRangeDeg.min >= joint.softRangeDeg.max) report('softRangeDeg', 'min must be below max');
  if (!nested(joint.hardRangeDeg, joint.softRangeDeg)) report('softRangeDeg', 'must lie inside hardRangeDeg');
  if (!nested(joint.mechanicalStopDeg, joint.hardRangeDeg)) report('hardRangeDeg', 'must lie inside mechanicalStopDeg');
  const { drive } = joint;
  if (!linkIds.has(drive.link)) report('drive', `no link is called "${drive.link}"`);
  if (profile.links.find((link) => link.id === drive.link)?.protocol !== linkProtocolOf(drive)) report('drive', `link "${drive.link}" does not speak ${linkProtocolOf(drive)}`);
  if (drive.peakTorqueNm > drive.torqueRangeNm) report('drive', 'peakTorqueNm is beyond what the frame can carry (torqueRangeNm)');
  if (drive.continuousTorqueNm > drive.peakTorqueNm) report('drive', 'continuousTorqueNm must not exceed peakTorqueNm');
  if (joint.torqueLimitNm > drive.peakTorqueNm) report('torqueLimitNm', "must not exceed the drive's peakTorqueNm");
  if (degToRad(joint.speedLimitDegPerSec) > drive.velocityRangeRadPerSec) report('speedLimitDegPerSec', 'is beyond what the drive can report (velocityRangeRadPerSec)');
  if (joint.stiffnessNmPerRad > drive.stiffnessMaxNmPerRad) report('stiffnessNmPerRad', "must not exceed the drive's stiffnessMaxNmPerRad");
  if (joint.dampingNmsPerRad > drive.dampingMaxNmsPerRad) report('dampingNmsPerRad', "must not exceed the drive's dampingMaxNmsPerRad");
  if (drive.tempWarnC >= drive.tempLimitC) report('drive', 'tempWarnC must be below tempLimitC');
  const reachDeg = Math.max(Math.abs(joint.mechanicalStopDeg.min), Math.abs(joint.mechanicalStopDeg.max)) + Math.abs(drive.zeroOffsetDeg);
  if (degToRad(reachDeg) > drive.positionRangeRad) report('drive', 'positionRangeRad does not cover the mechanical range');
  if (joint.interactionLimitNm > joint.torqueLimitNm) report('interactionLimitNm', 'must not exceed torqueLimitNm');
  if (!(joint.homePositionDeg > joint.softRangeDeg.min && joint.homePositionDeg < joint.softRangeDeg.max)) report('homePositionDeg', 'must lie inside softRangeDeg');
  if (profile.homing.torqueNm > joint.torqueLimitNm) report('torqueLimitNm', 'homing.torqueNm must not exceed it');
  if (profile.homing.speedDegPerSec > joint.speedLimitDegPerSec) report('speedLimitDegPerSec', 'homing.speedDegPerSec must not exceed it');
  if (joint.torqueRateDownNmPerSec < joint.torqueRateUpNmPerSec) report('torqueRateDownNmPerSec', 'must not be slower than torqueRateUpNmPerSec');
  return issues;
}

/** A drive must not let go of a patient while the host still takes its own delay for harmless; and the relay must not be later than said. */
function checkWatchdog({ id, drive }: JointProfile, index: number, { watchdogs, hub, controlRateHz }: RobotProfile): ProfileIssue[] {
  const path = ['joints', index, 'drive'];
  const periodMs = 1_000 / controlRateHz;
  const noticedMs = watchdogs.inputMaxAgeMs + periodMs;
  const toleratedMs = watchdogs.inputMaxAgeMs + watchdogs.overrunPeriods * periodMs;
  if (drive.watchdog !== 'hubRelay') {
    if (drive.watchdogMs > toleratedMs) return [];
    return [{ path, message: `${id}: watchdogMs ${drive.watchdogMs} must be longer than what the host tolerates, inputMaxAgeMs + overrunPeriods (${toleratedMs} ms)` }];
  }
  const releasedMs = noticedMs + hub.heartbeatTimeoutMs;
  if (drive.watchdogMs >= releasedMs) return [];
  return [{ path, message: `${id}: watchdogMs ${drive.watchdogMs} promises more than the relay can do: inputMaxAgeMs + a period + heartbeatTimeoutMs (${releasedMs} ms)` }];
}
