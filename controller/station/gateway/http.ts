/** The page, the read side of the API, and the one thing that anybody may do without the socket: stop the robot. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { SessionReplay } from '../../../protocols/api.ts';
import type { Proposal } from '../../../protocols/proposal.ts';
import type { KnownTrajectory } from '../../../protocols/session-plan.ts';
import { DariError, type ErrorCode } from '../../../protocols/errors.ts';
import type { StopSeen } from '../../../protocols/messages.ts';
import type { RecordStore } from '../records/store.ts';
import { isLoopbackHost, isOwnOrigin } from './loopback.ts';
import type { StaticPage } from './static-page.ts';

export interface HttpContext {
  readonly page: StaticPage;
  readonly store: Pick<RecordStore, 'assessments' | 'enteredWalks' | 'patients' | 'sessions' | 'sessionDetail' | 'stops'>;
  health(): Readonly<Record<string, unknown>>;
  /** @throws DariError `sessionUnknown`, `logUnreadable` */
  replay(sessionId: string, rateHz: number): Promise<SessionReplay>;
  /** @throws DariError `patientUnknown` */
  proposal(patientId: string): Promise<Proposal>;
  trajectories(patientId: string): Promise<KnownTrajectory[]>;
  /** @returns what was seen of the robot. @throws DariError `stopUnconfirmed`, `controllerFailed` */
  stopRobot(): Promise<StopSeen>;
  onFailure(error: unknown): void;
}

const REPLAY_RATE_HZ = { initial: 30, min: 1, max: 250 };

export function createHttpApp(context: HttpContext): Hono {
  const app = new Hono();
  app.use(guard);
  app.get('/healthz', (c) => c.json(context.health(), 200, NO_STORE));
  app.get('/api/patients', async (c) => c.json(await context.store.patients(), 200, NO_STORE));
  app.get('/api/patients/:id/proposal', async (c) => c.json(await context.proposal(c.req.param('id')), 200, NO_STORE));
  app.get('/api/patients/:id/trajectories', async (c) => c.json(await context.trajectories(c.req.param('id')), 200, NO_STORE));
  app.get('/api/patients/:id/assessments', async (c) => c.json(await context.store.assessments(c.req.param('id')), 200, NO_STORE));
  app.get('/api/patients/:id/entered-walks', async (c) => c.json(await context.store.enteredWalks(c.req.param('id')), 200, NO_STORE));
  app.get('/api/sessions', async (c) => c.json(await context.store.sessions(c.req.query('patientId')), 200, NO_STORE));
  app.get('/api/stops', async (c) => c.json(await context.store.stops(), 200, NO_STORE));
  app.post(STOP_PATH, async (c) => c.json(await context.stopRobot(), 200, NO_STORE));
  app.get('/api/sessions/:id', async (c) => {
    const detail = await context.store.sessionDetail(c.req.param('id'));
    if (detail === null) throw new DariError('sessionUnknown', `There is no session "${c.req.param('id')}". Choose one from the list of sessions.`);
    return c.json(detail, 200, NO_STORE);
  });
  app.get('/api/sessions/:id/replay', async (c) => c.json(await context.replay(c.req.param('id'), replayRateHz(c.req.query('rateHz'))), 200, NO_STORE));
  app.get('*', (c) => servePage(c, context.page));
  app.notFound((c) => failure(c, 404, 'notFound', `There is nothing at ${c.req.path}.`));
  app.onError((error, c) => {
    if (error instanceof DariError) return failure(c, statusOf[error.code] ?? 500, error.code, error.message);
    context.onFailure(error);
    return failure(c, 500, 'internal', 'The station could not answer. See its log, and try again.');
  });
  return app;
}

/** From anybody who reaches the station, without login or lease. */
const STOP_PATH = '/api/stop';
const NO_STORE = { 'Cache-Control': 'no-store' };

const statusOf: Readonly<Partial<Record<ErrorCode, ContentfulStatusCode>>> = {
  sessionUnknown: 404,
  patientUnknown: 404,
  logUnreadable: 404,
  messageInvalid: 400,
  diskFull: 507,
  stopUnconfirmed: 504,
  controllerFailed: 503,
};

/** Refuses foreign hosts and origins and everything that is not a read, and puts the security headers on each answer. */
const guard: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host');
  const origin = c.req.header('origin');
  if (!isLoopbackHost(host)) return failure(c, 403, 'originRefused', 'The station answers to its loopback address only. Open the address that dari start printed.');
  if (origin !== undefined && !isOwnOrigin(origin, host)) return failure(c, 403, 'originRefused', 'Another web site asked for this. Open the address that dari start printed.');
  const stops = c.req.method === 'POST' && c.req.path === STOP_PATH;
  if (!stops && c.req.method !== 'GET' && c.req.method !== 'HEAD')
    return failure(c, 405, 'methodNotAllowed', `Only GET is answered here, and POST ${STOP_PATH}; the robot is driven through the WebSocket.`, { Allow: 'GET, HEAD' });
  await next();
  for (const [name, value] of securityHeaders(host)) c.res.headers.set(name, value);
  return undefined;
};

function securityHeaders(host: string): [string, string][] {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'connect-src': `'self' ws://${host}`,
    'worker-src': "'self' blob:",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return [
    ['Content-Security-Policy', Object.entries(policy).map(([name, value]) => `${name} ${value}`).join('; ')],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Permissions-Policy', 'camera=(), microphone=(), geolocation=()'],
  ];
}

function servePage(c: Context, page: StaticPage): Response | Promise<Response> {
  const file = page.get(c.req.path);
  if (file === undefined) return c.notFound();
  const headers = { 'Cache-Control': file.cacheControl, ETag: file.etag };
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
  return c.body(file.body, 200, { ...headers, 'Content-Type': file.contentType, 'Content-Length': String(file.body.length) });
}

function replayRateHz(text: string | undefined): number {
  if (text === undefined) return REPLAY_RATE_HZ.initial;
  const rateHz = Number(text);
  if (rateHz >= REPLAY_RATE_HZ.min && rateHz <= REPLAY_RATE_HZ.max) return rateHz;
  throw new DariError('messageInvalid', `rateHz takes a number from ${REPLAY_RATE_HZ.min} to ${REPLAY_RATE_HZ.max}, not "${text}".`);
}

const failure = (c: Context, status: ContentfulStatusCode, code: string, message: string, headers: Record<string, string> = {}): Response =>
  c.json({ code, message }, status, { ...NO_STORE, ...headers });
