/** All joints of a session over the gait cycle, left beside right on one scale per kind of joint. */
import type { SessionDetail } from '../../protocols/api.ts';
import { textOf } from '../app/language.ts';
import { earlierMoment } from './figures.ts';
import { labelJoint } from './side-comparison.ts';
import { StrideChart } from './stride-chart.tsx';
import { sharedScale } from './stride-scale.ts';
import { clinicianTexts } from './texts.ts';

export interface CurvesPanelProps {
  readonly detail: SessionDetail;
  readonly before: SessionDetail | null;
}

export function CurvesPanel({ detail, before }: CurvesPanelProps) {
  const { curves } = detail;
  const texts = textOf(clinicianTexts);
  const kinds = [...new Set(curves.map((curve) => labelJoint(curve.jointId, null).kind))];
  const walked = curves.filter((curve) => curve.strideCount > 0);
  return (
    <section class="cl-panel cl-curves" aria-labelledby="cl-curves-title">
      <header>
        <h2 id="cl-curves-title">{texts.curves.title}</h2>
        <span class="cl-muted cl-hint">{texts.curves.hint}</span>
        <Legend compared={before === null ? null : earlierMoment(before.session.startedAt, detail.session.startedAt)} />
      </header>
      {walked.length === 0 ? (
        <p class="cl-notice">{texts.curves.none}</p>
      ) : (
        <div class="cl-charts">
          {kinds.map((kind) => {
            const ofKind = walked.filter((curve) => labelJoint(curve.jointId, null).kind === kind);
            const scale = sharedScale(ofKind);
            return ofKind
              .toSorted((a, b) => a.jointId.localeCompare(b.jointId))
              .map((curve) => <StrideChart key={curve.jointId} curve={curve} scale={scale} beforeDeg={meanBefore(before, curve.jointId)} />);
          })}
        </div>
      )}
    </section>
  );
}

function meanBefore(before: SessionDetail | null, jointId: string): readonly number[] | null {
  const curve = before?.curves.find((candidate) => candidate.jointId === jointId);
  return curve !== undefined && curve.strideCount > 0 ? curve.meanDeg : null;
}

function Legend({ compared }: { readonly compared: string | null }) {
  const { curves } = textOf(clinicianTexts);
  return (
    <ul class="cl-legend">
      <li data-key="mean">{curves.mean}</li>
      <li data-key="stride">{curves.legendStrides}</li>
      <li data-key="band">{curves.legendBand}</li>
      {compared !== null && <li data-key="before">{compared}</li>}
    </ul>
  );
}
