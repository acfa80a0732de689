/** The safety lab: the controller's own step on a model robot, every input in the hand of who looks. */
import { useMemo, useState } from 'preact/hooks';
import type { RobotProfile } from '../../protocols/profile.ts';
import { useFrame } from '../app/frame-loop.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { Button } from '../design/components.tsx';
import { CommandPanel, DecisionCard } from './decision-panel.tsx';
import { InputsPanel } from './inputs-panel.tsx';
import { presetsOf } from './lab-inputs.ts';
import { LabPlot } from './lab-plot.tsx';
import { LabRunner } from './lab-runner.ts';
import { LinesPanel } from './lines-panel.tsx';
import { labTexts } from './texts.ts';
import './safety-lab.css';

export function SafetyLabRoom() {
  const words = textOf(labTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  const [jointId, setJointId] = useState<string | null>(null);
  const joint = profile?.joints.find(({ id }) => id === jointId) ?? profile?.joints.find(({ kind }) => kind === 'knee') ?? profile?.joints[0];
  return (
    <div class="lab">
      <header class="lab-head">
        <h1>{words.title}</h1>
        <p class="lab-no-robot">{words.noRobot}</p>
        {profile === null || joint === undefined ? null : (
          <label class="lab-select">
            <span>{words.joint}</span>
            <select value={joint.id} data-testid="lab-joint" onChange={(event) => setJointId(event.currentTarget.value)}>
              {profile.joints.map(({ id, name }) => <option key={id} value={id}>{name[language.value]}</option>)}
            </select>
          </label>
        )}
      </header>
      {profile === null || joint === undefined ? <p class="lab-none">{profile === null ? words.noProfile : words.movesNothing}</p> : <Bench key={joint.id} profile={profile} chosen={profile.joints.indexOf(joint)} />}
    </div>
  );
}

function Bench({ profile, chosen }: { readonly profile: RobotProfile; readonly chosen: number }) {
  const runner = useMemo(() => new LabRunner(profile, chosen), [profile, chosen]);
  useFrame((nowMs) => runner.frame(nowMs));
  return (
    <div class="lab-bench">
      <Tools runner={runner} profile={profile} />
      <InputsPanel runner={runner} profile={profile} />
      <div class="lab-results">
        <DecisionCard runner={runner} profile={profile} />
        <CommandPanel runner={runner} />
        <LabPlot runner={runner} kind="angle" />
        <LabPlot runner={runner} kind="torque" />
        <LinesPanel runner={runner} profile={profile} />
      </div>
    </div>
  );
}

function Tools({ runner, profile }: { readonly runner: LabRunner; readonly profile: RobotProfile }) {
  const words = textOf(labTexts);
  const running = runner.running.value;
  const { isUp, cycle, timeSec } = runner.view.value;
  return (
    <div class="lab-tools">
      <div class="lab-presets" role="group" aria-label={words.presets} title={words.presets}>
        {presetsOf(profile).map((preset) => (
          <Button key={preset} testId={`lab-preset-${preset}`} onPress={() => runner.choose(preset)}>{words.preset[preset]}</Button>
        ))}
      </div>
      <div class="lab-clock">
        <span data-testid="lab-clock" data-up={isUp}>{isUp ? words.cycle(formatNumber(cycle), formatNumber(timeSec, 2)) : words.bringingUp}</span>
        <Button testId="lab-run" onPress={() => { runner.running.value = !running; }}>{running ? words.halt : words.run}</Button>
        <Button testId="lab-step" onPress={() => runner.step()}>{words.step}</Button>
      </div>
    </div>
  );
}
