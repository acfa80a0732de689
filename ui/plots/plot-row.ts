/** One row of the scrolling plot: a joint kind, left solid and right dashed over the band around their references. */
import uPlot from 'uplot';
import { formatNumber } from '../app/language.ts';

export interface PlotColors {
  readonly left: string;
  readonly right: string;
  readonly band: string;
  readonly line: string;
  readonly text: string;
  readonly font: string;
}

export interface PlotRowOptions {
  readonly container: HTMLElement;
  readonly colors: PlotColors;
  /** In the unit shown. */
  readonly range: { readonly min: number; readonly max: number };
  readonly unit: string;
  readonly showTimeAxis: boolean;
  readonly onCursor: (timeSec: number | null) => void;
  readonly onSelect: (fromSec: number, toSec: number) => void;
}

/** time, then per side (left, right): upper and lower edge of the band, then both angles. */
export type PlotColumns = readonly ArrayLike<number | null>[];

const AXIS_PX = 22;
const LEFT_PX = 46;
const MOST_STEPS = 5;
export const SYNC_KEY = 'dari-live';

function series(colors: PlotColors): uPlot.Series[] {
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  const angle = (stroke: string, dash: number[]): uPlot.Series => ({ stroke, dash, width: 2.2, points: { show: false } });
  return [{}, edge, edge, edge, edge, angle(colors.left, []), angle(colors.right, [7, 4])];
}

function axes(options: PlotRowOptions): uPlot.Axis[] {
  const { colors } = options;
  const common = { stroke: colors.text, font: `13px ${colors.font}`, grid: { stroke: colors.line, width: 1 }, ticks: { show: false } };
  return [
    { ...common, show: true, size: options.showTimeAxis ? AXIS_PX : 4, gap: 4, space: 70, values: (_plot, splits) => splits.map((split) => (options.showTimeAxis ? formatNumber(split, split % 1 === 0 ? 0 : 1) : '')) },
    { ...common, size: LEFT_PX, gap: 7, splits: (plot) => roundSteps(options.range, plot.bbox.height / devicePixelRatio), values: (_plot, splits) => splits.map((split) => `${formatNumber(split)}${options.unit}`) },
  ];
}

const STEPS = [10, 20, 30, 60, 90, 180] as const;
/** A line of the axis' text, with air. */
const TEXT_PX = 19;

/** As many as can be read. */
const roundSteps = (range: { min: number; max: number }, heightPx: number): number[] => {
  const span = range.max - range.min;
  const step = STEPS.find((one) => one * heightPx >= span * Math.max(TEXT_PX, heightPx / MOST_STEPS)) ?? span;
  const first = Math.ceil(range.min / step) * step;
  return Array.from({ length: Math.floor((range.max - first) / step) + 1 }, (_, i) => first + i * step);
};

export class PlotRow {
  readonly #plot: uPlot;

  constructor(private readonly options: PlotRowOptions) {
    const { container, colors, range } = options;
    this.#plot = new uPlot(
      {
        width: Math.max(10, container.clientWidth),
        height: Math.max(10, container.clientHeight),
        padding: [6, 10, 0, 0],
        legend: { show: false },
        scales: { x: { time: false, auto: false }, y: { auto: false, range: [range.min, range.max] } },
        series: series(colors),
        bands: [{ series: [1, 2], fill: colors.band }, { series: [3, 4], fill: colors.band }],
        axes: axes(options),
        cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false, sync: { key: SYNC_KEY } },
        hooks: { setCursor: [(plot) => this.#cursor(plot)], setSelect: [(plot) => this.#select(plot)] },
      },
      [[], [], [], [], [], [], []],
      container,
    );
  }

  #cursor(plot: uPlot): void {
    const left = plot.cursor.left ?? -1;
    this.options.onCursor(left < 0 ? null : plot.posToVal(left, 'x'));
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 6) return;
    this.options.onSelect(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  draw(columns: PlotColumns, fromSec: number, toSec: number): void {
    this.#plot.batch(() => {
      this.#plot.setData(columns as unknown as uPlot.AlignedData, false);
      this.#plot.setScale('x', { min: fromSec, max: toSec });
    });
  }

  resize(): void {
    const { container } = this.options;
    this.#plot.setSize({ width: Math.max(10, container.clientWidth), height: Math.max(10, container.clientHeight) });
  }

  dispose(): void {
    this.#plot.destroy();
  }
}
