/** Sliders and switches: all that the safety code is told of the joint, the hub, the people and the computer. */
import { driveStates, type DriveState } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { groups, isReading, sliderRanges, slidersOf, switchesOf, type Group, type Slider, type SliderRange, type Switch } from './lab-inputs.ts';
import type { LabRunner } from './lab-runner.ts';
import { labTexts } from './texts.ts';

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

const isDriveState = (value: string): value is DriveState => driveStates.some((state) => state === value);

function DriveStateRow({ runner }: { readonly runner: LabRunner }) {
  const words = textOf(labTexts);
  const set = runner.inputs.value.driveState;
  return (
    <label class="lab-select">
      <span>{words.driveState}</span>
      <select value={set ?? 'follow'} data-testid="lab-driveState" onChange={({ currentTarget: { value } }) => runner.set({ driveState: isDriveState(value) ? value : null })}>
        {(['follow', ...driveStates] as const).map((state) => (
          <option key={state} value={state}>{words.driveStates[state]}</option>
        ))}
      </select>
    </label>
  );
}

function GroupOf({ runner, group, ranges }: { readonly runner: LabRunner; readonly group: Group; readonly ranges: Readonly<Record<Slider, SliderRange>> }) {
  return (
    <fieldset class="lab-group">
      <legend>{textOf(labTexts).group[group]}</legend>
      {slidersOf[group].map((slider) => (
        <SliderRow key={slider} runner={runner} slider={slider} range={ranges[slider]} />
      ))}
      {group === 'drive' ? <DriveStateRow runner={runner} /> : null}
      {switchesOf[group].map((name) => (
        <SwitchRow key={name} runner={runner} name={name} />
      ))}
    </fieldset>
  );
}

export function InputsPanel({ runner, profile }: { readonly runner: LabRunner; readonly profile: RobotProfile }) {
  const ranges = sliderRanges(profile, runner.joint);
  return (
    <section class="lab-panel lab-inputs" aria-label={textOf(labTexts).inputs}>
      {groups.map((group) => (
        <GroupOf key={group} runner={runner} group={group} ranges={ranges} />
      ))}
    </section>
  );
}
