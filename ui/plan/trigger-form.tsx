/** What begins a movement: a push, or a muscle whose channel is measured at rest and with the greatest effort first. */
import { useState } from 'preact/hooks';
import { TRIGGER_SHARE, TRIGGER_TORQUE_NM, type Trigger } from '../../protocols/trigger.ts';
import { useFrame } from '../app/frame-loop.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { Button, Choice, StepControl } from '../design/components.tsx';
import { EmgMeasure, type EmgEffort } from './emg-measure.ts';
import { emgChannels, firstTrigger, stepThreshold } from './plan-choice.ts';
import type { PlanFormProps } from './plan-form.ts';
import { planTexts } from './texts.ts';

type EmgTrigger = Extract<Trigger, { source: 'emg' }>;
const keys: Readonly<Record<EmgEffort, 'restUv' | 'mvcUv'>> = { rest: 'restUv', mvc: 'mvcUv' };
const efforts = ['rest', 'mvc'] as const;

function EmgEffortRow(props: { readonly effort: EmgEffort; readonly value: EmgTrigger; readonly onChange: (value: EmgTrigger) => void }) {
  const words = textOf(planTexts);
  const { state } = useStation();
  const { effort, value, onChange } = props;
  const [measure, setMeasure] = useState<EmgMeasure | null>(null);
  const [heard, setHeard] = useState(true);
  useFrame((nowMs) => {
    if (measure === null) return;
    const telemetry = state.telemetry.peek();
    if (measure.take(telemetry?.value(`emgMeanUv${value.channel + 1}`) ?? Number.NaN, nowMs)) return;
    const uv = measure.result();
    setMeasure(null);
    setHeard(uv !== null);
    if (uv !== null) onChange({ ...value, [keys[effort]]: Math.round(uv * 10) / 10 });
  });
  return (
    <div class="plan-effort">
      <label>
        <span>{`${words.effort[effort]}, µV`}</span>
        <input type="number" min={0} max={40_000} step={0.1} value={value[keys[effort]]} data-testid={`emg-${effort}`} onChange={(event) => onChange({ ...value, [keys[effort]]: event.currentTarget.valueAsNumber || 0 })} />
      </label>
      <Button testId={`emg-measure-${effort}`} disabled={measure !== null || state.link.value !== 'up'} onPress={() => setMeasure(new EmgMeasure(effort))}>{measure === null ? words.measure[effort] : words.measuring}</Button>
      {heard ? null : <p role="alert">{words.notHeard}</p>}
    </div>
  );
}

export function TriggerForm({ profile, value, onChange }: PlanFormProps<Trigger>) {
  const words = textOf(planTexts);
  const channels = emgChannels(profile);
  const torque = value.source === 'torque';
  const { min, max } = torque ? TRIGGER_TORQUE_NM : TRIGGER_SHARE;
  const now = torque ? value.thresholdNm : value.thresholdShare;
  const shown = (threshold: number): string => (torque ? formatNumber(threshold, 1) : formatNumber(100 * threshold));
  return (
    <div class="plan-form">
      {channels === 0 ? null : <Choice name={words.source} value={value.source} options={(['torque', 'emg'] as const).map((id) => ({ id, label: words.sources[id], testId: `trigger-${id}` }))} onChoose={(source) => onChange(firstTrigger(source))} />}
      {value.source === 'emg' && channels > 1 ? (
        <Choice name={words.channel} value={String(value.channel)} options={Array.from({ length: channels }, (_, channel) => ({ id: String(channel), label: `${words.channel} ${channel + 1}` }))} onChoose={(channel) => onChange({ ...value, channel: Number(channel), restUv: 0, mvcUv: 0 })} />
      ) : null}
      {value.source === 'emg' ? efforts.map((effort) => <EmgEffortRow key={`${effort}${value.channel}`} effort={effort} value={value} onChange={onChange} />) : null}
      <StepControl
        size="row"
        testId="trigger-threshold"
        label={words.threshold}
        value={shown(now)}
        unit={torque ? 'Nm' : words.ofMvc}
        detail={`${shown(min)} … ${shown(max)}`}
        atMin={now <= min}
        atMax={now >= max}
        lessLabel={words.less(words.threshold)}
        moreLabel={words.more(words.threshold)}
        onStep={(steps) => onChange(stepThreshold(value, steps))}
      />
    </div>
  );
}
