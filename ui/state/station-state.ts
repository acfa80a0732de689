/** What the page knows of the station and the robot, as signals. Per-frame values stay in `LiveTelemetry`. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ServerMessage, StationStatus } from '../../protocols/messages.ts';
import { profileSchema, toRangeRad, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import { actions, causes, supervisorStates, type Action, type Cause, type SupervisorState } from '../../protocols/supervision.ts';
import type { StopFigures } from '../../protocols/stop-figures.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';
import type { TelemetryFrame } from '../../protocols/telemetry.ts';
import { mpsToKmh, newtonToKg, US_PER_S } from '../../protocols/units.ts';
import { gameAfter, type GameState } from '../game/game-state.ts';
import type { StationNews } from '../net/station-link.ts';
import { sharedClockMs } from '../net/worker-messages.ts';
import { LiveTelemetry } from './live-telemetry.ts';
import { parametersFrom, sameParameters, type ShownParameters } from './parameters.ts';
import { PACKET_LOST_MS } from './staleness.ts';
import { stopIdle, stopObserved, stopOverdue, stopPressed, type StopRequest, type StopTimes } from './stop-request.ts';

type EventNews = Extract<StationNews, { type: 'event' }>['event'];

export interface Supervision {
  readonly state: SupervisorState;
  readonly action: Action;
  readonly cause: Cause;
  readonly causeJoint: number;
  readonly readyBlocker: Cause;
  readonly enabled: boolean;
  readonly estopClosed: boolean;
  readonly patientButton: boolean;
}

export interface TrainingFigures {
  readonly steps: number;
  readonly distanceM: number;
  readonly walkTimeSec: number;
  readonly upTimeSec: number;
  /** Measured; of robots that drive a belt, or carry weight. */
  readonly beltKmh: number;
  readonly unloadingKg: number;
  /** Of the hand; not a number where nothing is heard of it. */
  readonly gripN: number;
  /** Height of an arm robot's shoulder; not a number where nothing is heard of it. */
  readonly liftM: number;
}

/** `waiting`: connected, but nothing has come from the robot's controller (yet, or any more). */
export type LinkState = 'connecting' | 'down' | 'waiting' | 'up';

export interface StationState {
  readonly link: ReadonlySignal<LinkState>;
  readonly clientId: Signal<string | null>;
  readonly profile: Signal<RobotProfile | null>;
  readonly status: Signal<StationStatus | null>;
  readonly supervision: Signal<Supervision | null>;
  readonly figures: Signal<TrainingFigures>;
  readonly parameters: Signal<ShownParameters | null>;
  readonly stop: Signal<StopRequest>;
  /** How the newest stop went, once that has been measured. */
  readonly measuredStop: Signal<StopFigures | null>;
  /** The open session's last strides, of both legs, newest last; since the page opened. */
  readonly strides: Signal<readonly StrideFigures[]>;
  /** The open session's newest game, as far as it was told since the page opened; null: none. */
  readonly game: Signal<GameState | null>;
  readonly roundTripMs: Signal<number>;
  /** Reported since the page opened; shown to those who ask why a plot has holes. */
  readonly droppedFrames: Signal<number>;
  readonly telemetry: Signal<LiveTelemetry | null>;
  readonly leaseMine: ReadonlySignal<boolean>;
  readonly permittedRangeRad: ReadonlySignal<readonly RangeRad[]>;
  onLink(up: boolean): void;
  onMessage(message: StationNews): void;
  onTelemetry(frame: TelemetryFrame, receivedMs: number, dropped: number): void;
  /** STOP was pressed; `linkUp` false leaves it unconfirmed at once. */
  onStopPressed(): void;
  /** Time passing: call per animation frame. */
  tick(): void;
}

/** Of each leg, as many as can be seen at a glance. */
export const SHOWN_STRIDES = 6;

const noFigures: TrainingFigures = { steps: 0, distanceM: 0, walkTimeSec: 0, upTimeSec: 0, beltKmh: 0, unloadingKg: 0, gripN: Number.NaN, liftM: Number.NaN };

/** Replaces a signal's record only when something in it changed: panels redraw for changes, not for frames. */
function settle<T>(target: Signal<T | null>, next: T | null): void {
  if (JSON.stringify(target.peek()) !== JSON.stringify(next)) target.value = next;
}

function supervisionOf(telemetry: LiveTelemetry): Supervision {
  return {
    state: supervisorStates[telemetry.value('state')] ?? 'connecting',
    action: actions[telemetry.value('action')] ?? 'none',
    cause: causes[telemetry.value('cause')] ?? 'none',
    causeJoint: telemetry.value('causeJoint'),
    readyBlocker: causes[telemetry.value('readyBlocker')] ?? 'none',
    enabled: telemetry.value('enable') === 1,
    estopClosed: telemetry.value('estopClosed') === 1,
    patientButton: telemetry.value('patientButtonPressed') === 1,
  };
}

/** Rounded to what is shown, so that the panel redraws a few times per second at most. */
const figuresOf = (telemetry: LiveTelemetry): TrainingFigures => ({
  steps: telemetry.value('stepsLeft') + telemetry.value('stepsRight') || 0,
  distanceM: Math.floor(telemetry.value('distanceM')) || 0,
  walkTimeSec: Math.floor(telemetry.value('walkTimeUs') / US_PER_S) || 0,
  upTimeSec: Math.floor(telemetry.value('upTimeUs') / US_PER_S) || 0,
  beltKmh: Math.round(mpsToKmh(telemetry.value('beltLeftMps')) * 10) / 10 || 0,
  unloadingKg: Math.round(newtonToKg(telemetry.value('unloadingN'))) || 0,
  gripN: Number.isFinite(telemetry.value('gripAgeUs')) ? Math.round(telemetry.value('gripN')) : Number.NaN,
  liftM: Number.isFinite(telemetry.value('liftAgeUs')) ? Math.round(telemetry.value('liftHeightM') * 100) / 100 : Number.NaN,
});

const stopTimes = (profile: RobotProfile): StopTimes => ({ maxStopMs: profile.stop.maxTimeMs, restSpeedDegPerSec: profile.stop.restSpeedDegPerSec });

function createSignals() {
  const socketUp = signal<boolean | null>(null);
  const fresh = signal(false);
  const clientId = signal<string | null>(null);
  const profile = signal<RobotProfile | null>(null);
  const status = signal<StationStatus | null>(null);
  return {
    socketUp,
    fresh,
    clientId,
    profile,
    status,
    supervision: signal<Supervision | null>(null),
    figures: signal<TrainingFigures>(noFigures),
    parameters: signal<ShownParameters | null>(null),
    stop: signal<StopRequest>(stopIdle),
    measuredStop: signal<StopFigures | null>(null),
    strides: signal<readonly StrideFigures[]>([]),
    game: signal<GameState | null>(null),
    roundTripMs: signal(Number.NaN),
    droppedFrames: signal(0),
    telemetry: signal<LiveTelemetry | null>(null),
    link: computed<LinkState>(() => (socketUp.value === null ? 'connecting' : !socketUp.value ? 'down' : fresh.value ? 'up' : 'waiting')),
    leaseMine: computed(() => status.value?.lease?.clientId !== undefined && status.value.lease.clientId === clientId.value),
    permittedRangeRad: computed<readonly RangeRad[]>(() => status.value?.session?.setup.permittedRangeRad ?? profile.value?.joints.map((joint) => toRangeRad(joint.softRangeDeg)) ?? []),
  };
}

/** Strides and games belong to their session. */
function takeStatus({ status, strides, game }: ReturnType<typeof createSignals>, next: StationStatus): void {
  if (next.session?.sessionId !== status.peek()?.session?.sessionId) {
    strides.value = [];
    game.value = null;
  }
  status.value = next;
}

/** In place of the oldest one of that leg, once there are enough. */
function withStride(strides: readonly StrideFigures[], figures: StrideFigures): StrideFigures[] {
  const sameLeg = strides.filter(({ side }) => side === figures.side);
  const tooOld = sameLeg.length < SHOWN_STRIDES ? undefined : sameLeg[0];
  return [...strides.filter((known) => known !== tooOld), figures];
}

export function createStationState(onProfileUnreadable: () => void): StationState {
  const signals = createSignals();
  const { socketUp, fresh, profile, telemetry, stop } = signals;
  const welcome = (message: Extract<ServerMessage, { type: 'welcome' }>): void => {
    const parsed = profileSchema.safeParse(message.profile);
    if (!parsed.success) {
      onProfileUnreadable();
      return;
    }
    signals.clientId.value = message.clientId;
    profile.value = parsed.data;
    takeStatus(signals, message.status);
    telemetry.value = new LiveTelemetry(message.channels, parsed.data);
  };
  /** What was measured belongs to the state in which the robot stands; the next one begins anew. */
  const measured = ({ kind, stop: figures, game, atUs }: EventNews): void => {
    if (game !== undefined) signals.game.value = gameAfter(signals.game.peek(), game, atUs / US_PER_S);
    if (figures !== undefined) signals.measuredStop.value = figures;
    else if (kind === 'state') signals.measuredStop.value = null;
  };
  return {
    ...signals,
    onLink(up) {
      batch(() => {
        socketUp.value = up;
        if (!up) fresh.value = false;
      });
    },
    onMessage: (message) => batch(() => {
      if (message.type === 'welcome') welcome(message);
      else if (message.type === 'status') takeStatus(signals, message.status);
      else if (message.type === 'stride') signals.strides.value = withStride(signals.strides.peek(), message.figures);
      else measured(message.event);
    }),
    onTelemetry: (frame, receivedMs, dropped) => batch(() => {
      const live = telemetry.peek();
      const robot = profile.peek();
      if (live === null || robot === null) return;
      live.take(frame, receivedMs);
      const supervision = supervisionOf(live);
      settle(signals.supervision, supervision);
      const figures = figuresOf(live);
      if (JSON.stringify(figures) !== JSON.stringify(signals.figures.peek())) signals.figures.value = figures;
      const parameters = parametersFrom((channel) => live.value(channel), robot);
      if (!sameParameters(parameters, signals.parameters.peek())) signals.parameters.value = parameters;
      stop.value = stopObserved(stop.peek(), { atMs: receivedMs, state: supervision.state, drivesEnabled: supervision.enabled, fastestJointDegPerSec: live.fastestJointDegPerSec() }, stopTimes(robot));
      signals.droppedFrames.value = dropped;
      fresh.value = true;
    }),
    onStopPressed() {
      stop.value = stopPressed(stop.peek(), sharedClockMs());
    },
    tick() {
      const robot = profile.peek();
      const nowMs = sharedClockMs();
      if (robot !== null) stop.value = stopOverdue(stop.peek(), nowMs, stopTimes(robot));
      if (fresh.peek() && (telemetry.peek()?.packetAgeMs(nowMs) ?? Infinity) > PACKET_LOST_MS) fresh.value = false;
    },
  };
}
