/** What the robot is doing, as a table: for each state the events that lead out of it. Everything else stays. */
import type { SupervisorState } from '../../protocols/supervision.ts';

export const supervisorEvents = [
  'linked',
  'unlinked',
  'arm',
  'disarm',
  'start',
  'pause',
  'resume',
  'prepare',
  'home',
  'recover',
  /** The drives have let go after a stop. */
  'released',
  /** A person acknowledged a latched stop whose cause is gone; the drives have already let go. */
  'acknowledged',
  /** The same while the drives still hold the patient: they are lowered first. */
  'acknowledgedHolding',
  'protectiveStop',
  'emergency',
] as const;
export type SupervisorEvent = (typeof supervisorEvents)[number];

type Transitions = Readonly<Partial<Record<SupervisorEvent, SupervisorState>>>;

const anywhere = { protectiveStop: 'stopped', emergency: 'emergency' } as const;

export const transitions: Readonly<Record<SupervisorState, Transitions>> = {
  connecting: { ...anywhere, linked: 'ready' },
  ready: { ...anywhere, unlinked: 'connecting', arm: 'armed' },
  armed: { ...anywhere, start: 'running', disarm: 'stopping' },
  running: { ...anywhere, pause: 'paused', disarm: 'stopping' },
  paused: { ...anywhere, resume: 'running', disarm: 'stopping' },
  stopping: { ...anywhere, released: 'ready' },
  stopped: { emergency: 'emergency', acknowledged: 'ready', acknowledgedHolding: 'stopping' },
  emergency: { acknowledged: 'ready' },
  idle: { ...anywhere, unlinked: 'connecting' },
  selfTest: { ...anywhere },
  homing: { ...anywhere },
  recovering: { ...anywhere },
};

export const nextState = (state: SupervisorState, event: SupervisorEvent): SupervisorState => transitions[state][event] ?? state;
