/** The time line: what the robot did, what was changed, where it stopped; dragging it moves the 3D replay. */
import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { SessionReplay, TimelineEvent } from '../../protocols/api.ts';
import type { Side, SupervisorState } from '../../protocols/supervision.ts';
import { language, textOf } from '../app/language.ts';
import { clockText } from './figures.ts';
import { keyStepSec } from './replay-clock.ts';
import type { ReplayPlayer } from './replay-player.ts';
import { clinicianTexts } from './texts.ts';
import { labelWidthPx, timelineMarks, type TimelineMark } from './timeline-marks.ts';
import { axisMarks, placeLabels, segmentsFromCycles, segmentsFromEvents, trackingLane, type ErrorLane, type StateSegment } from './timeline.ts';
import { TransportBar } from './transport-bar.tsx';
import { useSize } from './use-size.ts';

export interface TimelinePanelProps {
  readonly player: ReplayPlayer;
  readonly events: readonly TimelineEvent[];
  readonly durationSec: number;
  readonly replay: SessionReplay | null;
  readonly jointSides: readonly Side[];
  readonly softStartSec: number;
}

const EDGE_PX = 14;
const LANES = 2;
const LANE_PX = 18;
const BAR = { topPx: LANES * LANE_PX + 6, heightPx: 16 } as const;
const TRACK = { topPx: BAR.topPx + BAR.heightPx + 6, heightPx: 26 } as const;
const AXIS_PX = TRACK.topPx + TRACK.heightPx;
const HEIGHT_PX = AXIS_PX + 18;
const ERROR_BUCKETS = 240;

export function TimelinePanel({ player, events, durationSec, replay, jointSides, softStartSec }: TimelinePanelProps) {
  const texts = textOf(clinicianTexts);
  const [box, { widthPx }] = useSize<HTMLDivElement>({ widthPx: 960, heightPx: HEIGHT_PX });
  const totalSec = Math.max(durationSec, replay?.timeSec.at(-1) ?? 0, 1);
  const innerPx = Math.max(widthPx - 2 * EDGE_PX, 10);
  const xOf = (sec: number): number => EDGE_PX + (sec / totalSec) * innerPx;
  const segments = useMemo(
    () => (replay === null ? segmentsFromEvents(events, durationSec) : segmentsFromCycles(replay.timeSec, replay.state)),
    [replay, events, durationSec],
  );
  const lane = useMemo(
    () => (replay === null ? null : trackingLane(replay, { jointSides, buckets: ERROR_BUCKETS, softStartSec })),
    [replay, jointSides, softStartSec],
  );
  const marks = useMemo(() => timelineMarks(events), [events, language.value]);
  return (
    <section class="cl-panel cl-timeline" aria-labelledby="cl-timeline-title">
      <header>
        <h2 id="cl-timeline-title">{texts.timeline.title}</h2>
        <span class="cl-muted cl-hint">{texts.timeline.hint}</span>
        <StateLegend segments={segments} />
        <TransportBar player={player} disabled={replay === null} />
      </header>
      <Scrubber player={player} totalSec={totalSec} innerPx={innerPx}>
        <div ref={box} style={{ height: `${HEIGHT_PX}px` }}>
          <svg viewBox={`0 0 ${widthPx} ${HEIGHT_PX}`} aria-hidden="true">
            <TimeAxis totalSec={totalSec} xOf={xOf} wanted={Math.max(Math.floor(innerPx / 90), 2)} />
            <Bars segments={segments} xOf={xOf} />
            {lane !== null && <TrackingLane lane={lane} xOf={xOf} />}
            <Marks marks={marks} xOf={xOf} totalPx={widthPx - 4} />
            <Cursor player={player} xOf={xOf} />
          </svg>
        </div>
      </Scrubber>
    </section>
  );
}

interface ScrubberProps {
  readonly player: ReplayPlayer;
  readonly totalSec: number;
  readonly innerPx: number;
  readonly children: preact.ComponentChildren;
}

/** One slider over the whole drawing; a click or drag seeks, keys step. */
function Scrubber({ player, totalSec, innerPx, children }: ScrubberProps) {
  const texts = textOf(clinicianTexts).replay;
  // Whole seconds: a screen reader is not told of every frame.
  const whole = useComputed(() => Math.floor(player.timeSec.value));
  const spoken = useComputed(() => texts.of(clockText(whole.value), clockText(player.endSec.value)));
  const seek = (event: PointerEvent & { readonly currentTarget: Element }): void => {
    player.seek(((event.clientX - event.currentTarget.getBoundingClientRect().left - EDGE_PX) / innerPx) * totalSec);
  };
  return (
    <div
      class="cl-scrubber"
      data-testid="timeline"
      role="slider"
      tabIndex={0}
      aria-label={`${texts.position} (${texts.keys})`}
      aria-valuemin={0}
      aria-valuemax={Math.floor(totalSec)}
      aria-valuenow={whole}
      aria-valuetext={spoken}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
      }}
      onKeyDown={(event) => {
        if (onKey(player, event)) event.preventDefault();
      }}
    >
      {children}
    </div>
  );
}

/** @returns whether the key was one of ours */
function onKey(player: ReplayPlayer, event: { readonly key: string; readonly shiftKey: boolean }): boolean {
  const step = keyStepSec(event.key, event.shiftKey);
  if (step !== null) player.seekBy(step);
  else if (event.key === 'Home') player.seek(0);
  else if (event.key === 'End') player.seek(player.endSec.peek());
  else if (event.key === ' ') player.toggle();
  else return false;
  return true;
}

function StateLegend({ segments }: { readonly segments: readonly StateSegment[] }) {
  const { states } = textOf(clinicianTexts);
  const shown: SupervisorState[] = ['running', 'paused', 'armed', 'stopping', 'stopped', 'emergency'];
  return (
    <ul class="cl-legend">
      {shown
        .filter((state) => segments.some((segment) => segment.state === state))
        .map((state) => (
          <li key={state} data-state={state}>
            {states[state]}
          </li>
        ))}
    </ul>
  );
}

interface Scaled {
  readonly xOf: (sec: number) => number;
}

function TimeAxis({ totalSec, xOf, wanted }: Scaled & { readonly totalSec: number; readonly wanted: number }) {
  return (
    <g class="cl-time-axis">
      {axisMarks(totalSec, wanted).map((sec) => (
        <g key={sec}>
          <path d={`M${xOf(sec).toFixed(1)} ${BAR.topPx - 4}V${AXIS_PX}`} />
          <text x={xOf(sec)} y={HEIGHT_PX - 4} text-anchor={sec === 0 ? 'start' : xOf(sec) > xOf(totalSec) - 20 ? 'end' : 'middle'}>
            {clockText(sec)}
          </text>
        </g>
      ))}
    </g>
  );
}

function Bars({ segments, xOf }: Scaled & { readonly segments: readonly StateSegment[] }) {
  return (
    <g>
      <rect class="cl-bar-base" x={EDGE_PX} y={BAR.topPx} width={Math.max(xOf(segments.at(-1)?.toSec ?? 0) - EDGE_PX, 0)} height={BAR.heightPx} rx="4" />
      {segments
        .filter(({ state }) => state !== 'ready' && state !== 'connecting')
        .map(({ state, fromSec, toSec }) => {
          const stop = state === 'stopped' || state === 'emergency';
          return (
            <rect
              key={fromSec}
              class="cl-state"
              data-state={state}
              x={xOf(fromSec)}
              y={BAR.topPx - (stop ? 3 : 0)}
              width={Math.max(xOf(toSec) - xOf(fromSec), stop ? 3 : 1)}
              height={BAR.heightPx + (stop ? 6 : 0)}
              rx={stop ? 1.5 : 3}
            />
          );
        })}
    </g>
  );
}

/** Error on a fixed scale, so that two sessions look alike when they are: full height is 5°. */
const FULL_SCALE_DEG = 5;

function TrackingLane({ lane, xOf }: Scaled & { readonly lane: ErrorLane }) {
  const { timeline } = textOf(clinicianTexts);
  const y = (deg: number): number => TRACK.topPx + TRACK.heightPx - (Math.min(deg, FULL_SCALE_DEG) / FULL_SCALE_DEG) * TRACK.heightPx;
  const path = (values: readonly (number | null)[]): string =>
    values
      .map((deg, i) => {
        if (deg === null) return '';
        const start = i === 0 || values[i - 1] === null;
        return `${start ? 'M' : 'L'}${xOf((i + 0.5) * lane.bucketSec).toFixed(1)} ${y(deg).toFixed(1)}`;
      })
      .join('');
  return (
    <g class="cl-tracking">
      <path class="cl-track-base" d={`M${EDGE_PX} ${AXIS_PX}H${xOf(lane.bucketSec * lane.left.length).toFixed(1)}`} />
      <path data-side="left" d={path(lane.left)} />
      <path data-side="right" d={path(lane.right)} />
      <text x={EDGE_PX + 4} y={TRACK.topPx + 9}>
        {timeline.tracking} 0–{FULL_SCALE_DEG}°
      </text>
    </g>
  );
}

function Marks({ marks, xOf, totalPx }: Scaled & { readonly marks: readonly TimelineMark[]; readonly totalPx: number }) {
  const placed = placeLabels(
    marks.map((mark) => ({ xPx: xOf(mark.atSec), widthPx: labelWidthPx(mark.words) })),
    LANES,
    totalPx,
  );
  return (
    <g>
      {marks.map((mark, i) => {
        const label = placed.find(({ index }) => index === i);
        const x = xOf(mark.atSec);
        const y = label === undefined ? BAR.topPx - 5 : label.lane * LANE_PX + 11;
        return (
          <g key={`${mark.kind}${i}`} class="cl-mark" data-kind={mark.kind}>
            <title>{`${clockText(mark.atSec)} ${mark.detail}`}</title>
            <path d={`M${x.toFixed(1)} ${y}V${BAR.topPx + BAR.heightPx}`} />
            <circle cx={x} cy={y} r="4" />
            {label !== undefined && (
              <text x={label.anchor === 'start' ? x + 9 : x - 9} y={y + 4} text-anchor={label.anchor}>
                {mark.words}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Cursor({ player, xOf }: Scaled & { readonly player: ReplayPlayer }) {
  const x = xOf(player.timeSec.value).toFixed(1);
  return (
    <g class="cl-cursor" transform={`translate(${x} 0)`}>
      <path d={`M0 ${BAR.topPx - 6}V${AXIS_PX + 2}`} />
      <path class="cl-grip" d={`M-6 ${BAR.topPx - 14}h12l-6 9z`} />
    </g>
  );
}
