/** Reads sessions from the station. Every answer is checked against its schema; a failure says what to do. */
import { z } from 'zod/mini';
import {
  apiErrorSchema,
  sessionDetailSchema,
  sessionListItemSchema,
  sessionReplaySchema,
  type SessionDetail,
  type SessionListItem,
  type SessionReplay,
} from '../../protocols/api.ts';
import { knownAssessmentSchema, type KnownAssessment } from '../../protocols/assessment-outcome.ts';
import { enteredWalkSchema, type EnteredWalk } from '../../protocols/entered-walk.ts';
import { proposalSchema, type Proposal } from '../../protocols/proposal.ts';
import { knownTrajectorySchema, type KnownTrajectory } from '../../protocols/session-plan.ts';

/** Dense enough for smooth motion once interpolated, and a half-hour session stays within a few megabytes. */
const REPLAY_RATE_HZ = 30;

/** `server`: the station's own words; the others happen before it could say anything. */
export interface Failure {
  readonly kind: 'unreachable' | 'notUnderstood' | 'server';
  readonly code: string | null;
  readonly message: string | null;
}

export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

type Fetch = (url: string, init: { signal: AbortSignal; headers: Record<string, string> }) => Promise<Response>;

async function get<T>(url: string, schema: z.ZodMiniType<T>, abort: AbortSignal, fetch_: Fetch): Promise<Loaded<T>> {
  let status: number;
  let body: unknown;
  try {
    const response = await fetch_(url, { signal: abort, headers: { accept: 'application/json' } });
    status = response.status;
    body = await response.json().catch(() => undefined);
  } catch {
    return { ok: false, failure: { kind: 'unreachable', code: null, message: null } };
  }
  if (status >= 400) {
    const error = apiErrorSchema.safeParse(body);
    const { code, message } = error.success ? error.data : { code: `HTTP ${status}`, message: null };
    return { ok: false, failure: { kind: 'server', code, message } };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return { ok: false, failure: { kind: 'notUnderstood', code: where === '' ? null : where, message: null } };
}

const sessionUrl = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;
const browserFetch: Fetch = (url, init) => fetch(url, init);

export const loadSessions = (abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<SessionListItem[]>> =>
  get('/api/sessions', z.array(sessionListItemSchema), abort, fetch_);

export const loadSession = (id: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<SessionDetail>> =>
  get(sessionUrl(id), sessionDetailSchema, abort, fetch_);

export const loadProposal = (patientId: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<Proposal>> =>
  get(`/api/patients/${encodeURIComponent(patientId)}/proposal`, proposalSchema, abort, fetch_);

export const loadAssessments = (patientId: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<KnownAssessment[]>> =>
  get(`/api/patients/${encodeURIComponent(patientId)}/assessments`, z.array(knownAssessmentSchema), abort, fetch_);

export const loadEnteredWalks = (patientId: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<EnteredWalk[]>> =>
  get(`/api/patients/${encodeURIComponent(patientId)}/entered-walks`, z.array(enteredWalkSchema), abort, fetch_);

export const loadTrajectories = (patientId: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<KnownTrajectory[]>> =>
  get(`/api/patients/${encodeURIComponent(patientId)}/trajectories`, z.array(knownTrajectorySchema), abort, fetch_);

export const loadPatientSessions = (patientId: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<SessionListItem[]>> =>
  get(`/api/sessions?patientId=${encodeURIComponent(patientId)}`, z.array(sessionListItemSchema), abort, fetch_);

export const loadReplay = (id: string, abort: AbortSignal, fetch_: Fetch = browserFetch): Promise<Loaded<SessionReplay>> =>
  get(`${sessionUrl(id)}/replay?rateHz=${REPLAY_RATE_HZ}`, sessionReplaySchema, abort, fetch_);
