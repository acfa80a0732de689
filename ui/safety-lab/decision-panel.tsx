/** What the cycle decided: the action with its cause and advice, and how the command was changed on its way. */
import type { RobotProfile } from '../../protocols/profile.ts';
import { radToDeg } from '../../protocols/units.ts';
import { causeTexts } from '../app/causes.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { Button } from '../design/components.tsx';
import type { LabRunner } from './lab-runner.ts';
import type { LabCommand, LabView } from './safety-lab.ts';
import { labTexts } from './texts.ts';

const toneOf = (view: LabView): 'calm' | 'warn' | 'alarm' => (view.action === 'none' ? 'calm' : view.action === 'warn' || view.action === 'limit' ? 'warn' : 'alarm');

export function DecisionCard({ runner, profile }: { readonly runner: LabRunner; readonly profile: RobotProfile }) {
  const words = textOf(labTexts);
  const view = runner.view.value;
  const cause = textOf(causeTexts)[view.cause];
  const joint = profile.joints[view.causeJoint]?.name[language.value];
  const blocked = view.state === 'ready' && view.readyBlocker !== 'none';
  return (
    <section class="lab-panel lab-decision" data-tone={toneOf(view)} data-testid="lab-decision" data-action={view.action} data-cause={view.cause} data-state={view.state}>
      <h2>{words.decision}</h2>
      <p class="lab-action" role="status">{words.action[view.action]}</p>
      <p class="lab-cause">{joint === undefined ? cause.title : `${cause.title} (${joint})`}</p>
      {cause.check === '' ? null : <p class="lab-advice"><b>{words.advice}</b> {cause.check}</p>}
      <ul class="lab-facts">
        <li>{words.state[view.state]}</li>
        <li>{view.energised ? words.energised : words.released}</li>
        <li>{view.latched === 'none' ? words.notLatched : words.latched}</li>
        {blocked ? <li>{words.blocker}: {textOf(causeTexts)[view.readyBlocker].title}</li> : null}
      </ul>
      <div class="lab-buttons">
        <Button tone="accent" testId="lab-acknowledge" disabled={view.latched === 'none'} onPress={() => runner.press('acknowledge')}>{words.acknowledge}</Button>
        <Button testId="lab-arm" disabled={view.state !== 'ready' || blocked} onPress={() => runner.press('arm')}>{words.arm}</Button>
        <Button testId="lab-start" disabled={view.state !== 'armed'} onPress={() => runner.press('start')}>{words.start}</Button>
        <Button testId="lab-stop" onPress={() => runner.press('stop')}>{words.stop}</Button>
      </div>
    </section>
  );
}

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
  readonly of: (command: LabCommand) => number;
}

const rows = (words: ReturnType<typeof textOf<(typeof labTexts)['en']>>): readonly Row[] => [
  { name: words.angle, unit: '°', decimals: 1, of: (command) => radToDeg(command.positionRad) },
  { name: words.speed, unit: '°/s', decimals: 0, of: (command) => radToDeg(command.velocityRadPerSec) },
  { name: words.stiffness, unit: 'Nm/rad', decimals: 0, of: (command) => command.stiffnessNmPerRad },
  { name: words.damping, unit: 'Nms/rad', decimals: 1, of: (command) => command.dampingNmsPerRad },
  { name: words.feedForward, unit: 'Nm', decimals: 1, of: (command) => command.torqueNm },
  { name: words.driveTorque, unit: 'Nm', decimals: 1, of: (command) => command.driveNm },
];

export function CommandPanel({ runner }: { readonly runner: LabRunner }) {
  const words = textOf(labTexts);
  const { desired, permitted, limitedBy, tried } = runner.view.value;
  return (
    <section class="lab-panel lab-command">
      <table>
        <caption>{words.command}</caption>
        <thead>
          <tr><th scope="col">{words.quantity}</th><th scope="col">{words.desired}</th><th scope="col">{words.permitted}</th></tr>
        </thead>
        <tbody>
          {rows(words).map(({ name, unit, decimals, of }) => {
            const [wanted, allowed] = [formatNumber(of(desired), decimals), formatNumber(of(permitted), decimals)];
            return (
              <tr key={name} data-changed={wanted !== allowed}>
                <th scope="row">{name} <small>{unit}</small></th>
                <td>{wanted}</td>
                <td>{allowed}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {tried ? <p class="lab-tried">{words.tried}</p> : null}
      <p class="lab-limited"><b>{words.limitedBy}</b> {limitedBy.length === 0 ? words.unlimited : limitedBy.map((reason) => words.reason[reason]).join(' · ')}</p>
    </section>
  );
}
