/** Left and right in numbers, joint by joint, with the change since the session compared with. */
import { metricOfSession } from '../../controller/metrics/catalogue.ts';
import type { JointMetrics, SessionDetail, SessionMetrics } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { jointName } from './event-words.ts';
import { earlierMoment, signed } from './figures.ts';
import { changeBetween } from './headline.ts';
import { sidePairs } from './side-comparison.ts';
import { clinicianTexts } from './texts.ts';
import type { ClinicianTexts } from './text-keys.ts';

interface Column {
  readonly key: 'romDeg' | 'peakDeg' | 'trackingRmsDeg' | 'positiveWorkJPerStride' | 'negativeWorkJPerStride' | 'stanceFeedbackNm' | 'swingFeedbackNm' | 'sparc' | 'ldlj';
  readonly label: (texts: ClinicianTexts['table']) => string;
  readonly meaning?: (texts: ClinicianTexts['table']) => string;
  readonly decimals: number;
  /** How much the value scatters from stride to stride. */
  readonly deviation?: 'stanceFeedbackSdNm' | 'swingFeedbackSdNm';
}

const columns: readonly Column[] = [
  { key: 'romDeg', label: (t) => t.rom, decimals: 1 },
  { key: 'peakDeg', label: (t) => t.peak, decimals: 1 },
  { key: 'trackingRmsDeg', label: (t) => t.tracking, decimals: 1 },
  { key: 'positiveWorkJPerStride', label: (t) => t.workPositive, meaning: (t) => t.workMeaning, decimals: 1 },
  { key: 'negativeWorkJPerStride', label: (t) => t.workNegative, meaning: (t) => t.workMeaning, decimals: 1 },
  { key: 'stanceFeedbackNm', label: (t) => t.feedbackStance, meaning: (t) => t.feedbackMeaning, decimals: 1, deviation: 'stanceFeedbackSdNm' },
  { key: 'swingFeedbackNm', label: (t) => t.feedbackSwing, meaning: (t) => t.feedbackMeaning, decimals: 1, deviation: 'swingFeedbackSdNm' },
  { key: 'sparc', label: (t) => t.sparc, meaning: (t) => t.smoothnessMeaning, decimals: 2 },
  { key: 'ldlj', label: (t) => t.ldlj, meaning: (t) => t.smoothnessMeaning, decimals: 2 },
];

/** The unit of the measure's definition, as people write it. */
function unitOf(key: Column['key']): string {
  const unit = metricOfSession(key)?.unit ?? '1';
  return unit === '1' ? '' : unit === 'deg' ? '°' : unit;
}

export interface SideTableProps {
  readonly detail: SessionDetail;
  readonly metrics: SessionMetrics;
  readonly before: SessionDetail | null;
}

export function SideTable({ detail, metrics, before }: SideTableProps) {
  const texts = textOf(clinicianTexts).table;
  const compared = before !== null && before.metrics !== null;
  return (
    <section class="cl-panel cl-sides" aria-labelledby="cl-sides-title">
      <header>
        <h2 id="cl-sides-title">{texts.title}</h2>
        <span class="cl-muted">{texts.hint}</span>
      </header>
      <table data-compared={compared}>
        <thead>
          <tr>
            <th scope="col">{texts.joint}</th>
            <th scope="col">{texts.strides}</th>
            {columns.flatMap((column) => {
              const head = <ColumnHead key={column.key} label={column.label(texts)} unit={unitOf(column.key)} meaning={column.meaning?.(texts)} />;
              if (column.key !== 'romDeg') return [head];
              return [head, <ColumnHead key="si" label={texts.symmetry} unit="%" meaning={texts.symmetryMeaning} plain />];
            })}
          </tr>
        </thead>
        {sidePairs(metrics, null).map((pair) => (
          <tbody key={pair.kind}>
            {pair.rows.map(({ label, metrics: joint }, row) => (
              <tr key={label.jointId} data-side={label.side ?? 'none'}>
                <th scope="row">
                  <i class="cl-swatch" aria-hidden="true" />
                  {jointName(label.jointId)}
                </th>
                <td>{formatNumber(joint.strides)}</td>
                {columns.flatMap((column) => {
                  const cell = <Cell key={column.key} column={column} joint={joint} before={jointBefore(before, label.jointId)} />;
                  if (column.key !== 'romDeg' || row > 0) return [cell];
                  const si = pair.romSymmetryPercent;
                  return [
                    cell,
                    <td key="si" class="cl-si" rowSpan={pair.rows.length}>
                      <b>{si === null ? '–' : signed(si, 1)}</b>
                    </td>,
                  ];
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {before !== null && compared && <p class="cl-footnote">{texts.footnote(earlierMoment(before.session.startedAt, detail.session.startedAt))}</p>}
    </section>
  );
}

interface ColumnHeadProps {
  readonly label: string;
  readonly unit: string;
  readonly meaning: string | undefined;
  /** Without a change beside its values. */
  readonly plain?: boolean;
}

function ColumnHead({ label, unit, meaning, plain = false }: ColumnHeadProps) {
  return (
    <th scope="col" title={meaning} class={plain ? undefined : 'cl-with-delta'}>
      {label}
      {unit !== '' && <small>{`\u00A0${unit}`}</small>}
      {meaning !== undefined && <span class="visually-hidden"> ({meaning})</span>}
    </th>
  );
}

const jointBefore = (before: SessionDetail | null, jointId: string): JointMetrics | null =>
  before?.metrics?.joints.find((joint) => joint.jointId === jointId) ?? null;

function Cell({ column, joint, before }: { readonly column: Column; readonly joint: JointMetrics; readonly before: JointMetrics | null }) {
  const resolution = 0.5 / 10 ** column.decimals;
  const value = joint[column.key] ?? null;
  const deviation = column.deviation === undefined ? null : (joint[column.deviation] ?? null);
  const change = before === null ? null : changeBetween(value, before[column.key] ?? null, { measured: true, resolution });
  return (
    <td>
      {column.deviation === undefined || value === null ? formatNumber(value, column.decimals) : signed(value, column.decimals)}
      {deviation !== null && before === null && <small class="cl-deviation">{`\u00A0±\u00A0${formatNumber(deviation, column.decimals)}`}</small>}
      {change?.kind === 'measured' && <small class="cl-delta">{signed(change.by, column.decimals)}</small>}
      {change?.kind === 'same' && <small class="cl-delta">±0</small>}
    </td>
  );
}
