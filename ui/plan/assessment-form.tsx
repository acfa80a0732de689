/** Which measurement, and of which joint or arm. */
import { assessableJoints, assessmentsOf, isJointKind, type AssessmentKind, type AssessmentOrder } from '../../protocols/assessment.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { language, textOf } from '../app/language.ts';
import { armSides, orderOf } from './plan-choice.ts';
import type { PlanFormProps } from './plan-form.ts';
import { planTexts } from './texts.ts';

export function AssessmentForm({ profile, value, onChange }: PlanFormProps<AssessmentOrder>) {
  const words = textOf(planTexts);
  const choose = (kind: AssessmentKind): void => {
    const order = orderOf(kind, profile, value);
    if (order !== null) onChange(order);
  };
  return (
    <>
      <fieldset class="plan-options">
        <legend>{words.whatKind}</legend>
        {assessmentsOf(profile).map((kind) => (
          <label key={kind} data-testid={`assess-${kind}`}>
            <input type="radio" name="assessment-kind" checked={kind === value.kind} onChange={() => choose(kind)} />
            <b>{words.assessments[kind].name}</b>
            <span>{words.assessments[kind].what}</span>
          </label>
        ))}
      </fieldset>
      <Where profile={profile} value={value} onChange={onChange} />
    </>
  );
}

/** A walk is of both legs, and of the only arm nobody is asked. */
function Where({ profile, value, onChange }: { readonly profile: RobotProfile; readonly value: AssessmentOrder; readonly onChange: (order: AssessmentOrder) => void }) {
  const words = textOf(planTexts);
  if ('side' in value) {
    const arms = armSides(profile);
    if (arms.length < 2) return null;
    return (
      <fieldset class="plan-options" data-short="true">
        <legend>{words.arm}</legend>
        {arms.map((side) => (
          <label key={side} data-testid={`assess-arm-${side}`}>
            <input type="radio" name="assessed-arm" checked={side === value.side} onChange={() => onChange({ ...value, side })} />
            <b>{words.arms[side]}</b>
          </label>
        ))}
      </fieldset>
    );
  }
  if (!isJointKind(value.kind) || !('joint' in value)) return null;
  return (
    <fieldset class="plan-options" data-short="true">
      <legend>{words.joint}</legend>
      {assessableJoints(profile).map((joint) => (
        <label key={joint.id} data-testid={`assess-${joint.id}`}>
          <input type="radio" name="assessed-joint" checked={joint.id === value.joint} onChange={() => onChange({ ...value, joint: joint.id })} />
          <b>{joint.name[language.value]}</b>
        </label>
      ))}
    </fieldset>
  );
}
