/** In place of the joints while a session is open and the robot may not be armed: what is missing, and why. */
import { useSignal } from '@preact/signals';
import { confirmations, type Cause } from '../../protocols/supervision.ts';
import { isDriven, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import { modesOf } from '../../protocols/training-mode.ts';
import { radToDeg } from '../../protocols/units.ts';
import { causeTexts } from '../app/causes.ts';
import { useFrame } from '../app/frame-loop.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { trainingModeTexts } from '../app/training-modes.ts';
import { useSteady } from '../design/use-steady.ts';
import type { LiveTelemetry } from '../state/live-telemetry.ts';
import type { StationState } from '../state/station-state.ts';
import { readinessRows, type ReadinessRow } from './readiness-list.ts';
import type { ReadinessTexts } from './text-keys.ts';
import { readinessTexts } from './texts.ts';
import './preparation.css';

/** What only blips is no reason to swap a panel. */
const STEADY_MS = 600;
const LOOK_EVERY_MS = 200;

/** Taken with every redraw: shows when something that lasts keeps the robot from being armed. */
export function useReadinessShown(state: StationState): boolean {
  const current = state.supervision.value?.state;
  const open = (state.status.value?.session ?? null) !== null;
  const blocked = (state.status.value?.blockers ?? []).length > 0;
  const driven = state.profile.value === null || isDriven(state.profile.value);
  return useSteady(driven && open && state.link.value === 'up' && (current === 'recovering' || ((current === 'ready' || current === 'idle') && blocked)), STEADY_MS);
}

/** One line for each joint that stands outside its range, and how far. */
function outsideLines(profile: RobotProfile, ranges: readonly RangeRad[], telemetry: LiveTelemetry, words: ReadinessTexts): string[] {
  return profile.joints.flatMap((joint, j) => {
    const [range, angleRad] = [ranges[j], telemetry.joint(j).angleRad];
    if (range === undefined) return [];
    const degrees = (rad: number): string => formatNumber(radToDeg(rad), 1);
    const name = joint.name[language.value];
    if (angleRad > range.max) return [words.above(name, degrees(angleRad - range.max))];
    return angleRad < range.min ? [words.below(name, degrees(range.min - angleRad))] : [];
  });
}

/** Signals, so that only these lines change while a joint is led back. */
function Outside() {
  const words = textOf(readinessTexts);
  const { state } = useStation();
  const lines = useSignal('');
  useFrame(() => {
    const [profile, telemetry] = [state.profile.peek(), state.telemetry.peek()];
    if (profile !== null && telemetry !== null) lines.value = outsideLines(profile, state.permittedRangeRad.peek(), telemetry, words).join('\n');
  }, LOOK_EVERY_MS);
  return (
    <>
      {lines.value.split('\n').map((line) => (
        <span key={line} class="ready-joint" data-testid="joint-outside">{line}</span>
      ))}
    </>
  );
}

function Reason({ cause }: { readonly cause: Cause }) {
  const words = textOf(readinessTexts);
  const { state } = useStation();
  const confirmed = state.status.value?.session?.setup.confirmed;
  const { title, check } = textOf(causeTexts)[cause];
  if (cause === 'outsideSoftRange') return <p><Outside /></p>;
  if (cause === 'notConfirmed') return <p>{words.confirmAgain(confirmations.filter((what) => confirmed?.[what] !== true).map((what) => words.missing[what]).join(', '))}</p>;
  if (cause === 'notPrepared') return <p>{words.prepareAgain}</p>;
  return (
    <p>
      <b>{`${title}. `}</b>
      {check}
    </p>
  );
}

function Row({ row }: { readonly row: ReadinessRow }) {
  const words = textOf(readinessTexts);
  return (
    <li data-ok={row.cause === null} data-testid={`ready-${row.item}`}>
      <i class="prep-mark" aria-hidden="true" />
      <span>
        {words.items[row.item]}
        {row.cause === null ? <span class="visually-hidden">{`: ${words.fine}`}</span> : null}
      </span>
      {row.core ? <small title={words.coreHint}>{words.core}</small> : <span />}
      {row.cause === null ? null : <Reason cause={row.cause} />}
    </li>
  );
}

export function ReadinessPanel() {
  const words = textOf(readinessTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  if (profile === null) return null;
  const mode = state.parameters.value?.mode ?? modesOf(profile)[0];
  const title = words.beforeArmingOf(textOf(trainingModeTexts)[mode].name);
  return (
    <section class="panel ready-panel" data-testid="readiness" aria-label={title}>
      <h2>{title}</h2>
      <ul class="ready-rows">
        {readinessRows(mode, state.status.value?.blockers ?? [], profile).map((row) => <Row key={row.item} row={row} />)}
      </ul>
    </section>
  );
}
