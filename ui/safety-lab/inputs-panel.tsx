/** Sliders, switches and choices: all that the safety code is told of the robot, the people and the computer. */
import { useState } from 'preact/hooks';
import type { RobotProfile } from '../../protocols/profile.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { changedIn, choices, groups, healthyInputs, inputsOf, isReading, sliderRanges, type Group, type Select, type Slider, type SliderRange, type Switch } from './lab-inputs.ts';
import type { LabRunner } from './lab-runner.ts';
import { labTexts } from './texts.ts';
import './lab-inputs.css';

/** Open at first: what most people try. */
const OPEN: readonly Group[] = ['joint', 'person', 'sensors', 'drive'];

const decimals = (range: SliderRange): number => (range.step < 1 ? 1 : 0);

function SliderRow({ runner, slider, range }: { readonly runner: LabRunner; readonly slider: Slider; readonly range: SliderRange }) {
  const words = textOf(labTexts);
  const label = words.slider[slider];
  const set = runner.inputs.value[slider];
  const value = set ?? (isReading(slider) ? runner.view.value.shown[slider] : 0);
  const text = `${formatNumber(value, decimals(range))} ${range.unit}`.trim();
  const id = `lab-${slider}`;
  const held = isReading(slider) && set !== null;
  return (
    <div class="lab-slider" data-held={held}>
      <label for={id}>{label}</label>
      <output for={id}>{text}</output>
      <input
        id={id}
        type="range"
        data-testid={id}
        min={range.min}
        max={range.max}
        step={range.step}
        value={value}
        aria-valuetext={held ? `${text}, ${words.held}` : text}
        onInput={(event) => runner.set({ [slider]: event.currentTarget.valueAsNumber })}
      />
      {held ? (
        <button type="button" class="lab-follow" aria-label={words.follow(label)} title={words.follow(label)} onClick={() => runner.set({ [slider]: null })}>
          <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round">
            <path d="M6 6l12 12M18 6L6 18" />
          </svg>
        </button>
      ) : null}
    </div>
  );
}

function SwitchRow({ runner, name }: { readonly runner: LabRunner; readonly name: Switch }) {
  return (
    <label class="lab-switch">
      <input type="checkbox" role="switch" data-testid={`lab-${name}`} checked={runner.inputs.value[name]} onChange={(event) => runner.set({ [name]: event.currentTarget.checked })} />
      <span>{textOf(labTexts).switch[name]}</span>
    </label>
  );
}

function SelectRow({ runner, name }: { readonly runner: LabRunner; readonly name: Select }) {
  const words = textOf(labTexts);
  return (
    <label class="lab-select">
      <span>{words.select[name]}</span>
      <select value={runner.inputs.value[name]} data-testid={`lab-${name}`} onChange={({ currentTarget }) => runner.set({ [name]: choices[name].find((choice) => choice === currentTarget.value) })}>
        {choices[name].map((choice) => (
          <option key={choice} value={choice}>{words.choice[choice]}</option>
        ))}
      </select>
    </label>
  );
}

function GroupOf({ runner, group, profile, ranges }: { readonly runner: LabRunner; readonly group: Group; readonly profile: RobotProfile; readonly ranges: Readonly<Record<Slider, SliderRange>> }) {
  const words = textOf(labTexts);
  const [open, setOpen] = useState(OPEN.includes(group));
  const inputs = inputsOf(group, profile);
  const changed = changedIn(inputs, runner.inputs.value, healthyInputs(profile));
  const hint = words.hint[group];
  if (Object.values(inputs).every((names) => names.length === 0)) return null;
  return (
    <details class="lab-group" open={open} data-testid={`lab-group-${group}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {words.group[group]}
        {changed > 0 ? <span class="lab-changed">{words.changed(changed)}</span> : null}
      </summary>
      {hint === undefined ? null : <p class="lab-hint">{hint}</p>}
      {inputs.sliders.map((slider) => (
        <SliderRow key={slider} runner={runner} slider={slider} range={ranges[slider]} />
      ))}
      {inputs.selects.map((name) => (
        <SelectRow key={name} runner={runner} name={name} />
      ))}
      {inputs.switches.map((name) => (
        <SwitchRow key={name} runner={runner} name={name} />
      ))}
    </details>
  );
}

export function InputsPanel({ runner, profile }: { readonly runner: LabRunner; readonly profile: RobotProfile }) {
  const joint = profile.joints[runner.chosen];
  if (joint === undefined) return null;
  const ranges = sliderRanges(profile, joint);
  return (
    <section class="lab-panel lab-inputs" aria-label={textOf(labTexts).inputs}>
      {groups.map((group) => (
        <GroupOf key={group} runner={runner} group={group} profile={profile} ranges={ranges} />
      ))}
    </section>
  );
}
