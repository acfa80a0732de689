/** One card per joint: its angle is the largest thing on it. Values are written straight to the page, frame by frame. */
import { useMemo, useRef } from 'preact/hooks';
import { limitReasons } from '../../protocols/session-log.ts';
import { allJointsOf, toRangeRad, type AnyJoint, type RangeRad } from '../../protocols/profile.ts';
import { radToDeg } from '../../protocols/units.ts';
import { unitOf } from '../app/joint-unit.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { setText, useFrame } from '../app/frame-loop.ts';
import { useStation } from '../app/station-context.ts';
import { freshness } from '../state/staleness.ts';
import { liveTexts } from './texts.ts';
import './joint-cards.css';

/** Numbers change at a rate that can be read; needles follow every frame. */
const TEXT_EVERY_MS = 90;
/** Without `released`, which only says that the drives are off. */
const LIMIT_MASK = limitReasons.reduce((mask, reason, bit) => (reason === 'position' || reason === 'velocity' || reason === 'torque' ? mask | (1 << bit) : mask), 0);
const LIMIT_SHOWN_MS = 600;

/** Percent of the way along the track, which spans the mechanical stops. */
const along = (joint: AnyJoint, deg: number): number => {
  const { min, max } = joint.mechanicalStopDeg;
  return Math.min(100, Math.max(0, ((deg - min) / (max - min)) * 100));
};

function RangeTrack(props: { joint: AnyJoint; permitted: RangeRad; needle: { current: HTMLDivElement | null } }) {
  const { joint, permitted } = props;
  const span = (fromDeg: number, toDeg: number): { left: string; right: string } => ({ left: `${along(joint, fromDeg)}%`, right: `${100 - along(joint, toDeg)}%` });
  const [min, max] = [radToDeg(permitted.min), radToDeg(permitted.max)];
  const widest = 'drive' in joint ? joint.hardRangeDeg : joint.mechanicalStopDeg;
  return (
    <div class="range-track" aria-hidden="true">
      <i class="range-soft" style={span(widest.min, widest.max)} />
      <i class="range-permitted" style={span(min, max)} />
      <i class="range-zero" style={{ left: `${along(joint, 0)}%` }} />
      <div class="range-needle" ref={props.needle}>
        <i />
      </div>
    </div>
  );
}

function JointCard(props: { joint: AnyJoint; index: number; permitted: RangeRad }) {
  const { joint, index, permitted } = props;
  const words = textOf(liveTexts);
  const { state } = useStation();
  const card = useRef<HTMLElement>(null);
  const angle = useRef<HTMLSpanElement>(null);
  const torque = useRef<HTMLSpanElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const needle = useRef<HTMLDivElement>(null);
  const { unit, perDeg } = unitOf(joint);
  const limitedAtMs = useRef(-Infinity);
  const staleMs = state.profile.value?.watchdogs.inputMaxAgeMs ?? 0;
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    const reading = telemetry?.joint(index);
    if (reading === undefined || !Number.isFinite(reading.angleRad)) return;
    if (needle.current !== null) needle.current.style.transform = `translateX(${along(joint, radToDeg(reading.angleRad))}%)`;
  });
  useFrame((nowMs) => {
    const telemetry = state.telemetry.peek();
    if (telemetry === null || card.current === null) return;
    const reading = telemetry.joint(index);
    const packetAgeMs = telemetry.packetAgeMs();
    const fresh = freshness(reading.ageMs, packetAgeMs, staleMs);
    card.current.dataset['fresh'] = fresh;
    setText(angle.current, formatNumber(perDeg * radToDeg(reading.angleRad), 1));
    setText(torque.current, fresh === 'stale' ? '–' : formatNumber(reading.torqueNm, 1));
    setText(age.current, ageText(reading.ageMs + (fresh === 'live' ? 0 : packetAgeMs), fresh === 'stale', words.staleValue));
    if ((telemetry.value(`limitedBy.${joint.id}`) & LIMIT_MASK) !== 0) limitedAtMs.current = nowMs;
    card.current.dataset['limited'] = String(nowMs - limitedAtMs.current < LIMIT_SHOWN_MS);
  }, TEXT_EVERY_MS);
  return (
    <article class="panel joint-card" ref={card} data-side={joint.side} data-fresh="stale" data-testid={`joint-${joint.id}`}>
      <h3>
        <i class="side-mark" aria-hidden="true" />
        {joint.name[language.value]}
        <em>{words.limited}</em>
      </h3>
      <p class="joint-angle">
        <span ref={angle} data-testid={`angle-${joint.id}`}>–</span>
        <small>{unit.trim()}</small>
      </p>
      {'drive' in joint ? (
        <p class="joint-meta">
          {`${words.robotTorque} `}
          <b ref={torque}>–</b>
          {' Nm'}
        </p>
      ) : (
        <p class="joint-meta">{words.measuredOnly}</p>
      )}
      <p class="joint-meta joint-meta-right">
        {`${'drive' in joint ? words.permitted : words.usualRange} ${formatNumber(perDeg * radToDeg(permitted.min))} … ${formatNumber(perDeg * radToDeg(permitted.max))}${unit} · `}
        <span class="joint-age" ref={age}>–</span>
      </p>
      <RangeTrack joint={joint} permitted={permitted} needle={needle} />
    </article>
  );
}

function ageText(ageMs: number, stale: boolean, staleWord: string): string {
  if (!Number.isFinite(ageMs)) return staleWord;
  const text = ageMs < 1_000 ? `${formatNumber(ageMs)} ms` : `${formatNumber(ageMs / 1_000, 1)} s`;
  return stale ? `${staleWord} ${text}` : text;
}

export function JointCards() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  const permitted = state.permittedRangeRad.value;
  const order = useMemo(() => (profile === null ? [] : allJointsOf(profile)).map((joint, index) => ({ joint, index })), [profile]);
  return (
    <section class="joint-cards" aria-label={words.joints} title={words.rangeLegend}>
      {order.map(({ joint, index }) => {
        const range = 'drive' in joint ? permitted[index] : toRangeRad(joint.softRangeDeg);
        return range === undefined ? null : <JointCard key={joint.id} joint={joint} index={index} permitted={range} />;
      })}
    </section>
  );
}
