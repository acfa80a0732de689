/** How far a walk has come in this step. */
import { useMemo, useRef } from 'preact/hooks';
import type { AssessmentPlan } from '../../controller/therapy/assessments/steps.ts';
import { setText, useFrame } from '../app/frame-loop.ts';
import { formatDuration, formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { WalkCourseReadings } from './assessment-view.ts';
import { assessmentTexts } from './texts.ts';

const TEXT_EVERY_MS = 90;
const told = (value: number, show: (value: number) => string): string => (Number.isFinite(value) ? show(value) : '–');

export function WalkReadings({ plan }: { readonly plan: AssessmentPlan }) {
  const words = textOf(assessmentTexts);
  const { state } = useStation();
  const readings = useMemo(() => new WalkCourseReadings(), [plan]);
  const [way, time, left] = [useRef<HTMLElement>(null), useRef<HTMLElement>(null), useRef<HTMLElement>(null)];
  const bar = useRef<HTMLProgressElement>(null);
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    if (telemetry === null || state.link.peek() !== 'up') return;
    const index = telemetry.value('assessmentStep');
    readings.look(index, telemetry.timeSec, telemetry.value('distanceM'), telemetry.value('stepsLeft'));
    const step = plan.steps[index];
    const share = step === undefined ? 0 : readings.shareOf(step);
    if (bar.current !== null) bar.current.value = Number.isFinite(share) ? share : 0;
    setText(way.current, step === undefined ? '–' : told(readings.wayM, (m) => `${formatNumber(m, 1)} m`));
    setText(time.current, step === undefined ? '–' : told(readings.sec, formatDuration));
    setText(left.current, step === undefined ? '–' : leftOf(step, readings));
  }, TEXT_EVERY_MS);
  return (
    <div class="assess-readings">
      <progress class="assess-step" ref={bar} value={0} max={1} aria-label={words.ofStep} data-testid="assess-share" />
      <dl>
        {([[words.left, left, 'assess-left'], [words.way, way, 'assess-way'], [words.time, time, 'assess-time']] as const).map(([label, at, testId]) => (
          <div key={testId}>
            <dt>{label}</dt>
            <dd ref={at} data-testid={testId}>–</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function leftOf(step: AssessmentPlan['steps'][number], { wayM, strides, sec }: WalkCourseReadings): string {
  const words = textOf(assessmentTexts);
  if (step.wayM !== undefined) return told(step.wayM - wayM, (m) => `${formatNumber(Math.max(0, m), 1)} m`);
  if (step.strides !== undefined) return told(step.strides - strides, (count) => words.stridesLeft(formatNumber(Math.max(0, count))));
  return told(step.sec - sec, (rest) => formatDuration(Math.max(0, rest)));
}
