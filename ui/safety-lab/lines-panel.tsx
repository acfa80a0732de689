/** The lines of the failsafe table that see their condition, with the grace that each has spent. */
import { causeTexts } from '../app/causes.ts';
import { formatNumber, textOf } from '../app/language.ts';
import type { LabRunner } from './lab-runner.ts';
import type { ActiveLine } from './safety-lab.ts';
import { labTexts } from './texts.ts';

function Line({ line }: { readonly line: ActiveLine }) {
  const words = textOf(labTexts);
  const status = [line.dormant && line.present ? words.dormant : line.present ? words.present : words.gone, ...(line.latched ? [words.latched] : [])];
  return (
    <tr data-latched={line.latched}>
      <td><code>{line.check}</code></td>
      <td>{textOf(causeTexts)[line.cause].title}</td>
      <td>{words.action[line.action]}</td>
      <td>
        {words.graceOf(formatNumber(line.spentMs), formatNumber(line.graceMs))}
        {line.graceMs > 0 ? <span class="lab-grace" aria-hidden="true"><i style={{ width: `${(100 * line.spentMs) / line.graceMs}%` }} /></span> : null}
      </td>
      <td>{status.join(' · ')}</td>
    </tr>
  );
}

export function LinesPanel({ runner }: { readonly runner: LabRunner }) {
  const words = textOf(labTexts);
  const { lines } = runner.view.value;
  return (
    <section class="lab-panel lab-lines" data-testid="lab-lines">
      <h2>{words.lines}</h2>
      {lines.length === 0 ? (
        <p class="lab-none">{words.noLines}</p>
      ) : (
        <table>
          <thead>
            <tr>{[words.check, words.cause, words.thenAction, words.grace, words.status].map((name) => <th key={name} scope="col">{name}</th>)}</tr>
          </thead>
          <tbody>{lines.map((line) => <Line key={line.check} line={line} />)}</tbody>
        </table>
      )}
    </section>
  );
}
