/** What the assessed joint does in a step. */
import { useMemo, useRef } from 'preact/hooks';
import type { AssessmentPlan } from '../../controller/therapy/assessments/steps.ts';
import { radToDeg } from '../../protocols/units.ts';
import { setText, useFrame } from '../app/frame-loop.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { AssessmentReadings, type AssessmentView } from './assessment-view.ts';
import { assessmentTexts } from './texts.ts';

const TEXT_EVERY_MS = 90;

/** Torque and angle, written frame by frame; the bar ends at the mark. */
export function JointReadings({ plan, view }: { readonly plan: AssessmentPlan; readonly view: AssessmentView }) {
  const words = textOf(assessmentTexts);
  const { state } = useStation();
  const readings = useMemo(() => new AssessmentReadings(), [plan]);
  const [now, most, mark, angle, farthest, fill] = [useRef<HTMLElement>(null), useRef<HTMLElement>(null), useRef<HTMLElement>(null), useRef<HTMLElement>(null), useRef<HTMLElement>(null), useRef<HTMLElement>(null)];
  useFrame((nowMs) => {
    const telemetry = state.telemetry.peek();
    if (telemetry === null || state.link.peek() !== 'up') return;
    const index = telemetry.value('assessmentStep');
    const { torqueNm, angleRad } = telemetry.joint(plan.joint);
    readings.look(plan.steps[index], index, torqueNm, angleRad, nowMs);
    const markNm = Math.abs(telemetry.value('promptNm'));
    if (fill.current !== null) fill.current.style.transform = `scaleX(${markNm > 0 ? Math.min(1, Math.max(0, readings.nowNm / markNm)).toFixed(3) : 0})`;
  });
  useFrame(() => {
    const markNm = Math.abs(state.telemetry.peek()?.value('promptNm') ?? 0);
    const degrees = (rad: number): string => `${formatNumber(radToDeg(rad), 1)}°`;
    setText(now.current, `${formatNumber(readings.nowNm, 1)} Nm`);
    setText(most.current, `${formatNumber(readings.mostNm, 1)} Nm`);
    setText(mark.current, markNm > 0 ? `${formatNumber(markNm, 1)} Nm` : '–');
    setText(angle.current, degrees(state.telemetry.peek()?.joint(plan.joint).angleRad ?? Number.NaN));
    setText(farthest.current, degrees(readings.farthestRad));
  }, TEXT_EVERY_MS);
  const pushes = view.stage === 'doing' && view.asked === 'push';
  return (
    <div class="assess-readings" data-pushes={pushes}>
      <div class="assess-bar" aria-hidden="true">
        <i ref={fill} />
      </div>
      <dl>
        {([[words.now, now, 'assess-now'], [words.most, most, 'assess-most'], [words.mark, mark, 'assess-mark'], [words.angle, angle, 'assess-angle'], [words.farthest, farthest, 'assess-farthest']] as const).map(([label, at, testId]) => (
          <div key={testId}>
            <dt>{label}</dt>
            <dd ref={at} data-testid={testId}>–</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
