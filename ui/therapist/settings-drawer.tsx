/** Range of motion, offset and guidance per leg, in two steps: propose, read old → new, then hold to apply. */
import { useState } from 'preact/hooks';
import type { RobotProfile } from '../../protocols/profile.ts';
import { therapyLimits } from '../../protocols/therapy-limits.ts';
import { guidingModes, modesOf, trainingModes, type TrainingMode } from '../../protocols/training-mode.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { trainingModeTexts } from '../app/training-modes.ts';
import { Button, Dialog, StepControl } from '../design/components.tsx';
import { HoldButton } from '../design/hold-button.tsx';
import { guidedSides, parameterChanges, stepGuidance, stepOffset, stepRom, stepTiming, stepUnloading, type ParameterChange, type ShownParameters } from '../state/parameters.ts';
import type { LiveTexts } from './text-keys.ts';
import { liveTexts } from './texts.ts';
import './settings-drawer.css';

const signed = (deg: number): string => (deg > 0 ? `+${formatNumber(deg)}` : formatNumber(deg));

function JointRow(props: { profile: RobotProfile; index: number; shown: ShownParameters; onChange: (next: ShownParameters) => void }) {
  const words = textOf(liveTexts);
  const { profile, index, shown, onChange } = props;
  const joint = profile.joints[index];
  if (joint === undefined) return null;
  const name = joint.name[language.value];
  const { romScale, offsetDeg } = profile.therapy;
  const rom = shown.romPercent[index] ?? Number.NaN;
  const offset = shown.offsetDeg[index] ?? Number.NaN;
  const { timingShare } = therapyLimits(profile);
  const timing = shown.timingPercent[index] ?? Number.NaN;
  return (
    <fieldset class="drawer-joint" data-side={joint.side}>
      <legend>
        <i class="side-mark" aria-hidden="true" />
        {name}
      </legend>
      <StepControl size="row" label={words.rom} value={formatNumber(rom)} unit="%" detail={words.rangeTo(formatNumber(romScale.min * 100), formatNumber(romScale.max * 100))} atMin={rom <= romScale.min * 100} atMax={rom >= romScale.max * 100} lessLabel={words.less(`${name}, ${words.rom}`)} moreLabel={words.more(`${name}, ${words.rom}`)} onStep={(steps) => onChange(stepRom(shown, index, steps, profile))} />
      <StepControl size="row" label={words.offset} value={signed(offset)} unit="°" detail={words.rangeTo(signed(offsetDeg.min), signed(offsetDeg.max))} atMin={offset <= offsetDeg.min} atMax={offset >= offsetDeg.max} lessLabel={words.less(`${name}, ${words.offset}`)} moreLabel={words.more(`${name}, ${words.offset}`)} onStep={(steps) => onChange(stepOffset(shown, index, steps, profile))} />
      <StepControl size="row" label={words.timing} value={signed(timing)} unit="%" detail={words.rangeTo(signed(timingShare.min * 100), signed(timingShare.max * 100))} atMin={timing <= timingShare.min * 100} atMax={timing >= timingShare.max * 100} lessLabel={words.less(`${name}, ${words.timing}`)} moreLabel={words.more(`${name}, ${words.timing}`)} onStep={(steps) => onChange(stepTiming(shown, index, steps, timingShare))} />
    </fieldset>
  );
}

function modeName(place: number): string {
  const mode = trainingModes[place];
  return mode === undefined ? '' : textOf(trainingModeTexts)[mode].name;
}

function ModeChoice({ modes, chosen, onChoose }: { modes: readonly TrainingMode[]; chosen: TrainingMode; onChoose: (mode: TrainingMode) => void }) {
  const words = textOf(liveTexts);
  const texts = textOf(trainingModeTexts);
  return (
    <fieldset class="drawer-modes">
      <legend>{words.mode}</legend>
      <div>
        {modes.map((mode) => (
          <label key={mode} data-testid={`mode-${mode}`}>
            <input type="radio" name="training-mode" checked={mode === chosen} onChange={() => onChoose(mode)} />
            <b>{texts[mode].name}</b>
          </label>
        ))}
      </div>
      <p class="drawer-hint">{texts[chosen].what}</p>
    </fieldset>
  );
}

function describe(change: ParameterChange, profile: RobotProfile, words: LiveTexts): { what: string; from: string; to: string } {
  const joint = profile.joints[change.joint]?.name[language.value] ?? '';
  const percent = (value: number): string => `${formatNumber(value)} %`;
  const degrees = (value: number): string => `${signed(value)}°`;
  switch (change.key) {
    case 'mode':
      return { what: words.mode, from: modeName(change.from), to: modeName(change.to) };
    case 'speed':
      return { what: words.speed, from: `${formatNumber(change.from, 1)} km/h`, to: `${formatNumber(change.to, 1)} km/h` };
    case 'guidanceLeft':
      return { what: words.guidanceOf(words.left), from: percent(change.from), to: percent(change.to) };
    case 'guidanceRight':
      return { what: words.guidanceOf(words.right), from: percent(change.from), to: percent(change.to) };
    case 'unloading':
      return { what: words.unloading, from: `${formatNumber(change.from)} kg`, to: `${formatNumber(change.to)} kg` };
    case 'rom':
      return { what: `${joint}, ${words.rom}`, from: percent(change.from), to: percent(change.to) };
    case 'timing':
      return { what: `${joint}, ${words.timing}`, from: `${signed(change.from)} %`, to: `${signed(change.to)} %` };
    case 'offset':
      break;
  }
  return { what: `${joint}, ${words.offset}`, from: degrees(change.from), to: degrees(change.to) };
}

function Proposal(props: { changes: readonly ParameterChange[]; profile: RobotProfile; onDiscard: () => void; onApply: () => void }) {
  const words = textOf(liveTexts);
  const { changes, profile } = props;
  return (
    <section class="drawer-proposal" aria-label={words.proposed}>
      {changes.length === 0 ? <p class="drawer-hint">{words.nothingProposed}</p> : null}
      <ul class="changes">
        {changes.map((change) => {
          const { what, from, to } = describe(change, profile, words);
          return (
            <li key={`${change.key}${change.joint}`}>
              <span>{what}</span>
              <b>{from}</b>
              <i aria-hidden="true">→</i>
              <b class="change-new">{to}</b>
            </li>
          );
        })}
      </ul>
      <div class="change-actions">
        <Button tone="quiet" disabled={changes.length === 0} onPress={props.onDiscard}>{words.discard}</Button>
        <HoldButton testId="apply-settings" label={words.applyHold} summary={changes.length === 0 ? words.hold : words.applySummary(changes.length)} disabled={changes.length === 0} onHold={props.onApply} />
      </div>
    </section>
  );
}

export function SettingsDrawer(props: { onClose: () => void }) {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const [proposal, setProposal] = useState<ShownParameters | null>(null);
  const profile = state.profile.value;
  const current = state.parameters.value;
  if (profile === null || current === null) return null;
  // Speed has its own control: whatever it is now stays.
  const shown: ShownParameters = proposal === null ? current : { ...proposal, speedKmh: current.speedKmh };
  const support = profile.bodyWeightSupport;
  // Without a movement that somebody showed there is nothing to replay.
  const shows = state.status.value?.session?.setup.trajectory !== undefined;
  const modes = modesOf(profile).filter((mode) => mode !== 'replay' || shows);
  const guided = guidingModes.includes(shown.mode);
  const strengthLabel = guided ? words.guidance : words.strength;
  const guidance = (side: 'left' | 'right', value: number) => {
    const label = guided ? words.guidanceOf(words[side]) : words.strengthOf(words[side]);
    return <StepControl key={side} size="row" label={label} value={formatNumber(value)} unit="%" detail={words.rangeTo('0', '100')} atMin={value <= 0} atMax={value >= 100} lessLabel={words.less(label)} moreLabel={words.more(label)} onStep={(steps) => setProposal(stepGuidance(shown, steps, side))} />;
  };
  const apply = (): void => {
    void operator.setParameters(shown);
    setProposal(null);
  };
  return (
    <Dialog title={words.moreSettings} closeLabel={words.close} place="drawer" testId="settings-drawer" onClose={props.onClose}>
      <div class="drawer">
        <div class="drawer-joints">
          {modes.length === 1 ? null : <ModeChoice modes={modes} chosen={shown.mode} onChoose={(mode) => setProposal({ ...shown, mode })} />}
          {profile.joints.map((joint, index) => <JointRow key={joint.id} profile={profile} index={index} shown={shown} onChange={setProposal} />)}
          <fieldset class="drawer-joint">
            <legend>{strengthLabel}</legend>
            {guidedSides(profile).map((side) => guidance(side, shown.guidancePercent[side]))}
          </fieldset>
          {support === undefined || shown.unloadingKg === undefined ? null : (
            <fieldset class="drawer-joint">
              <legend>{words.unloading}</legend>
              <StepControl size="row" label={words.unloading} value={formatNumber(shown.unloadingKg)} unit="kg" detail={words.rangeTo('0', formatNumber(support.unloadingMaxKg))} atMin={shown.unloadingKg <= 0} atMax={shown.unloadingKg >= support.unloadingMaxKg} lessLabel={words.less(words.unloading)} moreLabel={words.more(words.unloading)} onStep={(steps) => setProposal(stepUnloading(shown, steps, support.unloadingMaxKg))} />
            </fieldset>
          )}
        </div>
        <Proposal changes={parameterChanges(current, shown)} profile={profile} onDiscard={() => setProposal(null)} onApply={apply} />
      </div>
    </Dialog>
  );
}
