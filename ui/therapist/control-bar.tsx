/** The foot of the live room: speed, guidance, range of motion; what comes next; STOP alone in its corner. */
import { isWalkTest } from '../../protocols/assessment.ts';
import { isDriven } from '../../protocols/profile.ts';
import { springParts } from '../../protocols/supervision.ts';
import { paceOf } from '../../protocols/therapy-limits.ts';
import { guidingModes } from '../../protocols/training-mode.ts';
import { mpsToKmh } from '../../protocols/units.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { StepControl } from '../design/components.tsx';
import { gameTexts } from '../game/texts.ts';
import { GUIDANCE_STEP_PERCENT, guidedSides, paceUnitOf, stepGuidance, stepSpeed, type ShownParameters } from '../state/parameters.ts';
import { NextStep } from './next-step.tsx';
import { SpringControl } from './spring-control.tsx';
import { StopButton } from './stop-button.tsx';
import { liveTexts } from './texts.ts';
import './control-bar.css';

/** What the robot has, or what was just asked of it. */
function useParameters(): { shown: ShownParameters | null; pending: ShownParameters | null; acknowledged: ShownParameters | null } {
  const { state, operator } = useStation();
  // Without a session the robot has no parameters: zeros would look like settings.
  const acknowledged = (state.status.value?.session ?? null) === null ? null : state.parameters.value;
  const pending = operator.pendingParameters.value;
  return { shown: pending ?? acknowledged, pending, acknowledged };
}

function SpeedControl(props: { disabled: boolean }) {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const { shown, pending, acknowledged } = useParameters();
  const profile = state.profile.value;
  if (profile === null) return null;
  const pace = paceOf(profile);
  const { unit, perKmh, decimals, stepKmh } = paceUnitOf(profile);
  const [min, max] = [mpsToKmh(pace.min), mpsToKmh(pace.max)];
  const shownPace = (kmh: number): string => formatNumber(kmh * perKmh, decimals);
  const label = profile.class === 'arm' ? words.handSpeed : words.speed;
  const speed = shown?.speedKmh ?? Number.NaN;
  return (
    <StepControl
      testId="speed"
      label={label}
      value={shownPace(speed)}
      unit={unit}
      detail={words.rangeTo(shownPace(min), shownPace(max))}
      pending={pending !== null && pending.speedKmh !== acknowledged?.speedKmh}
      disabled={props.disabled || shown === null}
      atMin={speed <= min + stepKmh / 10}
      atMax={speed >= max - stepKmh / 10}
      lessLabel={words.less(label)}
      moreLabel={words.more(label)}
      onStep={(steps) => shown !== null && void operator.setParameters(stepSpeed(shown, steps, profile))}
    />
  );
}

function GuidanceControl(props: { disabled: boolean }) {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const { shown, pending, acknowledged } = useParameters();
  const profile = state.profile.value;
  const percent = shown?.guidancePercent ?? { left: Number.NaN, right: Number.NaN };
  // Of a robot for one arm, that arm's alone.
  const [first = 'left', second = first] = profile === null ? [] : guidedSides(profile);
  const [left, right] = [percent[first], percent[second]];
  const same = Object.is(left, right);
  const label = shown === null || guidingModes.includes(shown.mode) ? words.guidance : words.strength;
  return (
    <StepControl
      testId="guidance"
      label={label}
      value={same ? formatNumber(left) : `${formatNumber(left)} | ${formatNumber(right)}`}
      unit="%"
      detail={first === second ? words.rangeTo('0', '100') : words.guidanceSides(formatNumber(left), formatNumber(right))}
      pending={pending !== null && JSON.stringify(pending.guidancePercent) !== JSON.stringify(acknowledged?.guidancePercent)}
      disabled={props.disabled || shown === null}
      atMin={Math.max(left, right) < GUIDANCE_STEP_PERCENT / 2}
      atMax={Math.min(left, right) > 100 - GUIDANCE_STEP_PERCENT / 2}
      lessLabel={words.less(label)}
      moreLabel={words.more(label)}
      onStep={(steps) => shown !== null && void operator.setParameters(stepGuidance(shown, steps, 'both'))}
    />
  );
}

/** Of a robot that moves nothing: what a hand can set, and what ends the session. */
function MeasuringBar(props: { drawerOpen: boolean; onDrawer: () => void }) {
  const game = textOf(gameTexts);
  const { state } = useStation();
  const { shown, pending, acknowledged } = useParameters();
  const ready = state.link.value === 'up' && shown !== null;
  const assesses = state.status.value?.session?.setup.assessment !== undefined;
  return (
    <footer class="control-bar">
      {springParts.map((part) => (
        <div key={part} class="panel control-cell"><SpringControl part={part} shown={shown} pending={pending !== null && pending.springs?.[part] !== acknowledged?.springs?.[part]} disabled={!ready} /></div>
      ))}
      <button type="button" class="panel more-button" data-testid="game-open" aria-expanded={props.drawerOpen} disabled={!ready || assesses} onClick={props.onDrawer}>
        <b>{game.title}</b>
      </button>
      <NextStep />
      <div class="stop-cell"><StopButton /></div>
    </footer>
  );
}

export function ControlBar(props: { drawerOpen: boolean; onDrawer: () => void }) {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const session = state.status.value?.session ?? null;
  // Most assessments go by their own steps alone; of a walk test, speed and help are the therapist's, and of walking before it begins.
  const order = session?.setup.assessment;
  const ready = state.link.value === 'up' && session !== null && (order === undefined || isWalkTest(order.kind) || (order.kind === 'walking' && state.supervision.value?.state !== 'running'));
  if (state.profile.value !== null && !isDriven(state.profile.value)) return <MeasuringBar {...props} />;
  return (
    <footer class="control-bar">
      <div class="panel control-cell"><SpeedControl disabled={!ready} /></div>
      <div class="panel control-cell"><GuidanceControl disabled={!ready} /></div>
      <button type="button" class="panel more-button" data-testid="more-settings" aria-expanded={props.drawerOpen} disabled={!ready} onClick={props.onDrawer}>
        <svg viewBox="0 0 32 32" width="34" height="34" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round">
          <path d="M16 7 6 25M16 7l10 18" />
          <path d="M10.500 17.500a11 11 0 0 0 11 0" stroke="var(--accent)" />
        </svg>
        <b>{words.moreSettings}</b>
        <span>{words.moreSettingsWhat}</span>
      </button>
      <NextStep />
      <div class="stop-cell"><StopButton /></div>
    </footer>
  );
}
