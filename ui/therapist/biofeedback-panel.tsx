/** Who moved each joint in the last strides, the patient or the robot; by direction, sign and words, not by colour alone. */
import type { SupervisorState } from '../../protocols/supervision.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { SHOWN_STRIDES } from '../state/station-state.ts';
import { barScaleNm, jointBars, phases, type JointBars, type Phase } from './stride-bars.ts';
import { liveTexts } from './texts.ts';
import './biofeedback-panel.css';

const WIDTH = 60;
const HEIGHT = 24;
const STEP = WIDTH / SHOWN_STRIDES;
const GAP = 2;

/** Never of no height: a stride near zero is a stride, too. */
const heightOf = (valueNm: number, scaleNm: number): number => Math.max(1, (Math.abs(valueNm) / scaleNm) * (HEIGHT / 2 - 1));

function Bars({ valuesNm, scaleNm }: { readonly valuesNm: readonly (number | null)[]; readonly scaleNm: number }) {
  const first = SHOWN_STRIDES - valuesNm.length;
  return (
    <svg class="feedback-bars" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {valuesNm.map((valueNm, i) => {
        if (valueNm === null) return null;
        const height = heightOf(valueNm, scaleNm);
        const place = { x: (first + i) * STEP + GAP / 2, width: STEP - GAP, y: valueNm > 0 ? HEIGHT / 2 - height : HEIGHT / 2, height };
        return <rect key={i} {...place} data-by={valueNm > 0 ? 'patient' : 'robot'} data-newest={i === valuesNm.length - 1} />;
      })}
      <line x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
    </svg>
  );
}

function Cell({ bars, phase, scaleNm }: { readonly bars: JointBars; readonly phase: Phase; readonly scaleNm: number }) {
  const words = textOf(liveTexts);
  const valuesNm = bars.valuesNm[phase];
  const newest = valuesNm.at(-1) ?? null;
  const sign = newest !== null && newest > 0 ? '+' : '';
  return (
    <td data-testid={`feedback-${bars.joint.id}-${phase}`}>
      <Bars valuesNm={valuesNm} scaleNm={scaleNm} />
      <b>{`${sign}${formatNumber(newest, 1)}`}</b>
      {newest === null ? null : <span class="visually-hidden">{` Nm, ${newest > 0 ? words.patientDrives : words.robotDrives}`}</span>}
    </td>
  );
}

/** After a stop its place belongs to what the stop says. */
const shownIn: readonly (SupervisorState | undefined)[] = ['running', 'paused', 'stopping'];

export function BiofeedbackPanel() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  const supervised = state.supervision.value?.state;
  const bars = profile === null ? [] : jointBars(profile, state.strides.value);
  if (bars.length === 0 || !shownIn.includes(supervised)) return null;
  const scaleNm = barScaleNm(bars);
  return (
    <section class="feedback" aria-label={words.feedbackHint} data-old={supervised !== 'running' || state.link.value !== 'up'} data-testid="biofeedback">
      <p>
        <span data-by="patient">{words.patientDrives}</span>
        <span data-by="robot">{words.robotDrives}</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{`± ${formatNumber(scaleNm)} Nm`}</th>
            {phases.map((phase) => (
              <th key={phase} scope="col">{words.gaitPhases[phase]}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.map((joint) => (
            <tr key={joint.joint.id} data-side={joint.joint.side}>
              <th scope="row">
                <i class="side-mark" aria-hidden="true" />
                {joint.joint.name[language.value]}
              </th>
              {phases.map((phase) => (
                <Cell key={phase} bars={joint} phase={phase} scaleNm={scaleNm} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
