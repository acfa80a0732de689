/** One joint over the gait cycle: every stride thin, the mean thick, the reference band behind, a read-out on hover. */
import { useState } from 'preact/hooks';
import type { StrideCurves } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { jointName } from './event-words.ts';
import { percent } from './figures.ts';
import { labelJoint } from './side-comparison.ts';
import { shareInBand } from '../../controller/metrics/band.ts';
import { bandPath, curvePath, cycleX, degreeY, strideSdDeg, type DegreeScale, type Frame } from './stride-scale.ts';
import { clinicianTexts } from './texts.ts';
import { useSize } from './use-size.ts';

export interface StrideChartProps {
  readonly curve: StrideCurves;
  readonly scale: DegreeScale;
  /** Mean of the session compared with. */
  readonly beforeDeg: readonly number[] | null;
}

const MARGIN = { left: 34, right: 10, top: 8, bottom: 20 } as const;
const CYCLE_MARKS = [0, 20, 40, 60, 80, 100];

export function StrideChart({ curve, scale, beforeDeg }: StrideChartProps) {
  const texts = textOf(clinicianTexts);
  const [box, size] = useSize<HTMLDivElement>({ widthPx: 320, heightPx: 160 });
  const [readAt, setReadAt] = useState<number | null>(null);
  const { side } = labelJoint(curve.jointId, null);
  const frame: Frame = {
    leftPx: MARGIN.left,
    topPx: MARGIN.top,
    widthPx: Math.max(size.widthPx - MARGIN.left - MARGIN.right, 10),
    heightPx: Math.max(size.heightPx - MARGIN.top - MARGIN.bottom, 10),
  };
  const inBand = percent(shareInBand(curve));
  const summary = texts.curves.summary({
    joint: jointName(curve.jointId),
    strides: formatNumber(curve.strideCount),
    low: formatNumber(Math.min(...curve.meanDeg)),
    high: formatNumber(Math.max(...curve.meanDeg)),
    inBand,
  });
  const onMove = (event: PointerEvent & { readonly currentTarget: Element }): void => {
    const share = (event.clientX - event.currentTarget.getBoundingClientRect().left - frame.leftPx) / frame.widthPx;
    setReadAt(share >= 0 && share <= 1 ? Math.round(share * (curve.meanDeg.length - 1)) : null);
  };
  return (
    <figure class="cl-chart" data-testid={`curve-${curve.jointId}`} data-side={side ?? 'none'}>
      <figcaption>
        <b>{jointName(curve.jointId)}</b>
        <ReadOut curve={curve} index={readAt} beforeDeg={beforeDeg} inBand={inBand} />
      </figcaption>
      <div class="cl-chart-box" ref={box}>
        <svg
          viewBox={`0 0 ${size.widthPx} ${size.heightPx}`}
          role="img"
          aria-label={summary}
          onPointerMove={onMove}
          onPointerDown={onMove}
          onPointerLeave={() => setReadAt(null)}
        >
          <path class="cl-band" d={bandPath(curve.referenceDeg, curve.referenceSdDeg, frame, scale)} />
          <Axes frame={frame} scale={scale} size={size} />
          <path class="cl-reference" d={curvePath(curve.referenceDeg, frame, scale)} />
          {curve.stridesDeg.map((stride, i) => (
            <path key={i} class="cl-stride" d={curvePath(stride, frame, scale)} />
          ))}
          {beforeDeg !== null && <path class="cl-before" d={curvePath(beforeDeg, frame, scale)} />}
          <path class="cl-mean" d={curvePath(curve.meanDeg, frame, scale)} />
          {readAt !== null && <Crosshair curve={curve} index={readAt} frame={frame} scale={scale} />}
        </svg>
      </div>
    </figure>
  );
}

function Axes({ frame, scale, size }: { readonly frame: Frame; readonly scale: DegreeScale; readonly size: { readonly heightPx: number } }) {
  return (
    <g class="cl-axes" aria-hidden="true">
      {scale.marksDeg.map((deg) => (
        <g key={deg} data-zero={deg === 0}>
          <path d={`M${frame.leftPx} ${degreeY(frame, scale, deg).toFixed(1)}h${frame.widthPx}`} />
          <text x={frame.leftPx - 6} y={degreeY(frame, scale, deg) + 4} text-anchor="end">
            {formatNumber(deg)}°
          </text>
        </g>
      ))}
      {CYCLE_MARKS.map((mark) => (
        <text key={mark} x={cycleX(frame, mark / 100)} y={size.heightPx - 5} text-anchor={mark === 0 ? 'start' : mark === 100 ? 'end' : 'middle'}>
          {mark === 100 ? '100 %' : mark}
        </text>
      ))}
    </g>
  );
}

interface CrosshairProps {
  readonly curve: StrideCurves;
  readonly index: number;
  readonly frame: Frame;
  readonly scale: DegreeScale;
}

function Crosshair({ curve, index, frame, scale }: CrosshairProps) {
  const x = cycleX(frame, index / Math.max(curve.meanDeg.length - 1, 1));
  return (
    <g class="cl-crosshair" aria-hidden="true">
      <path d={`M${x.toFixed(1)} ${frame.topPx}v${frame.heightPx}`} />
      <circle cx={x} cy={degreeY(frame, scale, curve.meanDeg[index] ?? 0)} r="4" />
    </g>
  );
}

interface ReadOutProps {
  readonly curve: StrideCurves;
  readonly index: number | null;
  readonly beforeDeg: readonly number[] | null;
  readonly inBand: string;
}

function ReadOut({ curve, index, beforeDeg, inBand }: ReadOutProps) {
  const { curves } = textOf(clinicianTexts);
  if (index === null) {
    return (
      <>
        <span title={curve.stridesDeg.length < curve.strideCount ? curves.drawn(formatNumber(curve.stridesDeg.length)) : undefined}>
          {curves.strides(formatNumber(curve.strideCount))}
        </span>
        <span class="cl-in-band" title={curves.inBandMeaning}>
          {curves.inBand} <b>{inBand}</b>
        </span>
      </>
    );
  }
  const sd = strideSdDeg(curve, index);
  const before = beforeDeg?.[index];
  return (
    <span class="cl-read-out">
      {Math.round((index / Math.max(curve.meanDeg.length - 1, 1)) * 100)} % <b>{formatNumber(curve.meanDeg[index] ?? null, 1)}°</b>
      {sd !== null && before === undefined && ` ± ${formatNumber(sd, 1)}`} · {curves.reference} {formatNumber(curve.referenceDeg[index] ?? null, 1)}°
      {before !== undefined && ` · ••• ${formatNumber(before, 1)}°`}
    </span>
  );
}
