/** What the robot is doing, as a table: for each state the events that lead out of it. Everything else stays. */
import type { SupervisorState } from '../../protocols/supervision.ts';

export const supervisorEvents = [
  'linked',
  'unlinked',
  /** Self-test and homing have been passed, and nothing since has made them void. */
  'prepared',
  'unprepared',
  'arm',
  'disarm',
  'start',
  'pause',
  'resume',
  'prepare',
  'home',
  'recover',
  /** The drives have let go: after a stop, a self-test, a homing or a recovery. */
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

/** Whatever ends, ends in idle: only from there, and only prepared, the robot gets ready. */
export const transitions: Readonly<Record<SupervisorState, Transitions>> = {
  connecting: { ...anywhere, linked: 'idle' },
  idle: { ...anywhere, unlinked: 'connecting', prepared: 'ready', prepare: 'selfTest', home: 'homing' },
  selfTest: { ...anywhere, released: 'idle' },
  homing: { ...anywhere, released: 'idle' },
  ready: { ...anywhere, unlinked: 'connecting', unprepared: 'idle', arm: 'armed', prepare: 'selfTest', recover: 'recovering' },
  recovering: { ...anywhere, released: 'idle' },
  armed: { ...anywhere, start: 'running', disarm: 'stopping' },
  running: { ...anywhere, pause: 'paused', disarm: 'stopping' },
  paused: { ...anywhere, resume: 'running', disarm: 'stopping' },
  stopping: { ...anywhere, released: 'idle' },
  stopped: { emergency: 'emergency', acknowledged: 'idle', acknowledgedHolding: 'stopping' },
  emergency: { acknowledged: 'idle' },
};

export const nextState = (state: SupervisorState, event: SupervisorEvent): SupervisorState => transitions[state][event] ?? state;
