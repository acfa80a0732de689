/** Which measurement, and of which joint. */
import { assessableJoints, jointAssessmentKinds, type JointAssessmentOrder } from '../../protocols/assessment.ts';
import { language, textOf } from '../app/language.ts';
import type { PlanFormProps } from './plan-form.ts';
import { planTexts } from './texts.ts';

export function AssessmentForm({ profile, value, onChange }: PlanFormProps<JointAssessmentOrder>) {
  const words = textOf(planTexts);
  return (
    <>
      <fieldset class="plan-options">
        <legend>{words.whatKind}</legend>
        {jointAssessmentKinds.map((kind) => (
          <label key={kind} data-testid={`assess-${kind}`}>
            <input type="radio" name="assessment-kind" checked={kind === value.kind} onChange={() => onChange({ ...value, kind })} />
            <b>{words.assessments[kind].name}</b>
            <span>{words.assessments[kind].what}</span>
          </label>
        ))}
      </fieldset>
      <fieldset class="plan-options" data-short="true">
        <legend>{words.joint}</legend>
        {assessableJoints(profile).map((joint) => (
          <label key={joint.id} data-testid={`assess-${joint.id}`}>
            <input type="radio" name="assessed-joint" checked={joint.id === value.joint} onChange={() => onChange({ ...value, joint: joint.id })} />
            <b>{joint.name[language.value]}</b>
          </label>
        ))}
      </fieldset>
    </>
  );
}
