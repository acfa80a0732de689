/** What the person at this screen can do to the robot. Every refusal is shown in the station's own words. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { WalkEntry } from '../../protocols/entered-walk.ts';
import type { VirtualButton } from '../../protocols/messages.ts';
import type { SessionPlan } from '../../protocols/session-plan.ts';
import type { Confirmation, OperatorCommand } from '../../protocols/supervision.ts';
import type { Answer, ClientRequest, StationLink } from '../net/station-link.ts';
import { createHeldMotion, type HeldCommand, type HeldMotion } from './held-motion.ts';
import { toGaitParameters, type ShownParameters } from './parameters.ts';
import type { StationState } from './station-state.ts';

export interface FinishedSession {
  readonly id: string;
  /** It was an assessment and no training. */
  readonly assessment: boolean;
}

export interface Operator {
  /** Edits sent and not yet acknowledged by the robot; null when there are none. */
  readonly pendingParameters: ReadonlySignal<ShownParameters | null>;
  /** The session that was closed last on this screen. */
  readonly finishedSession: ReadonlySignal<FinishedSession | null>;
  readonly busy: ReadonlySignal<boolean>;
  takeControl(takeOver: boolean): Promise<boolean>;
  /** Begins the self-test; only for a person who has seen that nobody is in the robot. */
  prepare(): Promise<void>;
  /** @param plan null: the training that the robot is meant for */
  beginSession(patientId: string, confirmed: Record<Confirmation, boolean>, plan: SessionPlan | null): Promise<void>;
  /** @returns false: it was refused, and the reason is shown */
  makeTrajectory(sessionId: string, name: string): Promise<boolean>;
  /** A walk test over ground. @returns false: it was refused, and the reason is shown */
  enterWalk(patientId: string, entry: WalkEntry): Promise<boolean>;
  /** A game of reaching begins beside the open session. */
  playGame(targets: number): Promise<void>;
  endSession(): Promise<void>;
  command(command: Exclude<OperatorCommand, 'stop'>): Promise<void>;
  /** Hold-to-run: the motion goes on from `press` until `letGo`. */
  readonly heldMotion: HeldMotion;
  stop(): void;
  /** Of simulated hardware; anybody may, as with real one. */
  pressVirtual(button: VirtualButton, pressed: boolean): Promise<void>;
  setParameters(next: ShownParameters, reason?: string): Promise<void>;
  forgetFinished(): void;
}

/** A sent edit that the robot has not acknowledged by then is dropped from the screen: what is shown is what is true. */
const ACKNOWLEDGE_MS = 1_500;

function every(ms: number, task: () => void): () => void {
  const timer = setInterval(task, ms);
  return () => clearInterval(timer);
}

type Refused = (answer: Extract<Answer, { ok: false }>) => void;

interface Asking {
  readonly ask: (request: ClientRequest) => Promise<Answer>;
  /** Takes the lease first when this screen does not hold it; null when it was refused. */
  readonly withLease: (request: (epoch: number) => ClientRequest) => Promise<Answer | null>;
  readonly takeControl: (takeOver: boolean) => Promise<boolean>;
  /** Of this screen's lease, taken first when need be; null when it was refused. */
  readonly heldEpoch: () => Promise<number | null>;
}

function createAsking(state: StationState, link: StationLink, onRefused: Refused): Asking {
  let epoch: number | null = null;
  const ask = async (request: ClientRequest): Promise<Answer> => {
    const answer = await link.request(request);
    if (!answer.ok) onRefused(answer);
    return answer;
  };
  const takeControl = async (takeOver: boolean): Promise<boolean> => {
    const answer = await ask({ type: 'takeLease', takeOver });
    if (!answer.ok || answer.epoch === null) return false;
    epoch = answer.epoch;
    link.setLease(epoch);
    return true;
  };
  const heldEpoch = async (): Promise<number | null> => {
    if ((!state.leaseMine.peek() || epoch === null) && !(await takeControl(false))) return null;
    return epoch;
  };
  const withLease = async (request: (epoch: number) => ClientRequest): Promise<Answer | null> => {
    const held = await heldEpoch();
    return held === null ? null : ask(request(held));
  };
  return { ask, withLease, takeControl, heldEpoch };
}

const FOLLOWED: Answer = { ok: true, epoch: null, sessionId: null };

/** Whoever let go for a moment and presses again goes on: the motion still waits, and is not asked for twice. */
const underWay = (state: StationState, command: 'home' | 'recover'): boolean => state.supervision.peek()?.state === (command === 'home' ? 'homing' : 'recovering');

function askFor(state: StationState, ask: Asking['ask'], epoch: number, held: HeldCommand): Promise<Answer> {
  if (typeof held !== 'string') return ask({ type: 'moveLift', epoch, heightM: held.liftM });
  return underWay(state, held) ? Promise.resolve(FOLLOWED) : ask({ type: 'command', epoch, command: held });
}

export function createOperator(state: StationState, link: StationLink, onRefused: Refused): Operator {
  const { ask, withLease, takeControl, heldEpoch } = createAsking(state, link, onRefused);
  const pendingParameters = signal<ShownParameters | null>(null);
  const finishedSession = signal<FinishedSession | null>(null);
  const busy = signal(false);
  let edit = 0;
  const exclusively = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (busy.peek()) return undefined;
    busy.value = true;
    const done = await work();
    busy.value = false;
    return done;
  };
  const once = async (request: (epoch: number) => ClientRequest): Promise<void> => {
    await exclusively(() => withLease(request));
  };
  return {
    pendingParameters,
    finishedSession,
    busy,
    takeControl,
    prepare: () => once((held) => ({ type: 'command', epoch: held, command: 'prepare', empty: true })),
    beginSession: (patientId, confirmed, plan) => exclusively(async () => {
      finishedSession.value = null;
      await withLease((held) => ({ type: 'openSession', epoch: held, patientId, confirmed, ...(plan === null ? {} : { plan }) }));
    }),
    makeTrajectory: async (sessionId, name) => (await exclusively(() => withLease((held) => ({ type: 'makeTrajectory', epoch: held, sessionId, name }))))?.ok === true,
    enterWalk: async (patientId, entry) => (await ask({ type: 'enterWalk', patientId, entry })).ok,
    playGame: (targets) => once((held) => ({ type: 'playGame', epoch: held, targets })),
    endSession: () => exclusively(async () => {
      const session = state.status.peek()?.session ?? null;
      const answer = await withLease((held) => ({ type: 'closeSession', epoch: held }));
      if (answer?.ok === true) finishedSession.value = session === null ? null : { id: session.sessionId, assessment: session.setup.assessment !== undefined };
    }),
    command: (command) => once((held) => ({ type: 'command', epoch: held, command })),
    heldMotion: createHeldMotion({ link, epoch: heldEpoch, command: (epoch, held) => askFor(state, ask, epoch, held), every }),
    async pressVirtual(button, pressed) {
      await ask({ type: 'virtualHardware', button, pressed });
    },
    stop() {
      state.onStopPressed();
      // Never waits, never needs the lease; a refusal or silence shows as unconfirmed.
      void ask({ type: 'stop' });
    },
    async setParameters(next, reason) {
      const mine = ++edit;
      pendingParameters.value = next;
      const answer = await withLease((held) => ({ type: 'parameters', epoch: held, parameters: toGaitParameters(next), ...(reason === undefined ? {} : { reason }) }));
      const clear = (): void => {
        if (edit === mine) pendingParameters.value = null;
      };
      if (answer?.ok === true) setTimeout(clear, ACKNOWLEDGE_MS);
      else clear();
    },
    forgetFinished() {
      finishedSession.value = null;
    },
  };
}
