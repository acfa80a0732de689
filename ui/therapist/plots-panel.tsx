/** The joints over time, with a read-out at the cursor; hold and zoom while the robot walks on. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatNumber, language, textOf } from '../app/language.ts';
import { onFrame, setText } from '../app/frame-loop.ts';
import { useStation } from '../app/station-context.ts';
import { kindName, LivePlots, plotKindsOf, unitOfKind, type CursorReading } from '../plots/live-plots.ts';
import type { JointKind } from '../../protocols/profile.ts';
import { FIRST_SPAN_SEC, spanOf } from '../plots/plot-window.ts';
import { liveTexts } from './texts.ts';
import 'uplot/dist/uPlot.min.css';
import './plots-panel.css';

/** Plots follow at a rate that a machine without a graphics card can hold beside the 3D view. */
const DRAW_EVERY_MS = 50;
const ZOOM_STEP = 1.25;

function colorsOf(element: HTMLElement) {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return { left: of('--left'), right: of('--right'), band: of('--band'), line: of('--line'), text: of('--muted'), font: style.fontFamily };
}

interface PlotRefs {
  readonly root: { current: HTMLElement | null };
  readonly canvases: Map<JointKind, HTMLElement>;
  readonly readouts: Map<JointKind, HTMLElement>;
}

const readingText = (reading: CursorReading | null, kind: JointKind, unit: string, words: { left: string; right: string; seconds: string }): string => {
  const places = reading?.places[kind];
  if (reading === null || places === undefined) return '';
  const { left, right } = places;
  const sides = [[words.left, left], [words.right, right]] as const;
  const known = sides.filter(([, value]) => Number.isFinite(value)).map(([side, value]) => ` · ${side} ${formatNumber(value, 1)}${unit}`);
  return `${formatNumber(reading.timeSec, 2)} ${words.seconds}${known.join('')}`;
};

function keep(elements: Map<JointKind, HTMLElement>, kind: JointKind, element: HTMLElement | null): void {
  if (element === null) elements.delete(kind);
  else elements.set(kind, element);
}

function usePlots(refs: PlotRefs, onWindow: (held: boolean, spanSec: number) => void) {
  const { state } = useStation();
  const profile = state.profile.value;
  const plots = useRef<LivePlots | null>(null);
  useEffect(() => {
    const root = refs.root.current;
    if (profile === null || root === null) return undefined;
    const made = new LivePlots({
      containers: refs.canvases,
      profile,
      colors: colorsOf(root),
      onReading: (reading) => {
        for (const [kind, element] of refs.readouts) setText(element, readingText(reading, kind, unitOfKind(profile, kind).unit, textOf(liveTexts)));
      },
      onWindow: (window) => onWindow(window.mode === 'held', spanOf(window)),
    });
    plots.current = made;
    const unfollow = onFrame(() => {
      const telemetry = state.telemetry.peek();
      if (telemetry !== null) made.draw(telemetry.history);
    }, DRAW_EVERY_MS);
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(root);
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      made.zoomBy(event.deltaY > 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
    };
    root.addEventListener('wheel', wheel, { passive: false });
    return () => {
      unfollow();
      observer.disconnect();
      root.removeEventListener('wheel', wheel);
      made.dispose();
      plots.current = null;
    };
  }, [profile]);
  return plots;
}

export function PlotsPanel() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const root = useRef<HTMLElement>(null);
  const canvases = useRef(new Map<JointKind, HTMLElement>()).current;
  const readouts = useRef(new Map<JointKind, HTMLElement>()).current;
  const [shown, setShown] = useState({ held: false, spanSec: FIRST_SPAN_SEC });
  const profile = state.profile.value;
  const kinds = profile === null ? [] : plotKindsOf(profile);
  const plots = usePlots({ root, canvases, readouts }, (held, spanSec) => setShown({ held, spanSec }));
  return (
    <section class="plots-panel" ref={root} aria-label={words.plots} data-held={shown.held} data-old={state.link.value !== 'up'}>
      <div class="plots-legend">
        <span data-side="left"><i class="side-mark" aria-hidden="true" />{words.left}</span>
        <span data-side="right"><i class="side-mark" aria-hidden="true" />{words.right}</span>
        <span><i class="band-mark" aria-hidden="true" />{words.referenceBand}</span>
        <span class="plots-hint">{words.plotHint}</span>
        <div class="plots-tools">
          <button type="button" aria-label={words.zoomIn} onClick={() => plots.current?.zoomBy(1 / ZOOM_STEP)}>+</button>
          <output>{`${formatNumber(shown.spanSec)} ${words.seconds}`}</output>
          <button type="button" aria-label={words.zoomOut} onClick={() => plots.current?.zoomBy(ZOOM_STEP)}>−</button>
          <button type="button" class="plots-hold" data-testid="hold-plot" aria-pressed={shown.held} onClick={() => plots.current?.toggleHold()}>{shown.held ? words.livePlot : words.pausePlot}</button>
        </div>
      </div>
      {kinds.map((kind) => (
        <div class="plot-row" key={kind}>
          <b>{profile === null ? '' : kindName(profile, kind, language.value)}</b>
          <span class="plot-readout" ref={(element) => keep(readouts, kind, element)} />
          <div class="plot-canvas" ref={(element) => keep(canvases, kind, element)} />
        </div>
      ))}
    </section>
  );
}
