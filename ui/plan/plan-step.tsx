/** Before a session: what it is for. One row says it, and one sheet changes it. */
import { useState } from 'preact/hooks';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { SessionPlan } from '../../protocols/session-plan.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { EnteredWalksOf } from '../assessment/entered-walks.tsx';
import { Button } from '../design/components.tsx';
import { AssessmentForm } from './assessment-form.tsx';
import { firstPlan, plansOf, type PlanKind } from './plan-choice.ts';
import type { PlanFormProps } from './plan-form.ts';
import { planTexts } from './texts.ts';
import { TrajectoryForm } from './trajectory-form.tsx';
import { TriggerForm } from './trigger-form.tsx';
import './plan.css';

function details(plan: SessionPlan | null, profile: RobotProfile): string {
  const words = textOf(planTexts);
  if (plan === null || plan.kind === 'replay') return '';
  if (plan.kind === 'triggered') {
    const { trigger } = plan;
    return trigger.source === 'torque' ? words.pushOf(formatNumber(trigger.thresholdNm, 1)) : words.muscleOf(formatNumber(trigger.channel + 1), formatNumber(100 * trigger.thresholdShare));
  }
  const { order } = plan;
  const { name } = words.assessments[order.kind];
  if ('side' in order) return `${name}, ${words.arms[order.side]}`;
  return 'joint' in order ? `${name}, ${profile.joints.find(({ id }) => id === order.joint)?.name[language.value] ?? order.joint}` : name;
}

export function PlanRow(props: { readonly plan: SessionPlan | null; readonly disabled: boolean; readonly onChange: () => void }) {
  const words = textOf(planTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  // What can only be one thing is not asked for.
  if (profile === null || plansOf(profile).length === 1) return null;
  const more = details(props.plan, profile);
  return (
    <div class="plan-row" data-testid="plan" data-kind={props.plan?.kind ?? 'training'}>
      <span>{words.title}</span>
      <b>{words.kinds[props.plan?.kind ?? 'training'].name + (more === '' ? '' : `: ${more}`)}</b>
      <Button tone="quiet" testId="plan-change" disabled={props.disabled} onPress={props.onChange}>{words.change}</Button>
    </div>
  );
}

function Form(props: PlanFormProps<SessionPlan | null> & { readonly kind: PlanKind; readonly patientId: string }) {
  const { kind, value, profile, onChange } = props;
  if (kind === 'triggered' && value?.kind === 'triggered') return <TriggerForm profile={profile} value={value.trigger} onChange={(trigger) => onChange({ kind, trigger })} />;
  if (kind === 'assessment' && value?.kind === 'assessment') return <AssessmentForm profile={profile} value={value.order} onChange={(order) => onChange({ kind, order })} />;
  if (kind === 'replay') return <TrajectoryForm profile={profile} patientId={props.patientId} value={value?.kind === 'replay' ? value.trajectoryId : null} onChange={(trajectoryId) => onChange({ kind, trajectoryId })} />;
  return null;
}

export interface PlanStepProps {
  readonly patientId: string;
  readonly plan: SessionPlan | null;
  readonly onChoose: (plan: SessionPlan | null) => void;
  readonly onBack: () => void;
}

export function PlanStep({ patientId, plan, onChoose, onBack }: PlanStepProps) {
  const words = textOf(planTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  const [kind, setKind] = useState<PlanKind>(plan?.kind ?? 'training');
  const [draft, setDraft] = useState(plan);
  if (profile === null) return null;
  const choose = (next: PlanKind): void => {
    setKind(next);
    setDraft(firstPlan(next, profile));
  };
  return (
    <div class="plan-step" data-testid="plan-step">
      <fieldset class="plan-kinds">
        <legend>{words.title}</legend>
        {plansOf(profile).map((one) => (
          <label key={one} data-testid={`plan-${one}`}>
            <input type="radio" name="plan-kind" checked={one === kind} onChange={() => choose(one)} />
            <b>{words.kinds[one].name}</b>
            <span>{words.kinds[one].what}</span>
          </label>
        ))}
      </fieldset>
      <Form kind={kind} patientId={patientId} profile={profile} value={draft} onChange={setDraft} />
      {kind === 'assessment' && profile.class !== 'arm' ? <EnteredWalksOf patientId={patientId} /> : null}
      <div class="plan-actions">
        <Button tone="quiet" testId="plan-back" onPress={onBack}>{words.back}</Button>
        <Button tone="accent" testId="plan-use" disabled={kind !== 'training' && draft === null} onPress={() => onChoose(draft)}>{words.use}</Button>
      </div>
    </div>
  );
}
