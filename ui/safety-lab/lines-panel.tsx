/** The lines of the failsafe table: those that see their condition, or all, with the grace that each has spent. */
import { useState } from 'preact/hooks';
import type { RobotProfile } from '../../protocols/profile.ts';
import { causeTexts } from '../app/causes.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { Choice } from '../design/components.tsx';
import type { LabRunner } from './lab-runner.ts';
import { isActive, type LabLine } from './safety-lab.ts';
import type { LabTexts } from './text-keys.ts';
import { labTexts } from './texts.ts';

function statusOf(line: LabLine, words: LabTexts): string {
  const now = !isActive(line) ? words.absent : line.dormant && line.present ? words.dormant : line.present ? words.present : words.gone;
  return line.latched ? `${now} · ${words.latched}` : now;
}

function Line({ line, joint }: { readonly line: LabLine; readonly joint: string | undefined }) {
  const words = textOf(labTexts);
  const { title } = textOf(causeTexts)[line.cause];
  return (
    <tr data-latched={line.latched} data-active={isActive(line)}>
      <td><code>{line.check}</code></td>
      <td>{joint === undefined ? title : `${title} (${joint})`}</td>
      <td>{words.action[line.action]}</td>
      <td>
        {words.graceOf(formatNumber(line.spentMs), formatNumber(line.graceMs))}
        {line.graceMs > 0 ? <span class="lab-grace" aria-hidden="true"><i style={{ width: `${(100 * line.spentMs) / line.graceMs}%` }} /></span> : null}
      </td>
      <td>{statusOf(line, words)}</td>
    </tr>
  );
}

export function LinesPanel({ runner, profile }: { readonly runner: LabRunner; readonly profile: RobotProfile }) {
  const words = textOf(labTexts);
  const [which, setWhich] = useState<'active' | 'all'>('active');
  const { lines } = runner.view.value;
  const shown = which === 'all' ? lines : lines.filter(isActive);
  const options = (['active', 'all'] as const).map((id) => ({ id, label: id === 'all' ? words.allLines(formatNumber(lines.length)) : words.activeLines, testId: `lab-lines-${id}` }));
  return (
    <section class="lab-panel lab-lines" data-testid="lab-lines">
      <header>
        <h2>{words.lines}</h2>
        <Choice name={words.lines} value={which} options={options} onChoose={setWhich} />
      </header>
      {shown.length === 0 ? (
        <p class="lab-none">{words.noLines}</p>
      ) : (
        <div class="lab-scroll">
          <table>
            <thead>
              <tr>{[words.check, words.cause, words.thenAction, words.grace, words.status].map((name) => <th key={name} scope="col">{name}</th>)}</tr>
            </thead>
            <tbody>{shown.map((line) => <Line key={line.check} line={line} joint={profile.joints[line.joint]?.name[language.value]} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
