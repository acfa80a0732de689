/** What a session file says about itself before its first cycle: enough to replay it on any machine. */
import { z } from 'zod/mini';
import { DariError } from '../../protocols/errors.ts';
import { sessionSetupSchema } from '../../protocols/messages.ts';
import { crossCheckProfile, profileSchema, type RobotProfile } from '../../protocols/profile.ts';
import { SESSION_LOG_VERSION } from '../../protocols/session-log.ts';
import { causes, type Cause, type SessionSetup } from '../../protocols/supervision.ts';

export interface SessionHeader {
  readonly version: number;
  readonly sessionId: string;
  readonly profile: RobotProfile;
  readonly setup: SessionSetup;
  /** Stop cause that stood when the session was opened. */
  readonly latched: Cause;
  readonly mode: 'lockstep' | 'live';
  /** Of the simulated run; null for a real robot. */
  readonly seed: number | null;
  /** ISO 8601 UTC; null in lock-step, where no wall time exists. */
  readonly startedAt: string | null;
  readonly simulated: boolean;
}

const headerSchema = z.strictObject({
  version: z.literal(SESSION_LOG_VERSION),
  sessionId: z.string(),
  profile: profileSchema,
  setup: sessionSetupSchema,
  latched: z.enum(causes),
  mode: z.enum(['lockstep', 'live']),
  seed: z.nullable(z.number()),
  startedAt: z.nullable(z.string()),
  simulated: z.boolean(),
});

/** @throws DariError `logUnreadable` */
export function parseSessionHeader(text: string, path: string): SessionHeader {
  const parsed = headerSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(path, `its header is damaged or of another version (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`);
  }
  const [fault] = crossCheckProfile(parsed.data.profile);
  if (fault !== undefined) throw unreadable(path, `its robot profile is not valid (${fault.path.join('.')}: ${fault.message})`);
  const joints = parsed.data.profile.joints.length;
  const { setup } = parsed.data;
  if (setup.permittedRangeRad.length !== joints || setup.parameters.romScale.length !== joints || setup.parameters.offsetRad.length !== joints || (setup.parameters.timingShare?.length ?? joints) !== joints)
    throw unreadable(path, 'its settings do not fit the joints of its robot');
  return parsed.data;
}

export const unreadable = (path: string, why: string): DariError =>
  new DariError('logUnreadable', `${path} cannot be read: ${why}. Take the file from a backup, or read it with the version of Dari that wrote it.`);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
