/** Beside the robot while an assessment goes on: what the person does now, how far he has come, which step and which trial. */
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { planAssessment } from '../../controller/therapy/assessments/plan.ts';
import type { AssessmentPlan } from '../../controller/therapy/assessments/steps.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import { radToDeg } from '../../protocols/units.ts';
import { setText, useFrame } from '../app/frame-loop.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { planTexts } from '../plan/texts.ts';
import { AssessmentReadings, assessmentView, type AssessmentView, type Asked } from './assessment-view.ts';
import type { AssessmentTexts, Movement } from './text-keys.ts';
import { assessmentTexts } from './texts.ts';
import './assessment.css';

const TEXT_EVERY_MS = 90;

function sentence(asked: Asked, direction: number, kind: JointProfile['kind'], words: AssessmentTexts): string {
  const movements: Readonly<Partial<Record<string, Movement>>> = words.movements;
  return words.asked[asked](movements[kind]?.[direction > 0 ? 'flexion' : 'extension'] ?? '');
}

function Prompt({ view, kind }: { readonly view: AssessmentView; readonly kind: JointProfile['kind'] }) {
  const words = textOf(assessmentTexts);
  const { stage, asked, direction, next } = view;
  const [title, what] =
    stage === 'before' ? [words.before, words.beforeWhat]
    : stage === 'done' ? [words.done, words.doneWhat]
    : stage === 'broken' ? [words.broken, words.brokenWhat]
    : [sentence(asked, direction, kind, words), next === null ? '' : words.next(sentence(next.asked, next.direction, kind, words))];
  return (
    <div class="assess-prompt" data-stage={stage} data-asked={stage === 'doing' ? asked : 'none'} data-testid="assess-prompt" role="status">
      <strong>{title}</strong>
      {what === '' ? null : <p>{what}</p>}
    </div>
  );
}

/** Torque and angle, written frame by frame; the bar ends at the mark. */
function Readings({ plan, view }: { readonly plan: AssessmentPlan; readonly view: AssessmentView }) {
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

export function AssessmentPanel() {
  const words = textOf(assessmentTexts);
  const { state } = useStation();
  const step = useSignal(-1);
  useFrame(() => {
    step.value = state.telemetry.peek()?.value('assessmentStep') ?? -1;
  });
  const profile = state.profile.value;
  const setup = state.status.value?.session?.setup ?? null;
  const plan = useMemo(() => (profile === null ? null : planAssessment(profile, setup)), [profile, setup]);
  const joint = profile?.joints[plan?.joint ?? -1];
  if (plan === null || joint === undefined) return null;
  const view = assessmentView(plan, step.value, state.supervision.value?.state ?? 'connecting');
  const title = `${textOf(planTexts).assessments[plan.kind].name}: ${joint.name[language.value]}`;
  return (
    // Scrolled by keyboard on a small screen: nothing in it can be pressed.
    <section class="panel assess" tabIndex={0} data-testid="assessment" data-stage={view.stage} aria-label={title}>
      <h2>{title}</h2>
      <div class="assess-course">
        <span data-testid="assess-trial">{view.trial === 0 ? '' : words.trialOf(formatNumber(view.trial), formatNumber(view.trials))}</span>
        <span>{words.stepOf(formatNumber(Math.min(view.step + 1, view.steps)), formatNumber(view.steps))}</span>
        <progress value={view.step} max={view.steps} aria-label={words.stepOf(formatNumber(Math.min(view.step + 1, view.steps)), formatNumber(view.steps))} />
      </div>
      <Prompt view={view} kind={joint.kind} />
      <Readings plan={plan} view={view} />
    </section>
  );
}
