/**
 * What crosses a boundary as JSON: browser ⇄ station over the WebSocket, and station ⇄ controller over the pipe.
 * Strict: an unknown key or type is refused with `messageInvalid`.
 */
import { z } from 'zod/mini';
import { assessmentOrderSchema } from './assessment.ts';
import { walkEntrySchema } from './entered-walk.ts';
import { preparationNewsSchema } from './preparation.ts';
import { stopFiguresSchema } from './stop-figures.ts';
import { strideFiguresSchema } from './stride-figures.ts';
import { actions, causes, operatorCommands, supervisorStates } from './supervision.ts';
import { gameRecordSchema, MOST_TARGETS } from './game.ts';
import { sessionPlanSchema, trajectoryNameSchema } from './session-plan.ts';
import { trainingModes } from './training-mode.ts';
import { trajectorySchema } from './trajectory.ts';
import { triggerSchema } from './trigger.ts';

const finite = z.number().check(z.refine(Number.isFinite));
const count = z.int().check(z.nonnegative());
const shortText = z.string().check(z.maxLength(200));
const targets = z.int().check(z.minimum(1), z.maximum(MOST_TARGETS));
const id = z.string().check(z.minLength(1), z.maxLength(100));

export const gaitParametersSchema = z.strictObject({
  mode: z.optional(z.enum(trainingModes)),
  speedMps: finite,
  guidance: z.strictObject({ left: finite, right: finite }),
  romScale: z.array(finite).check(z.maxLength(32)),
  offsetRad: z.array(finite).check(z.maxLength(32)),
  timingShare: z.optional(z.array(finite).check(z.maxLength(32))),
  unloadingKg: z.optional(finite),
  springs: z.optional(z.strictObject({ upperArm: finite, forearm: finite })),
});

export const confirmedSchema = z.strictObject({ identity: z.boolean(), side: z.boolean(), consent: z.boolean(), geometry: z.boolean(), alarms: z.boolean() });

export const sessionSetupSchema = z.strictObject({
  patientRef: id,
  bodyMassKg: finite,
  heightM: finite,
  permittedRangeRad: z.array(z.strictObject({ min: finite, max: finite })).check(z.maxLength(32)),
  parameters: gaitParametersSchema,
  confirmed: z.optional(confirmedSchema),
  trajectory: z.optional(trajectorySchema),
  trigger: z.optional(triggerSchema),
  assessment: z.optional(assessmentOrderSchema),
});

export const sessionEventSchema = z.strictObject({
  atUs: finite,
  kind: z.enum(['parameter', 'state', 'lease', 'link', 'session', 'note', 'stop', 'game']),
  subject: shortText,
  oldValue: z.optional(shortText),
  newValue: z.optional(shortText),
  cause: z.optional(z.enum(causes)),
  actor: z.optional(shortText),
  reason: z.optional(shortText),
  stop: z.optional(stopFiguresSchema),
  game: z.optional(gameRecordSchema),
});

/** What was seen of the robot after a stop; `standing`: held at rest, `released`: the drives have let go. */
export const stopSeenSchema = z.strictObject({
  robot: z.enum(['standing', 'released']),
  state: z.enum(supervisorStates),
  cause: z.enum(causes),
  /** From the request until it was seen. */
  afterMs: finite,
});
export type StopSeen = z.infer<typeof stopSeenSchema>;

/** `patient`: the stop button in the patient's hand. */
export const virtualButtons = ['estop', 'patient'] as const;
export type VirtualButton = (typeof virtualButtons)[number];

// ---- browser → station ---------------------------------------------------------------------------------------------

/** Every request carries an id; the station answers each with `done` or `refused`. `stop` needs no lease. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('takeLease'), requestId: count, takeOver: z.boolean() }),
  /** Answers a `challenge`. */
  z.strictObject({ type: z.literal('renewLease'), epoch: count, sequence: count, challenge: count }),
  /** The button of a hold-to-run motion is pressed; sent every `HOLD_RENEW_MS`. */
  z.strictObject({ type: z.literal('hold'), epoch: count, sequence: count }),
  z.strictObject({ type: z.literal('endHold'), epoch: count }),
  /** The lift goes toward this height while the button is held. */
  z.strictObject({ type: z.literal('moveLift'), requestId: count, epoch: count, heightM: finite }),
  z.strictObject({ type: z.literal('releaseLease'), requestId: count, epoch: count }),
  /** `prepare` is taken only with `empty`: the person has seen that nobody is in the robot. */
  z.strictObject({ type: z.literal('command'), requestId: count, epoch: count, command: z.enum(operatorCommands), empty: z.optional(z.boolean()) }),
  z.strictObject({ type: z.literal('stop'), requestId: count }),
  z.strictObject({ type: z.literal('parameters'), requestId: count, epoch: count, parameters: gaitParametersSchema, reason: z.optional(shortText) }),
  z.strictObject({ type: z.literal('openSession'), requestId: count, epoch: count, patientId: id, permittedRangeRad: z.optional(z.array(z.strictObject({ min: finite, max: finite }))), confirmed: z.optional(confirmedSchema), plan: z.optional(sessionPlanSchema) }),
  /** Of the movement that was shown in a recorded session, so that a later one can replay it. */
  z.strictObject({ type: z.literal('makeTrajectory'), requestId: count, epoch: count, sessionId: id, name: trajectoryNameSchema }),
  /** A walk test over ground; moves nothing, so it needs no lease. */
  z.strictObject({ type: z.literal('enterWalk'), requestId: count, patientId: id, entry: walkEntrySchema }),
  /** A game of reaching begins, beside the open session of an arm that nothing moves. */
  z.strictObject({ type: z.literal('playGame'), requestId: count, epoch: count, targets }),
  z.strictObject({ type: z.literal('closeSession'), requestId: count, epoch: count, note: z.optional(z.string().check(z.maxLength(2000))) }),
  /** What a hand does to the hardware, where the hardware is simulated; refused where it is real. */
  z.strictObject({ type: z.literal('virtualHardware'), requestId: count, button: z.enum(virtualButtons), pressed: z.boolean() }),
  z.strictObject({ type: z.literal('ping'), sentMs: finite }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

// ---- station → browser ---------------------------------------------------------------------------------------------

export const stationStatusSchema = z.strictObject({
  controller: z.enum(['starting', 'running', 'lost']),
  simulated: z.boolean(),
  lease: z.nullable(z.strictObject({ epoch: count, clientId: id, since: shortText })),
  session: z.nullable(z.strictObject({ sessionId: id, patientId: id, startedAt: shortText, setup: sessionSetupSchema })),
  /** Self-test and homing of the empty robot, as far as its controller has told. */
  preparation: z.optional(preparationNewsSchema),
  /** Everything that keeps the robot from being armed now, as far as its controller has told. */
  blockers: z.optional(z.array(z.enum(causes))),
  /** The robot process ended in the middle of a session, with a patient in the robot; until somebody begins the next self-test. */
  interrupted: z.optional(z.literal(true)),
});
export type StationStatus = z.infer<typeof stationStatusSchema>;

export const serverMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('welcome'),
    clientId: id,
    stationVersion: shortText,
    /** The parsed robot profile, as in `protocols/profile.ts`. */
    profile: z.unknown(),
    /** Names in the order of the telemetry packet. */
    channels: z.array(z.strictObject({ name: z.string(), unit: z.string() })),
    status: stationStatusSchema,
  }),
  z.strictObject({ type: z.literal('status'), status: stationStatusSchema }),
  /** To the holder of the lease alone, which answers with `renewLease`. */
  z.strictObject({ type: z.literal('challenge'), epoch: count, challenge: count }),
  z.strictObject({ type: z.literal('event'), event: sessionEventSchema }),
  /** Of the open session; none is repeated. */
  z.strictObject({ type: z.literal('stride'), figures: strideFiguresSchema }),
  z.strictObject({ type: z.literal('done'), requestId: count, epoch: z.optional(count), sessionId: z.optional(id), seen: z.optional(stopSeenSchema) }),
  z.strictObject({ type: z.literal('refused'), requestId: count, code: z.string(), message: z.string() }),
  z.strictObject({ type: z.literal('pong'), sentMs: finite }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

// ---- station → controller ------------------------------------------------------------------------------------------

export const toControllerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lease'), epoch: count, sequence: count, challenge: count }),
  z.strictObject({ type: z.literal('hold'), epoch: count, sequence: count }),
  z.strictObject({ type: z.literal('endHold'), epoch: count }),
  z.strictObject({ type: z.literal('takeLease'), requestId: count, epoch: count }),
  z.strictObject({ type: z.literal('releaseLease'), epoch: count }),
  z.strictObject({ type: z.literal('command'), requestId: count, epoch: count, actor: shortText, command: z.enum(operatorCommands), empty: z.optional(z.boolean()) }),
  z.strictObject({ type: z.literal('moveLift'), requestId: count, epoch: count, actor: shortText, heightM: finite }),
  /** From anybody, at once. */
  z.strictObject({ type: z.literal('stop'), requestId: count, actor: shortText }),
  z.strictObject({ type: z.literal('parameters'), requestId: count, epoch: count, actor: shortText, reason: z.optional(shortText), parameters: gaitParametersSchema }),
  z.strictObject({ type: z.literal('openSession'), requestId: count, epoch: count, sessionId: id, logPath: z.string(), startedAt: shortText, actor: shortText, setup: sessionSetupSchema }),
  z.strictObject({ type: z.literal('playGame'), requestId: count, epoch: count, targets, seed: count }),
  z.strictObject({ type: z.literal('closeSession'), requestId: count }),
  z.strictObject({ type: z.literal('shutdown') }),
  /** For measuring: answered with `stats`, which counts since the last one that asked to start over. */
  z.strictObject({ type: z.literal('stats'), requestId: count, startOver: z.boolean() }),
]);
export type ToController = z.infer<typeof toControllerSchema>;

// ---- controller → station ------------------------------------------------------------------------------------------

const quantilesSchema = z.strictObject({ count, p50Us: finite, p99Us: finite, p999Us: finite, maxUs: finite });

export const loopStatsSchema = z.strictObject({
  durationUs: finite,
  ticks: count,
  /** Begun more than half a period late. */
  lateTicks: count,
  /** Deadlines that passed without a tick of their own. */
  missedTicks: count,
  lateness: quantilesSchema,
  /** From the arrival of the oldest input that a command rests on until the command is handed to the ports. */
  sensorToCommand: quantilesSchema,
  /** From handing over a command until the drive's answer to it is here. */
  commandToReply: quantilesSchema,
  /** From the start of a tick until its commands are handed over and its row is written. */
  compute: quantilesSchema,
  links: z.array(z.strictObject({ linkId: id, framesSent: count, framesReceived: count, bytesDiscarded: count, framesRefused: count })),
  /** Frames that the sensor hub has numbered; more than were received: some were lost on the way. */
  hubSequence: count,
  /** Rows that the recorder was too slow for, since the process started. */
  rowsLost: count,
  heapUsedBytes: count,
  rssBytes: count,
  cpuUs: count,
});
export type LoopStats = z.infer<typeof loopStatsSchema>;

export const fromControllerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), pid: count }),
  /** For the holder of the lease; each counts once, the newest and the one before. */
  z.strictObject({ type: z.literal('challenge'), epoch: count, challenge: count }),
  /** Sent on every change of the supervisor. */
  z.strictObject({ type: z.literal('state'), state: z.enum(supervisorStates), action: z.enum(actions), cause: z.enum(causes), readyBlocker: z.enum(causes) }),
  z.strictObject({ type: z.literal('preparation'), ...preparationNewsSchema.shape }),
  /** Everything that keeps the robot from being armed; sent on every change. */
  z.strictObject({ type: z.literal('readiness'), blockers: z.array(z.enum(causes)) }),
  z.strictObject({ type: z.literal('event'), event: sessionEventSchema }),
  z.strictObject({ type: z.literal('stride'), figures: strideFiguresSchema }),
  /** `seen`: the answer to a stop. */
  z.strictObject({ type: z.literal('done'), requestId: count, seen: z.optional(stopSeenSchema) }),
  z.strictObject({ type: z.literal('refused'), requestId: count, code: z.string(), message: z.string() }),
  z.strictObject({ type: z.literal('sessionClosed'), sessionId: id, sha256: z.string(), bytes: count, cycles: count }),
  /** A link's human-readable trouble: what happened and what to do. */
  z.strictObject({ type: z.literal('notice'), code: z.string(), message: z.string() }),
  z.strictObject({ type: z.literal('stats'), requestId: count, stats: loopStatsSchema }),
]);
export type FromController = z.infer<typeof fromControllerSchema>;
