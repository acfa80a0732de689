/** HTTP API of the station, all JSON, all GET unless noted. Times are ISO 8601 UTC. */
import { z } from 'zod/mini';
import { assessmentOutcomeSchema } from './assessment-outcome.ts';
import { stopFiguresSchema } from './stop-figures.ts';
import { strideFiguresSchema } from './stride-figures.ts';
import { trainingModes } from './training-mode.ts';

export const patientSchema = z.strictObject({
  id: z.string(),
  displayName: z.string(),
  birthDate: z.string(),
  recordNumber: z.string(),
  diagnosis: z.string(),
  sex: z.enum(['female', 'male', 'other']),
  heightM: z.number(),
  massKg: z.number(),
  /** Shipped with Dari to try it; never a real person. */
  demo: z.boolean(),
});
/** GET /api/patients → Patient[] */
export type Patient = z.infer<typeof patientSchema>;

export const sessionListItemSchema = z.strictObject({
  id: z.string(),
  patientId: z.string(),
  patientName: z.string(),
  profileId: z.string(),
  startedAt: z.string(),
  endedAt: z.nullable(z.string()),
  /** `recording`; `sealed`: closed in order; `recovered`: the file was cut and read up to its last chunk. */
  status: z.enum(['recording', 'sealed', 'recovered', 'lost']),
  steps: z.nullable(z.int()),
  distanceM: z.nullable(z.number()),
  durationSec: z.nullable(z.number()),
  simulated: z.boolean(),
});
/** GET /api/sessions?patientId= → SessionListItem[], newest first */
export type SessionListItem = z.infer<typeof sessionListItemSchema>;

const perJoint = z.strictObject({
  jointId: z.string(),
  strides: z.int(),
  romDeg: z.nullable(z.number()),
  peakDeg: z.nullable(z.number()),
  trackingRmsDeg: z.nullable(z.number()),
  positiveWorkJPerStride: z.nullable(z.number()),
  negativeWorkJPerStride: z.nullable(z.number()),
  netWorkJPerStride: z.nullable(z.number()),
  sparc: z.nullable(z.number()),
  ldlj: z.nullable(z.number()),
  /** What the patient does in the wanted direction, mean and standard deviation over the strides; absent in sessions of before it was measured. */
  stanceFeedbackNm: z.optional(z.nullable(z.number())),
  stanceFeedbackSdNm: z.optional(z.nullable(z.number())),
  swingFeedbackNm: z.optional(z.nullable(z.number())),
  swingFeedbackSdNm: z.optional(z.nullable(z.number())),
});

export const measuredStopSchema = z.strictObject({ atSec: z.number(), cause: z.nullable(z.string()), jointId: z.nullable(z.string()), ...stopFiguresSchema.shape });
export type MeasuredStop = z.infer<typeof measuredStopSchema>;

/** Of a joint that is only measured; null: it was never believed. */
const jointRangeSchema = z.strictObject({ jointId: z.string(), minDeg: z.nullable(z.number()), maxDeg: z.nullable(z.number()) });
export type JointRange = z.infer<typeof jointRangeSchema>;

/** What a person did with an arm that is only measured. */
export const reachMetricsSchema = z.strictObject({
  /** Movements of the hand that went somewhere. */
  reaches: z.int(),
  /** Time in which the hand moved, and its way then. */
  movingSec: z.number(),
  handPathM: z.number(),
  /** Of the hand from the shoulder; null: nothing was measured. */
  farthestM: z.nullable(z.number()),
  /** Forward, sideways, up. */
  spanM: z.nullable(z.array(z.number())),
  meanReachSec: z.nullable(z.number()),
  meanPeakMps: z.nullable(z.number()),
  /** Strongest grip; null: nothing is heard of the hand. */
  gripN: z.nullable(z.number()),
  /** Time in which a joint was not believed; it counts in nothing above. */
  distrustedSec: z.number(),
  joints: z.array(jointRangeSchema),
});
export type ReachMetrics = z.infer<typeof reachMetricsSchema>;

export const sessionMetricsSchema = z.strictObject({
  steps: z.int(),
  distanceM: z.number(),
  /** From session open to close. */
  durationSec: z.number(),
  /** Time in which the robot was armed, running or paused. */
  upTimeSec: z.number(),
  /** Time in which it walked. */
  walkTimeSec: z.number(),
  /** Time of strides in which the patient moved the robot; absent, as the next, in sessions of before it was measured. */
  activeTimeSec: z.optional(z.number()),
  /** Steps per minute of the session. */
  dosePerMin: z.optional(z.nullable(z.number())),
  cadenceStepsPerMin: z.nullable(z.number()),
  strideTimeSec: z.nullable(z.number()),
  meanSpeedMps: z.nullable(z.number()),
  /** Of each foot on footplates, measured; absent: the robot has none. */
  stepLengthLeftM: z.optional(z.nullable(z.number())),
  stepLengthRightM: z.optional(z.nullable(z.number())),
  meanGuidance: z.nullable(z.number()),
  /** As last set; absent in sessions of before this was kept. */
  settings: z.optional(z.strictObject({ mode: z.optional(z.enum(trainingModes)), speedMps: z.number(), guidance: z.strictObject({ left: z.number(), right: z.number() }), unloadingKg: z.nullable(z.number()) })),
  stops: z.int(),
  /** Those that were measured, in order; absent in sessions of before they were. */
  measuredStops: z.optional(z.array(measuredStopSchema)),
  joints: z.array(perJoint),
  /** Of a robot that measures some joints beside those that it drives. */
  sensedJoints: z.optional(z.array(jointRangeSchema)),
  /** Of a robot that only measures an arm. */
  reach: z.optional(reachMetricsSchema),
  /** Of a session that was an assessment and no training. */
  assessment: z.optional(assessmentOutcomeSchema),
  /** Of a session in which games were played. */
  games: z.optional(z.strictObject({ targets: z.int(), reached: z.int(), meanReachSec: z.nullable(z.number()), lastDifficulty: z.number() })),
});
export type SessionMetrics = z.infer<typeof sessionMetricsSchema>;
export type JointMetrics = z.infer<typeof perJoint>;

export const strideCurvesSchema = z.strictObject({
  jointId: z.string(),
  /** Reference over the gait cycle as last set, degrees, 101 points. */
  referenceDeg: z.array(z.number()),
  /** Between-subject SD of the published reference, degrees, 101 points. */
  referenceSdDeg: z.array(z.number()),
  meanDeg: z.array(z.number()),
  /** Up to 60 strides, evenly chosen, 101 points each. */
  stridesDeg: z.array(z.array(z.number())),
  strideCount: z.int(),
});
export type StrideCurves = z.infer<typeof strideCurvesSchema>;

export const timelineEventSchema = z.strictObject({
  atSec: z.number(),
  kind: z.string(),
  subject: z.string(),
  oldValue: z.nullable(z.string()),
  newValue: z.nullable(z.string()),
  cause: z.nullable(z.string()),
  actor: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  /** For `stop`: how it went. */
  stop: z.optional(stopFiguresSchema),
});
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

/** POST /api/stop → StopSeen of `messages.ts`; GET /api/stops → every measured stop, newest first. */
/** GET /api/sessions/:id */
export const sessionDetailSchema = z.strictObject({
  session: sessionListItemSchema,
  patient: patientSchema,
  note: z.string(),
  sha256: z.nullable(z.string()),
  metrics: z.nullable(sessionMetricsSchema),
  curves: z.array(strideCurvesSchema),
  events: z.array(timelineEventSchema),
});
export type SessionDetail = z.infer<typeof sessionDetailSchema>;

/** GET /api/sessions/:id/replay?rateHz=30: everything the 3D replay needs, columns of equal length. */
export const sessionReplaySchema = z.strictObject({
  profile: z.unknown(),
  bodyHeightM: z.number(),
  timeSec: z.array(z.number()),
  state: z.array(z.int()),
  /** Per joint of the profile: measured joint angle. */
  positionRad: z.array(z.array(z.number())),
  referenceRad: z.array(z.array(z.number())),
  torqueNm: z.array(z.array(z.number())),
  permittedRangeRad: z.array(z.strictObject({ min: z.number(), max: z.number() })),
  /** Of both legs, in the order in which they ended. */
  strides: z.array(strideFiguresSchema),
});
export type SessionReplay = z.infer<typeof sessionReplaySchema>;

/** Every error answer. */
export const apiErrorSchema = z.strictObject({ code: z.string(), message: z.string() });
