/** Movements that a patient was shown: made from the recording of a session, kept with it, and chosen for a later one. */
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { KnownTrajectory } from '../../protocols/session-plan.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import type { RecordStore } from './records/store.ts';

export interface MakingContext {
  readonly store: Pick<RecordStore, 'session' | 'addTrajectory'>;
  readonly profile: Pick<RobotProfile, 'id'>;
  readonly dataFolder: string;
  wallTime(): string;
  newId(): string;
  /** @throws DariError `logUnreadable`, `trajectoryInvalid` */
  shownMovement(file: string, profileId: string, name: string): Promise<Trajectory>;
}

/** @throws DariError `sessionUnknown`, `logUnreadable`, `trajectoryInvalid` */
export async function makeTrajectory(context: MakingContext, sessionId: string, name: string): Promise<void> {
  const { store, profile, dataFolder } = context;
  const session = await store.session(sessionId);
  if (session === null) throw new DariError('sessionUnknown', `There is no session "${sessionId}". Choose one from the list of sessions.`);
  if (session.status === 'recording') throw new DariError('logUnreadable', 'This session is still being recorded. End it, then make a trajectory of it.');
  if (session.status === 'lost') throw new DariError('logUnreadable', 'The recording of this session was lost. Choose another session.');
  const trajectory = await context.shownMovement(path.join(dataFolder, ...session.logPath.split('/')), profile.id, name);
  await store.addTrajectory({ id: context.newId(), sessionId, madeAt: context.wallTime(), trajectory });
}

interface ChoosingContext {
  readonly store: Pick<RecordStore, 'trajectories'>;
  readonly profile: Pick<RobotProfile, 'id'>;
}

/** Of this robot, newest first. */
export async function knownTrajectories({ store, profile }: ChoosingContext, patientId: string): Promise<KnownTrajectory[]> {
  const kept = (await store.trajectories(patientId)).filter(({ profileId }) => profileId === profile.id);
  return kept.map(({ id, sessionId, sessionStartedAt, trajectory: { name, cycleSec, cycles } }) => ({ id, name, sessionId, sessionStartedAt, cycleSec, cycles }));
}

/** @throws DariError `trajectoryUnknown`: this patient was shown no such movement on this robot */
export async function chosenTrajectory({ store, profile }: ChoosingContext, patientId: string, id: string): Promise<Trajectory> {
  const found = (await store.trajectories(patientId)).find((kept) => kept.id === id);
  if (found === undefined) throw new DariError('trajectoryUnknown', 'This patient has no such recorded movement. Choose one from the list, or make one of an earlier session.');
  if (found.profileId !== profile.id) throw new DariError('trajectoryUnknown', `The movement "${found.trajectory.name}" was recorded with the robot ${found.profileId}. Choose one of this robot.`);
  return found.trajectory;
}
