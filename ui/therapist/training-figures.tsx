/** What has been done in this session: steps, distance, time walked. */
import { formatDistance, formatDuration, formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { liveTexts } from './texts.ts';
import './training-figures.css';

export function TrainingFigures() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const figures = state.figures.value;
  const distance = formatDistance(figures.distanceM);
  return (
    <dl class="panel figures" aria-label={words.figures} data-old={state.link.value !== 'up'}>
      <div>
        <dt>{words.steps}</dt>
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
        <dt>{words.walkTime}</dt>
        <dd>{formatDuration(figures.walkTimeSec)}</dd>
      </div>
      <div>
        <dt>{words.upTime}</dt>
        <dd>{formatDuration(figures.upTimeSec)}</dd>
      </div>
    </dl>
  );
}
