/** A curve over the gait cycle, from heel strike to heel strike, around its zero. */
import { formatNumber, textOf } from '../app/language.ts';
import { assessmentTexts } from './texts.ts';

const WIDTH = 240;
const HEIGHT = 96;
/** For the line's own width. */
const EDGE = 4;

export function CycleCurve({ curve, unit, jointName }: { readonly curve: readonly number[]; readonly unit: string; readonly jointName: string }) {
  const words = textOf(assessmentTexts);
  const [least, most] = [Math.min(0, ...curve), Math.max(0, ...curve)];
  const span = most - least || 1;
  const y = (value: number): number => EDGE + ((most - value) / span) * (HEIGHT - 2 * EDGE);
  const points = curve.map((value, i) => `${((i / (curve.length - 1)) * WIDTH).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <figure class="assess-curve">
      <figcaption>{jointName}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${words.curve(jointName)}: ${formatNumber(least, 1)} … ${formatNumber(most, 1)} ${unit}`}>
        <line class="assess-zero" x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} />
        <polyline class="assess-line" points={points} />
      </svg>
      <small>{`${formatNumber(least, 1)} … ${formatNumber(most, 1)} ${unit}`}</small>
    </figure>
  );
}
