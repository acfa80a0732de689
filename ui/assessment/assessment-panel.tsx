/** Beside the robot while an assessment goes on: what the person does now, how far he has come, which step and which trial. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { planAssessment } from '../../controller/therapy/assessments/plan.ts';
import type { AssessmentPlan } from '../../controller/therapy/assessments/steps.ts';
import { isWalked } from '../../protocols/assessment.ts';
import { isDriven, type JointProfile, type RobotProfile } from '../../protocols/profile.ts';
import { useFrame } from '../app/frame-loop.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { planTexts } from '../plan/texts.ts';
import { assessmentView, type AssessmentView, type Asked } from './assessment-view.ts';
import { JointReadings } from './joint-readings.tsx';
import { ReachReadings } from './reach-readings.tsx';
import type { AssessmentTexts, Movement } from './text-keys.ts';
import { assessmentTexts } from './texts.ts';
import { WalkReadings } from './walk-readings.tsx';
import './assessment.css';

function sentence(asked: Asked, direction: number, kind: JointProfile['kind'] | null, words: AssessmentTexts): string {
  const movements: Readonly<Partial<Record<string, Movement>>> = words.movements;
  return words.asked[asked]((kind === null ? undefined : movements[kind])?.[direction > 0 ? 'flexion' : 'extension'] ?? '');
}

function Prompt({ view, kind, plan }: { readonly view: AssessmentView; readonly kind: JointProfile['kind'] | null; readonly plan: AssessmentPlan }) {
  const words = textOf(assessmentTexts);
  const { stage, asked, direction, next } = view;
  const [title, what] =
    stage === 'before' ? [words.before, words.beforeWhat[isWalked(plan.kind) ? 'walk' : plan.kind === 'reach' ? 'reach' : 'joint']]
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

/** Of what: a joint, an arm, or the walk itself. */
function subjectOf({ joint, side, kind }: AssessmentPlan, profile: RobotProfile): string | null {
  if (kind === 'reach' && side !== null) return textOf(planTexts).arms[side];
  return profile.joints[joint]?.name[language.value] ?? null;
}

function Readings({ plan, view, profile, heightM }: { readonly plan: AssessmentPlan; readonly view: AssessmentView; readonly profile: RobotProfile; readonly heightM: number }) {
  if (isWalked(plan.kind)) return <WalkReadings plan={plan} />;
  if (plan.kind === 'reach') return <ReachReadings plan={plan} step={view.stage === 'doing' ? view.step : -1} profile={profile} heightM={heightM} />;
  return <JointReadings plan={plan} view={view} />;
}

function courseText({ stage, getsUsed, trial, trials }: AssessmentView, words: AssessmentTexts): string {
  if (getsUsed && stage === 'doing') return words.getsUsed;
  return trial === 0 || trials < 2 ? '' : words.trialOf(formatNumber(trial), formatNumber(trials));
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
  if (plan === null || profile === null || setup === null) return null;
  const view = assessmentView(plan, step.value, state.supervision.value?.state ?? 'connecting', isDriven(profile) ? 'running' : 'ready');
  const subject = subjectOf(plan, profile);
  const { name } = textOf(planTexts).assessments[plan.kind];
  const title = subject === null ? name : `${name}: ${subject}`;
  const stepOf = words.stepOf(formatNumber(Math.min(view.step + 1, view.steps)), formatNumber(view.steps));
  return (
    // Scrolled by keyboard on a small screen: nothing in it can be pressed.
    <section class="panel assess" tabIndex={0} data-testid="assessment" data-kind={plan.kind} data-stage={view.stage} aria-label={title}>
      <h2>{title}</h2>
      <div class="assess-course">
        <span data-testid="assess-trial">{courseText(view, words)}</span>
        <span>{stepOf}</span>
        <progress value={view.step} max={view.steps} aria-label={stepOf} />
      </div>
      <Prompt view={view} kind={profile.joints[plan.joint]?.kind ?? null} plan={plan} />
      <Readings plan={plan} view={view} profile={profile} heightM={setup.heightM} />
    </section>
  );
}
