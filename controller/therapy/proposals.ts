/**
 * A proposal for the next session, from what this patient's own sessions show, by rules that can be read here: guidance as
 * low and unloading as little as the gait stays in the band of the reference, and then more speed. One of them at a time,
 * or nobody could tell which was too much: of guidance and unloading the one that is further from its aim goes first. A
 * stop for which the patient was the cause keeps everything as it is. The therapist decides; nothing is applied by itself.
 */
import type { Proposal, ProposalLine, ProposalReason, ProposalSubject } from '../../protocols/proposal.ts';
import { clamp } from '../../protocols/math.ts';
import { sides, type Cause, type Side } from '../../protocols/supervision.ts';
import type { TherapyLimits } from '../../protocols/therapy-limits.ts';
import { kmhToMps } from '../../protocols/units.ts';

/** Own values. */
const LEAST_STRIDES = 30; // of each leg: half a minute of walking or more
const IN_BAND = 0.95;
const OUT_OF_BAND = 0.85;
const GUIDANCE_STEP = 0.1;
const SPEED_STEP_MPS = kmhToMps(0.1);
/** Usual courses begin with 40 to 50 % of the body weight carried and end at 20 %, over some twelve sessions. */
const [UNLOADING_START, UNLOADING_AIM] = [0.5, 0.2];
const UNLOADING_STEP = (UNLOADING_START - UNLOADING_AIM) / 12;
/** Differences below are rounding. */
const SAME = 1e-6;

/** Stops that say something of the patient, not of the machine or the operator. */
export const patientCauses: readonly Cause[] = ['spasm', 'interactionTooStrong', 'trackingLost', 'positionOutOfRange', 'speedOutOfRange', 'patientButton'];

export interface PastSession {
  readonly sessionId: string;
  /** As last set. */
  readonly settings: { readonly speedMps: number; readonly guidance: Readonly<Record<Side, number>>; readonly unloadingKg: number | null };
  readonly strides: Readonly<Record<Side, number>>;
  /** Share of the gait cycle in which the mean lies within the reference's band; of hip and knee, whichever is worse. */
  readonly inBand: Readonly<Record<Side, number>>;
  readonly patientStops: number;
}

/** @param sessions of one patient on one robot, newest first */
export function proposeNext(patientId: string, bodyMassKg: number, limits: TherapyLimits, sessions: readonly PastSession[]): Proposal {
  const [last, before] = sessions;
  if (last === undefined) return { patientId, basedOn: [], lines: [] };
  const { unloadingKg } = last.settings;
  const weightFirst = unloadingKg !== null && worse(last.inBand) >= IN_BAND && carriedLeft(unloadingKg, bodyMassKg) > ledLeft(last);
  const lines = sides.map((side) => guidanceLine(last, side, weightFirst));
  if (unloadingKg !== null) lines.push(unloadingLine(last, unloadingKg, bodyMassKg, limits, weightFirst));
  const settled = lines.every(({ from, to }) => from === to);
  return { patientId, basedOn: sessions.slice(0, 2).map(({ sessionId }) => sessionId), lines: [...lines, speedLine(last, before, limits, settled)] };
}

const worse = (values: Readonly<Record<Side, number>>): number => Math.min(values.left, values.right);

/** How far each still is from its aim, as a share of the usual way. */
const ledLeft = ({ settings }: PastSession): number => Math.max(settings.guidance.left, settings.guidance.right);
const carriedLeft = (unloadingKg: number, bodyMassKg: number): number => (unloadingKg / bodyMassKg - UNLOADING_AIM) / (UNLOADING_START - UNLOADING_AIM);

function line(session: PastSession, subject: ProposalSubject, from: number, to: number, reason: ProposalReason, inBand = worse(session.inBand)): ProposalLine {
  return { subject, from, to, reason, inBand, strides: worse(session.strides), stops: session.patientStops };
}

/** Why nothing may be made harder or easier from this session; null: nothing stands against it. */
function reasonToStay({ strides, patientStops }: PastSession): ProposalReason | null {
  if (patientStops > 0) return 'stoppedForPatient';
  return worse(strides) < LEAST_STRIDES ? 'tooFewStrides' : null;
}

function guidanceLine(session: PastSession, side: Side, weightFirst: boolean): ProposalLine {
  const subject = side === 'left' ? 'guidanceLeft' : 'guidanceRight';
  const from = session.settings.guidance[side];
  const inBand = session.inBand[side];
  const toward = (to: number, reason: ProposalReason): ProposalLine => {
    const next = clamp(to, 0, 1);
    return Math.abs(next - from) < SAME ? line(session, subject, from, from, to < from ? 'atLeast' : 'atMost', inBand) : line(session, subject, from, next, reason, inBand);
  };
  const stays = reasonToStay(session);
  if (stays !== null) return line(session, subject, from, from, stays, inBand);
  if (weightFirst) return line(session, subject, from, from, 'weightFirst', inBand);
  if (inBand >= IN_BAND) return toward(from - GUIDANCE_STEP, 'inBand');
  return inBand < OUT_OF_BAND ? toward(from + GUIDANCE_STEP, 'outOfBand') : line(session, subject, from, from, 'nearBand', inBand);
}

function unloadingLine(session: PastSession, from: number, bodyMassKg: number, { unloadingKg }: TherapyLimits, weightFirst: boolean): ProposalLine {
  const stay = (reason: ProposalReason): ProposalLine => line(session, 'unloadingKg', from, from, reason);
  const stays = reasonToStay(session);
  if (stays !== null) return stay(stays);
  if (worse(session.inBand) < IN_BAND) return stay('gaitFirst');
  const aimKg = UNLOADING_AIM * bodyMassKg;
  if (from <= aimKg) return stay('weightAtAim');
  if (!weightFirst) return stay('guidanceFirst');
  const to = clamp(Math.max(aimKg, from - UNLOADING_STEP * bodyMassKg), unloadingKg?.min ?? 0, unloadingKg?.max ?? from);
  return line(session, 'unloadingKg', from, to, 'carriesMore');
}

/** @param settled guidance and unloading stay */
function speedLine(session: PastSession, before: PastSession | undefined, { speedMps }: TherapyLimits, settled: boolean): ProposalLine {
  const from = session.settings.speedMps;
  const stay = (reason: ProposalReason): ProposalLine => line(session, 'speedMps', from, from, reason);
  const stays = reasonToStay(session);
  if (stays !== null) return stay(stays);
  if (worse(session.inBand) < IN_BAND) return stay('gaitFirst');
  if (!settled) return stay('easierFirst');
  // Twice in a row, so that a good day alone is no reason.
  if (before === undefined || reasonToStay(before) !== null || worse(before.inBand) < IN_BAND) return stay('onceOnly');
  const to = Math.min(from + SPEED_STEP_MPS, speedMps.max);
  return to - from < SAME ? stay('atMost') : line(session, 'speedMps', from, to, 'walksWell');
}
