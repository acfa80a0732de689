/** What has been done in this session: steps, distance, time walked; and what belt and support do now. */
import { formatDistance, formatDuration, formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { liveTexts } from './texts.ts';
import './training-figures.css';

export function TrainingFigures() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const figures = state.figures.value;
  const profile = state.profile.value;
  const arm = profile?.class === 'arm';
  const distance = formatDistance(figures.distanceM);
  return (
    <dl class="panel figures" aria-label={words.figures} data-old={state.link.value !== 'up'}>
      <div>
        <dt>{arm ? words.repetitions : words.steps}</dt>
        <dd data-testid="steps">{formatNumber(figures.steps)}</dd>
      </div>
      <div>
        <dt>{words.distance}</dt>
        <dd>
          {distance.value}
          <small>{distance.unit}</small>
        </dd>
      </div>
      <div>
        <dt>{arm ? words.trainingTime : words.walkTime}</dt>
        <dd>{formatDuration(figures.walkTimeSec)}</dd>
      </div>
      <div>
        <dt>{words.upTime}</dt>
        <dd>{formatDuration(figures.upTimeSec)}</dd>
      </div>
      {profile?.treadmill === undefined ? null : (
        <div>
          <dt>{words.belt}</dt>
          <dd data-testid="belt">
            {formatNumber(figures.beltKmh, 1)}
            <small>km/h</small>
          </dd>
        </div>
      )}
      {profile?.hub.inputs?.grip === undefined ? null : (
        <div>
          <dt>{words.grip}</dt>
          <dd data-testid="grip">
            {formatNumber(figures.gripN)}
            <small>N</small>
          </dd>
        </div>
      )}
      {profile?.bodyWeightSupport === undefined ? null : (
        <div>
          <dt>{words.unloading}</dt>
          <dd data-testid="unloading">
            {formatNumber(figures.unloadingKg)}
            <small>kg</small>
          </dd>
        </div>
      )}
    </dl>
  );
}
