/** Every change and stop as a row: when, what, who, why; the time moves the replay there. */
import type { TimelineEvent } from '../../protocols/api.ts';
import { textOf } from '../app/language.ts';
import { eventSentence, reasonWords } from './event-words.ts';
import { clockText } from './figures.ts';
import type { ReplayPlayer } from './replay-player.ts';
import { clinicianTexts } from './texts.ts';
import { readableEvents, stateOf } from './timeline.ts';

export function EventList({ events, player }: { readonly events: readonly TimelineEvent[]; readonly player: ReplayPlayer }) {
  const texts = textOf(clinicianTexts).events;
  const shown = readableEvents(events);
  return (
    <section class="cl-panel cl-events" aria-labelledby="cl-events-title">
      <header>
        <h2 id="cl-events-title">{texts.title}</h2>
      </header>
      {shown.length === 0 ? (
        <p class="cl-muted">{texts.none}</p>
      ) : (
        <div class="cl-events-scroll" tabIndex={0} role="group" aria-labelledby="cl-events-title">
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.time}</th>
                <th scope="col">{texts.what}</th>
                <th scope="col">{texts.who}</th>
                <th scope="col">{texts.why}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((event, i) => (
                <tr key={i} data-kind={rowKind(event)}>
                  <td>
                    <button type="button" aria-label={texts.jump(clockText(event.atSec))} onClick={() => player.seek(event.atSec)}>
                      {clockText(event.atSec)}
                    </button>
                  </td>
                  <td>{eventSentence(event)}</td>
                  <td>{event.actor ?? '–'}</td>
                  <td>{reasonWords(event) ?? (event.kind === 'parameter' ? <span class="cl-muted">{texts.noReason}</span> : '–')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function rowKind(event: TimelineEvent): 'stop' | 'change' | 'other' {
  if (event.kind === 'stop') return 'stop';
  const state = event.kind === 'state' ? stateOf(event) : null;
  if (state === 'stopped' || state === 'emergency') return 'stop';
  return event.kind === 'parameter' ? 'change' : 'other';
}
