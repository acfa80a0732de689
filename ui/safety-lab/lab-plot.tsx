/** Desired, permitted and actual over the last seconds: one plot for the angle, one for the torque. */
import uPlot from 'uplot';
import { useEffect, useRef } from 'preact/hooks';
import { formatNumber, textOf } from '../app/language.ts';
import { onFrame } from '../app/frame-loop.ts';
import type { LabRunner } from './lab-runner.ts';
import { labTexts } from './texts.ts';
import 'uplot/dist/uPlot.min.css';

const SHOWN_SEC = 6;
const DRAW_EVERY_MS = 50;
const LEFT_PX = 46;

/** Columns of the lab's history, the permitted one first: where nothing is limited, what is desired still shows on top of it. */
const lines = { angle: [2, 1, 3], torque: [5, 4] } as const;
type Kind = keyof typeof lines;

function createPlot(container: HTMLElement, kind: Kind): uPlot {
  const style = getComputedStyle(container);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: of('--muted'), font: `12px ${style.fontFamily}`, grid: { stroke: of('--line'), width: 1 }, ticks: { show: false } };
  const strokes = [
    { stroke: of('--right'), width: 3.2 },
    { stroke: of('--left'), dash: [6, 4], width: 1.8 },
    { stroke: of('--muted'), dash: [2, 3], width: 1.5 },
  ];
  return new uPlot(
    {
      width: Math.max(10, container.clientWidth),
      height: Math.max(10, container.clientHeight),
      padding: [6, 10, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, auto: false }, y: { range: (_plot, low, high) => roomy(low, high) } },
      series: [{}, ...lines[kind].map((_, index) => ({ ...strokes[index], points: { show: false } }))],
      axes: [
        { ...axis, size: 22, gap: 4, values: (_plot, splits) => splits.map((split) => formatNumber(split)) },
        { ...axis, size: LEFT_PX, gap: 6, values: (_plot, splits) => splits.map((split) => formatNumber(split)) },
      ],
    },
    [[], ...lines[kind].map(() => [])],
    container,
  );
}

/** At least 20 high, so that noise does not fill the plot. */
function roomy(low: number, high: number): [number, number] {
  const air = Math.max(2, (20 - (high - low)) / 2, (high - low) * 0.08);
  return Number.isFinite(low + high) ? [low - air, high + air] : [-10, 10];
}

function draw(plot: uPlot, kind: Kind, { lab }: LabRunner): void {
  const { history } = lab;
  const nowSec = history.at(0, history.count - 1);
  const columns = history.window(history.lowerBound(0, nowSec - SHOWN_SEC) - 1);
  const time = Array.from(columns[0] ?? [], (atSec) => atSec - nowSec);
  // A hole where nothing is permitted.
  const values = lines[kind].map((column) => Array.from(columns[column] ?? [], (value) => (Number.isNaN(value) ? null : value)));
  plot.batch(() => {
    plot.setData([time, ...values]);
    plot.setScale('x', { min: -SHOWN_SEC, max: 0 });
  });
}

export function LabPlot({ runner, kind }: { readonly runner: LabRunner; readonly kind: Kind }) {
  const words = textOf(labTexts);
  const canvas = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const container = canvas.current;
    if (container === null) return undefined;
    const plot = createPlot(container, kind);
    const unfollow = onFrame(() => draw(plot, kind, runner), DRAW_EVERY_MS);
    const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(10, container.clientWidth), height: Math.max(10, container.clientHeight) }));
    observer.observe(container);
    return () => {
      unfollow();
      observer.disconnect();
      plot.destroy();
    };
  }, [runner, kind]);
  const names = [words.permitted, words.desired, words.measured].slice(0, lines[kind].length);
  return (
    <figure class="lab-panel lab-plot">
      <figcaption>
        <b>{kind === 'angle' ? words.plotAngle : words.plotTorque}</b>
        {names.map((name, index) => (
          <span key={name} data-line={index}><i aria-hidden="true" />{name}</span>
        ))}
      </figcaption>
      <div class="lab-plot-canvas" ref={canvas} aria-hidden="true" />
    </figure>
  );
}
