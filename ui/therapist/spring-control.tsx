/** At which level a hand has set a spring: entered here, because the device does not see it. */
import type { SpringPart } from '../../protocols/supervision.ts';
import { therapyLimits } from '../../protocols/therapy-limits.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { StepControl } from '../design/components.tsx';
import { stepSpring, type ShownParameters } from '../state/parameters.ts';
import { liveTexts } from './texts.ts';

export function SpringControl({ part, shown, pending, disabled }: { readonly part: SpringPart; readonly shown: ShownParameters | null; readonly pending: boolean; readonly disabled: boolean }) {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const profile = state.profile.value;
  const limit = profile === null ? null : (therapyLimits(profile).springs?.[part] ?? null);
  if (limit === null) return null;
  const level = shown?.springs?.[part] ?? Number.NaN;
  const label = words.springs[part];
  return (
    <StepControl
      testId={`spring-${part}`}
      label={label}
      value={formatNumber(level)}
      unit={`/ ${limit.max}`}
      detail={words.springLevel}
      pending={pending}
      disabled={disabled || shown === null}
      atMin={level <= limit.min}
      atMax={level >= limit.max}
      lessLabel={words.less(label)}
      moreLabel={words.more(label)}
      onStep={(steps) => shown !== null && void operator.setParameters(stepSpring(shown, part, steps, limit.max))}
    />
  );
}
