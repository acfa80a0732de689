/** The head of every page: where one is, who trains, who is in control, and whether what is shown is live. */
import { useState } from 'preact/hooks';
import { Choice } from '../design/components.tsx';
import { LiveStatus } from '../therapist/live-status.tsx';
import { liveTexts } from '../therapist/texts.ts';
import { DisplayDialog } from './display-dialog.tsx';
import { chooseLanguage, language, textOf, type Language } from './language.ts';
import { route, routeHash } from './route.ts';
import { useStation } from './station-context.ts';

const languageChoices: readonly { readonly id: Language; readonly label: string; readonly title: string; readonly testId: string; readonly lang: string }[] = [
  { id: 'ko', label: '한', title: '한국어', testId: 'lang-ko', lang: 'ko' },
  { id: 'en', label: 'EN', title: 'English', testId: 'lang-en', lang: 'en' },
  { id: 'de', label: 'DE', title: 'Deutsch', testId: 'lang-de', lang: 'de' },
];

export function TopBar() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const [sizing, setSizing] = useState(false);
  const { room } = route.value;
  // While somebody trains, the patient's name needs the place, and nobody has anything to look for in the lab.
  const labShown = room === 'safety-lab' || (state.status.value?.session ?? null) === null;
  return (
    <header class="top-bar">
      <span class="brand">
        da<b>ri</b>
        {state.status.value?.simulated === true ? <span class="brand-simulated" title={words.simulatedHint}>{words.simulated}</span> : null}
      </span>
      <nav class="rooms" aria-label={words.navigation}>
        <a href={routeHash({ room: 'live' })} data-testid="nav-live" aria-current={room === 'live' ? 'page' : undefined}>{words.navLive}</a>
        <a href={routeHash({ room: 'history', sessionId: null })} data-testid="nav-history" aria-current={room === 'history' ? 'page' : undefined}>{words.navHistory}</a>
        {labShown ? <a href={routeHash({ room: 'safety-lab' })} data-testid="nav-safety-lab" aria-current={room === 'safety-lab' ? 'page' : undefined}>{words.navLab}</a> : null}
      </nav>
      <LiveStatus />
      <Choice name={words.languageName} value={language.value} options={languageChoices} onChoose={chooseLanguage} />
      <button type="button" class="icon-button" aria-label={words.display} title={words.display} aria-expanded={sizing} onClick={() => setSizing(!sizing)}>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">
          <path d="M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8M16 4h2.500A1.5 1.5 0 0 1 20 5.500V8M20 16v2.500a1.500 1.500 0 0 1-1.500 1.500H16M8 20H5.500A1.500 1.500 0 0 1 4 18.500V16M8 12h8M12 8v8" />
        </svg>
      </button>
      {sizing ? <DisplayDialog onClose={() => setSizing(false)} /> : null}
    </header>
  );
}
