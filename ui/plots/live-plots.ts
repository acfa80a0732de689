/** Scrolling plots, one for each kind of joint: bounded memory, held and zoomed while samples keep coming in. */
import { armKinds } from '../../protocols/arm-profile.ts';
import { plateKinds } from '../../protocols/footplate-profile.ts';
import { allJointsOf, legKinds, type JointKind, type RobotProfile } from '../../protocols/profile.ts';
import { sides } from '../../protocols/supervision.ts';
import { unitOf, type JointUnit } from '../app/joint-unit.ts';
import type { Language } from '../app/language.ts';
import type { RingBuffer } from '../state/ring-buffer.ts';
import { hold, liveWindow, select, windowEnds, zoom, type PlotWindow } from './plot-window.ts';
import { PlotRow, type PlotColors } from './plot-row.ts';

/** From the trunk outward. */
export const plotKindsOf = (profile: RobotProfile): readonly JointKind[] => [...legKinds, ...armKinds, ...plateKinds].filter((kind) => allJointsOf(profile).some((joint) => joint.kind === kind));

/** What the names of its joints have in common: of "Left elbow" and "Right elbow", "Elbow". */
export function kindName(profile: RobotProfile, kind: JointKind, language: Language): string {
  const [first = [], ...others] = allJointsOf(profile).filter((joint) => joint.kind === kind).map((joint) => joint.name[language].split(' '));
  const shared = first.filter((word) => others.every((name) => name.includes(word))).join(' ');
  return shared.charAt(0).toUpperCase() + shared.slice(1);
}

/** More stand in two columns. */
const MOST_STACKED = 3;

/** A display tolerance around the reference, for the eye; not a clinical norm. */
export const BAND_DEG = 5;

export interface CursorReading {
  /** Before now, or before the moment at which the plot was held. */
  readonly timeSec: number;
  readonly places: Readonly<Partial<Record<JointKind, { readonly left: number; readonly right: number }>>>;
}

export interface LivePlotsOptions {
  /** Of each kind that the robot has. */
  readonly containers: ReadonlyMap<JointKind, HTMLElement>;
  readonly profile: RobotProfile;
  readonly colors: PlotColors;
  readonly onReading: (reading: CursorReading | null) => void;
  readonly onWindow: (window: PlotWindow) => void;
}

/** Shown range: what the gait needs, with air; the whole permitted range would flatten the curves. Of other joints, their own. */
const shownDeg: Readonly<Partial<Record<JointKind, { min: number; max: number }>>> = { hip: { min: -28, max: 48 }, knee: { min: -10, max: 78 }, ankle: { min: -25, max: 25 } };

export class LivePlots {
  readonly #rows: readonly { readonly kind: JointKind; readonly row: PlotRow }[];
  #window: PlotWindow = liveWindow();
  /** Samples as they were when the plot was held: the ring goes on without them. */
  #held: Float64Array[] | null = null;
  #history: RingBuffer | null = null;
  #originSec = 0;
  #cursorSec: number | null = null;

  constructor(private readonly options: LivePlotsOptions) {
    const kinds = [...options.containers];
    this.#rows = kinds.map(([kind, container], i) => ({
      kind,
      row: new PlotRow({
        container,
        colors: options.colors,
        range: shownRange(options.profile, kind),
        unit: unitOfKind(options.profile, kind).unit.trim(),
        showTimeAxis: i >= kinds.length - (kinds.length > MOST_STACKED ? 2 : 1),
        onCursor: (timeSec) => {
          this.#cursorSec = timeSec;
          this.#read();
        },
        onSelect: (fromSec, toSec) => this.#change(select(fromSec + this.#originSec, toSec + this.#originSec)),
      }),
    }));
  }

  /** Draws the newest samples. Time runs backwards from 0 at the newest (or held) one. */
  draw(history: RingBuffer): void {
    this.#history = history;
    if (history.count === 0) return;
    const nowSec = history.at(0, history.count - 1);
    const ends = windowEnds(this.#window, nowSec);
    if (this.#window.mode === 'live') this.#originSec = nowSec;
    // One sample before the window, so that the line enters from the edge.
    const columns = this.#held ?? history.window(history.lowerBound(0, ends.fromSec) - 1);
    const time = (columns[0] ?? new Float64Array(0)).map((atSec) => atSec - this.#originSec);
    for (const { kind, row } of this.#rows) row.draw([time, ...this.#columnsOf(kind, columns)], ends.fromSec - this.#originSec, ends.toSec - this.#originSec);
    this.#read();
  }

  #columnsOf(kind: JointKind, columns: readonly Float64Array[]): ArrayLike<number | null>[] {
    const none = new Float64Array(columns[0]?.length ?? 0).fill(Number.NaN);
    const angle = sides.map((side) => columns[columnOf(this.options.profile, kind, side)] ?? none);
    const band = BAND_DEG * unitOfKind(this.options.profile, kind).perDeg;
    const bands = sides.flatMap((side) => {
      const reference = columns[1 + columnOf(this.options.profile, kind, side)] ?? none;
      return [edgeOf(reference, band), edgeOf(reference, -band)];
    });
    return [...bands, ...angle];
  }

  #change(next: PlotWindow): void {
    if (next.mode === 'live') this.#held = null;
    else this.#held ??= this.#history?.window(0) ?? null;
    this.#window = next;
    this.options.onWindow(next);
    if (this.#history !== null) this.draw(this.#history);
  }

  toggleHold(): void {
    this.#change(this.#window.mode === 'held' ? liveWindow(this.#window.toSec - this.#window.fromSec) : hold(this.#window, this.#originSec));
  }

  /** @param factor above 1 shows more time; around the cursor when held */
  zoomBy(factor: number): void {
    this.#change(zoom(this.#window, factor, this.#originSec + (this.#cursorSec ?? 0)));
  }

  #read(): void {
    const source = this.#held ?? null;
    const history = this.#history;
    if (this.#cursorSec === null || history === null) {
      this.options.onReading(null);
      return;
    }
    const atSec = this.#cursorSec + this.#originSec;
    const index = source === null ? history.lowerBound(0, atSec) : nearest(source[0] ?? new Float64Array(0), atSec);
    const value = (column: number): number => (source === null ? history.at(column, index) : (source[column]?.[index] ?? Number.NaN));
    const joint = (kind: JointKind, side: 'left' | 'right'): number => value(columnOf(this.options.profile, kind, side));
    const both = (kind: JointKind): { left: number; right: number } => ({ left: joint(kind, 'left'), right: joint(kind, 'right') });
    this.options.onReading({ timeSec: this.#cursorSec, places: Object.fromEntries(this.#rows.map(({ kind }) => [kind, both(kind)])) });
  }

  resize(): void {
    for (const { row } of this.#rows) row.resize();
  }

  dispose(): void {
    for (const { row } of this.#rows) row.dispose();
  }
}

/** In what a kind's places are shown. */
export const unitOfKind = (profile: RobotProfile, kind: JointKind): JointUnit => unitOf(allJointsOf(profile).find((joint) => joint.kind === kind) ?? {});

function shownRange(profile: RobotProfile, kind: JointKind): { min: number; max: number } {
  const joint = allJointsOf(profile).find((one) => one.kind === kind);
  // Nobody keeps a joint that is only measured inside what it is meant for.
  const own = joint === undefined || 'drive' in joint ? joint?.softRangeDeg : joint.mechanicalStopDeg;
  const { min, max } = shownDeg[kind] ?? own ?? { min: -90, max: 90 };
  const { perDeg } = unitOfKind(profile, kind);
  return { min: perDeg * min, max: perDeg * max };
}

/** Of the angle; beyond all columns where there is no such joint. */
function columnOf(profile: RobotProfile, kind: JointKind, side: 'left' | 'right'): number {
  const joints = allJointsOf(profile);
  const place = joints.findIndex((joint) => joint.kind === kind && joint.side === side);
  return 1 + 2 * (place < 0 ? joints.length : place);
}

/** One edge of the band; a hole (null) where there is no reference. */
const edgeOf = (reference: Float64Array, byDeg: number): (number | null)[] => Array.from(reference, (deg) => (Number.isNaN(deg) ? null : deg + byDeg));

function nearest(times: Float64Array, atSec: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < atSec) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, times.length - 1);
}
