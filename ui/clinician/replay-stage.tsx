/** The 3D replay: robot and legs as recorded, and the numbers behind the picture. */
import { useComputed, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SessionReplay, TimelineEvent } from '../../protocols/api.ts';
import { allJointsOf, type AnyJoint, type RobotProfile } from '../../protocols/profile.ts';
import { supervisorStates } from '../../protocols/supervision.ts';
import { radToDeg } from '../../protocols/units.ts';
import { unitOf } from '../app/joint-unit.ts';
import { formatNumber, language, textOf } from '../app/language.ts';
import { cameraViews, type CameraView } from '../view3d/view-camera.ts';
import { createRobotScene, type RobotScene } from '../view3d/robot-scene.ts';
import { beltDistanceM } from './belt.ts';
import { signed } from './figures.ts';
import { emptySample, indexAt, sampleAt, strideAt, type ReplaySample } from './replay-clock.ts';
import type { ReplayPlayer } from './replay-player.ts';
import { clinicianTexts } from './texts.ts';

export interface ReplayStageProps {
  readonly player: ReplayPlayer;
  readonly replay: SessionReplay;
  readonly profile: RobotProfile;
}

export interface ReplayStagePanelProps extends ReplayStageProps {
  readonly events: readonly TimelineEvent[];
  readonly meanSpeedMps: number;
}

export function ReplayStage({ player, replay, profile, events, meanSpeedMps }: ReplayStagePanelProps) {
  const texts = textOf(clinicianTexts).replay;
  const [view, setView] = useState<CameraView>('sagittal');
  const beltM = useMemo(() => beltDistanceM(replay, events, meanSpeedMps), [replay, events, meanSpeedMps]);
  return (
    <section class="cl-panel cl-replay" aria-labelledby="cl-replay-title">
      <header>
        <h2 id="cl-replay-title">{texts.title}</h2>
        <div class="cl-segmented" role="group" aria-label={texts.view}>
          {cameraViews.map((candidate) => (
            <button key={candidate} type="button" aria-pressed={candidate === view} onClick={() => setView(candidate)}>
              {texts.views[candidate]}
            </button>
          ))}
        </div>
      </header>
      <Scene player={player} replay={replay} profile={profile} view={view} beltM={beltM} />
      <AngleTable player={player} replay={replay} profile={profile} />
    </section>
  );
}

interface SceneProps extends ReplayStageProps {
  readonly view: CameraView;
  readonly beltM: Float64Array;
}

function Scene({ player, replay, profile, view, beltM }: SceneProps) {
  const texts = textOf(clinicianTexts);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scene, setScene] = useState<RobotScene | null>(null);
  const [failed, setFailed] = useState(false);
  const sample = useMemo(() => emptySample(allJointsOf(profile).length), [profile]);
  const ages = useMemo(() => allJointsOf(profile).map(() => 0), [profile]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const made = tryScene(element, profile, replay.bodyHeightM);
    if (made === null) {
      setFailed(true);
      return undefined;
    }
    made.setTheme('light');
    made.setRanges(replay.permittedRangeRad);
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    setScene(made);
    return () => {
      observer.disconnect();
      made.dispose();
      setScene(null);
    };
  }, [profile, replay]);
  useEffect(() => scene?.setCamera(view), [scene, view]);
  const time = player.timeSec;
  useEffect(() => {
    if (scene === null) return undefined;
    return time.subscribe((atSec) => {
      sampleAt(replay, atSec, sample);
      scene.setPose(sample.positionRad, ages, sample.torqueNm);
      scene.setDistance(beltM[indexAt(replay.timeSec, atSec)] ?? 0);
      scene.setReference(supervisorStates[sample.state] === 'running' ? sample.referenceRad : null);
    });
  }, [scene, replay, sample, ages, time, beltM]);
  return (
    <div class="cl-scene">
      {failed && <p class="cl-notice">{texts.replay.no3d}</p>}
      {!failed && <canvas ref={canvas} data-testid="replay-canvas" role="img" aria-label={texts.replay.title} />}
      <StateChip player={player} replay={replay} />
    </div>
  );
}

function tryScene(canvas: HTMLCanvasElement, profile: RobotProfile, bodyHeightM: number): RobotScene | null {
  try {
    return createRobotScene(canvas, profile, bodyHeightM);
  } catch {
    // No WebGL: the page says so and the numbers still replay.
    return null;
  }
}

function StateChip({ player, replay }: Pick<ReplayStageProps, 'player' | 'replay'>) {
  const { states } = textOf(clinicianTexts);
  const state = useComputed(() => supervisorStates[sampleAt(replay, player.timeSec.value, emptySample(0)).state] ?? 'connecting').value;
  return (
    <p class="cl-state-chip" data-state={state}>
      {states[state]}
    </p>
  );
}

/** Stance and swing of the stride that is shown. */
function feedbackText(stride: ReturnType<typeof strideAt>): string {
  if (stride === null) return '–';
  const [stance, swing] = [stride.stanceNm, stride.swingNm].map((valueNm) => (valueNm === null ? '–' : signed(valueNm, 1)));
  return `${stance} · ${swing} Nm`;
}

/** Numbers that change faster than ten times a second cannot be read. */
const READ_OUT_HZ = 10;

function AngleTable({ player, replay, profile }: ReplayStageProps) {
  const { replay: texts, table } = textOf(clinicianTexts);
  const ticks = useComputed(() => Math.floor(player.timeSec.value * READ_OUT_HZ));
  const [sample, setSample] = useState<ReplaySample>(() => emptySample(allJointsOf(profile).length));
  useSignalEffect(() => {
    const atSec = ticks.value / READ_OUT_HZ;
    setSample(sampleAt(replay, atSec, emptySample(allJointsOf(profile).length)));
  });
  // At rest the reference leads nowhere.
  const walking = supervisorStates[sample.state] === 'running';
  const atSec = ticks.value / READ_OUT_HZ;
  const place = (joint: AnyJoint, rad: number | undefined): string => {
    const { unit, perDeg } = unitOf(joint);
    return `${formatNumber(rad === undefined ? null : perDeg * radToDeg(rad), 1)}${unit}`;
  };
  return (
    <table class="cl-angles">
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">{table.joint}</span>
          </th>
          <th scope="col">{texts.measured}</th>
          <th scope="col">{texts.reference}</th>
          <th scope="col">{texts.torque}</th>
          <th scope="col" title={table.feedbackMeaning}>
            {texts.feedback}
            <span class="visually-hidden"> ({table.feedbackMeaning})</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {allJointsOf(profile).map((joint, i) => (
          <tr key={joint.id} data-side={joint.side}>
            <th scope="row">
              <i class="cl-swatch" aria-hidden="true" />
              {joint.name[language.value]}
            </th>
            <td>
              <b>{place(joint, sample.positionRad[i])}</b>
            </td>
            <td>{walking ? place(joint, sample.referenceRad[i]) : '–'}</td>
            <td>{'drive' in joint ? `${formatNumber(sample.torqueNm[i] ?? null, 1)} Nm` : '–'}</td>
            <td>{feedbackText(strideAt(replay, joint.id, atSec))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
