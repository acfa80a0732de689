/** Nobody is fitted before the empty robot has tested itself and come home: its steps, and what the person does now. */
import { useState } from 'preact/hooks';
import type { PreparationNews } from '../../protocols/preparation.ts';
import { causeTexts } from '../app/causes.ts';
import { language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { HoldButton } from '../design/hold-button.tsx';
import { HoldToRunButton } from '../design/hold-to-run-button.tsx';
import { useSettled } from '../design/use-settled.ts';
import { liveTexts } from '../therapist/texts.ts';
import { stepRows } from './preparation-steps.ts';
import type { FailureText } from './text-keys.ts';
import { readinessTexts } from './texts.ts';
import './preparation.css';

function StepList({ news }: { readonly news: PreparationNews }) {
  const words = textOf(readinessTexts);
  return (
    <ol class="prep-steps">
      {stepRows(news).map(({ step, status }) => (
        <li key={step} data-status={status} data-testid={`prep-${step}`}>
          <i class="prep-mark" aria-hidden="true" />
          <span>{words.steps[step]}</span>
          <em>{words.statuses[status]}</em>
        </li>
      ))}
    </ol>
  );
}

function failureText({ reason, cause }: PreparationNews): FailureText | null {
  if (reason === 'none') return null;
  if (reason !== 'guard') return textOf(readinessTexts).failures[reason];
  const { title, check } = textOf(causeTexts)[cause];
  return { what: `${title}.`, check };
}

function Failure({ news }: { readonly news: PreparationNews }) {
  const words = textOf(readinessTexts);
  const { state } = useStation();
  const failure = news.status === 'failed' ? failureText(news) : null;
  if (failure === null) return null;
  const joint = state.profile.value?.joints.find(({ id }) => id === news.joint)?.name[language.value];
  return (
    <div class="prep-failure" data-testid="prep-failure" data-reason={news.reason} data-cause={news.cause}>
      <strong>{words.failed(words.steps[news.step]) + (joint === undefined ? '' : ` · ${joint}`)}</strong>
      <p>{failure.what}</p>
      <p>{failure.check}</p>
    </div>
  );
}

function Prompt(props: { readonly title: string; readonly what: string; readonly urgent?: boolean }) {
  return (
    <div class="prep-prompt" data-urgent={props.urgent === true} data-testid="prep-prompt">
      <strong>{props.title}</strong>
      <p>{props.what}</p>
    </div>
  );
}

/** What stands above the one button. */
function Asked({ news }: { readonly news: PreparationNews }) {
  const words = textOf(readinessTexts);
  if (news.ask === 'pressEstop') return <Prompt title={words.pressEstop} what={words.pressEstopWhat} urgent />;
  if (news.ask === 'releaseEstop') return <Prompt title={words.releaseEstop} what={words.releaseEstopWhat} urgent />;
  if (news.ask === 'acknowledge') return <Prompt title={words.acknowledgeNow} what={words.acknowledgeNowWhat} urgent />;
  if (news.ask === 'none' && (news.status === 'running' || news.status === 'waiting') && news.step !== 'homing') return <Prompt title={words.testing} what={words.testingWhat} />;
  if (news.tested && news.status !== 'failed') return <Prompt title={words.goHome} what={words.goHomeWhat} />;
  return news.status === 'none' ? <p class="prep-what">{words.prepareWhat}</p> : null;
}

function SelfTest({ ready, again }: { readonly ready: boolean; readonly again: boolean }) {
  const words = textOf(readinessTexts);
  const { operator } = useStation();
  const [empty, setEmpty] = useState(false);
  return (
    <>
      <label class="tick-row">
        <input type="checkbox" checked={empty} disabled={!ready} data-testid="nobody-inside" onChange={(event) => setEmpty(event.currentTarget.checked)} />
        <span>{words.nobodyInside}</span>
      </label>
      <HoldButton
        testId="begin-self-test"
        label={again ? `${words.beginSelfTest}: ${words.again}` : words.beginSelfTest}
        summary={empty ? words.beginSelfTestSummary : words.confirmEmptyFirst}
        disabled={!ready || !empty || operator.busy.value}
        onHold={() => void operator.prepare()}
      />
    </>
  );
}

function NextAction({ news }: { readonly news: PreparationNews }) {
  const words = textOf(readinessTexts);
  const live = textOf(liveTexts);
  const { state, operator } = useStation();
  const current = state.supervision.value?.state ?? 'connecting';
  const stopped = current === 'stopped' || current === 'emergency';
  const acts = stopped ? 'acknowledge' : current === 'idle' || current === 'homing' ? (news.tested ? 'home' : 'test') : 'wait';
  const settled = useSettled(acts) && state.link.value === 'up';
  if (acts === 'acknowledge') {
    const open = news.ask === 'pressEstop' || news.ask === 'releaseEstop';
    return <HoldButton key="acknowledge" testId="acknowledge" label={live.acknowledge} summary={live.acknowledgeSummary} disabled={!settled || open || operator.busy.value} onHold={() => void operator.command('acknowledge')} />;
  }
  if (acts === 'home') {
    return <HoldToRunButton key="home" testId="home" label={words.goHome} summary={words.goHomeSummary} disabled={!settled} onPress={() => void operator.heldMotion.press('home')} onRelease={() => operator.heldMotion.letGo()} />;
  }
  if (acts === 'test' && news.status !== 'running' && news.status !== 'waiting') return <SelfTest ready={settled} again={news.status === 'failed'} />;
  return current === 'connecting' && news.ask === 'none' ? <p class="prep-what">{words.waitForRobot}</p> : null;
}

export function PreparationPanel({ news }: { readonly news: PreparationNews }) {
  const words = textOf(readinessTexts);
  return (
    <section class="panel prep" data-testid="preparation" data-step={news.step} data-status={news.status} data-ask={news.ask} aria-label={words.prepare}>
      <h2>{words.prepare}</h2>
      <StepList news={news} />
      <div class="prep-now" aria-live="polite">
        <Failure news={news} />
        <Asked news={news} />
      </div>
      <div class="prep-action">
        <NextAction news={news} />
      </div>
    </section>
  );
}
