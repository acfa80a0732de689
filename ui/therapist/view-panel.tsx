/** The robot in three dimensions, with the angle of each near joint written beside it. */
import { allJointsOf } from '../../protocols/profile.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { sides } from '../../protocols/supervision.ts';
import { radToDeg } from '../../protocols/units.ts';
import { unitOf } from '../app/joint-unit.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { onFrame, setText } from '../app/frame-loop.ts';
import { useStation } from '../app/station-context.ts';
import { Button, Choice } from '../design/components.tsx';
import type { StationState } from '../state/station-state.ts';
import { shownAgeMs } from '../state/staleness.ts';
import { keepApart } from '../view3d/label-places.ts';
import { createRobotScene, type RobotScene } from '../view3d/robot-scene.ts';
import { cameraViews, type CameraView } from '../view3d/view-camera.ts';
import { BiofeedbackPanel } from './biofeedback-panel.tsx';
import { liveTexts } from './texts.ts';
import './view-panel.css';

/** Body height of the figure while no session says whose legs they are. */
const NOBODY_HEIGHT_M = 1.75;
const LABEL_EVERY_MS = 90;
/** With some air. */
const LABEL_PX = { width: 72, height: 28 } as const;
const NOWHERE = { x: 0, y: 0 } as const;

/** Moves the scene with the telemetry until the returned function is called. */
function follow(scene: RobotScene, state: StationState, withReference: () => boolean, labels: readonly HTMLElement[]): () => void {
  const profile = state.profile.peek();
  const count = profile === null ? 0 : allJointsOf(profile).length;
  const [angles, ages, torques, reference] = [0, 1, 2, 3].map(() => new Float64Array(count)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const anchors = labels.map(() => ({ x: 0, y: 0 }));
  // Those of the two sides are written to the two sides of what they stand for.
  const groups = sides.map((side) => anchors.filter((_, j) => labels[j]?.dataset['side'] === side));
  const endPose = onFrame(() => {
    const telemetry = state.telemetry.peek();
    if (telemetry === null) return;
    const packetAgeMs = telemetry.packetAgeMs();
    for (let j = 0; j < count; j++) {
      const reading = telemetry.joint(j);
      angles[j] = reading.angleRad;
      ages[j] = shownAgeMs(reading.ageMs, packetAgeMs);
      torques[j] = reading.torqueNm;
      reference[j] = reading.referenceRad;
    }
    scene.setDistance(telemetry.value('distanceM'));
    scene.setPose(angles, ages, torques);
    if (Number.isFinite(telemetry.value('liftAgeUs'))) scene.setLift(telemetry.value('liftHeightM'));
    scene.setReference(withReference() ? reference : null);
    anchors.forEach((anchor, j) => scene.anchorOf(j, anchor));
    for (const group of groups) keepApart(group, LABEL_PX.width, LABEL_PX.height);
    labels.forEach((label, j) => {
      const anchor = anchors[j] ?? NOWHERE;
      label.style.transform = `translate(${anchor.x.toFixed(1)}px, ${anchor.y.toFixed(1)}px)`;
    });
  });
  const staleMs = profile?.watchdogs.inputMaxAgeMs ?? 0;
  const endText = onFrame(() => {
    labels.forEach((label, j) => {
      const angle = angles[j] ?? Number.NaN;
      label.dataset['stale'] = String(!((ages[j] ?? Infinity) <= staleMs));
      const { unit, perDeg } = unitOf(profile?.joints[j] ?? {});
      setText(label, Number.isFinite(angle) ? `${formatNumber(perDeg * radToDeg(angle), 1)}${unit}` : '');
    });
  }, LABEL_EVERY_MS);
  return () => {
    endPose();
    endText();
  };
}

function createScene(canvas: HTMLCanvasElement, state: StationState, heightM: number): RobotScene | null {
  const profile = state.profile.peek();
  if (profile === null) return null;
  try {
    return createRobotScene(canvas, profile, heightM);
  } catch {
    return null;
  }
}

function useScene(view: CameraView, referenceOn: boolean) {
  const { state } = useStation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const labelLayer = useRef<HTMLDivElement>(null);
  const cover = useRef<HTMLDivElement>(null);
  const scene = useRef<RobotScene | null>(null);
  const reference = useRef(referenceOn);
  const [failed, setFailed] = useState(false);
  reference.current = referenceOn;
  const profile = state.profile.value;
  const heightM = state.status.value?.session?.setup.heightM ?? NOBODY_HEIGHT_M;
  useEffect(() => {
    if (canvas.current === null || labelLayer.current === null || profile === null) return undefined;
    const made = createScene(canvas.current, state, heightM);
    setFailed(made === null);
    if (made === null) return undefined;
    scene.current = made;
    made.setRanges(state.permittedRangeRad.peek());
    made.setCamera(view);
    const unfollow = follow(made, state, () => reference.current, [...labelLayer.current.querySelectorAll<HTMLElement>('.angle-label')]);
    const coverIn = cover.current;
    const observer = new ResizeObserver(() => {
      made.resize();
      made.setCovered(coverIn === null || coverIn.clientWidth === 0 ? 0 : coverIn.offsetLeft + coverIn.clientWidth);
    });
    observer.observe(canvas.current);
    if (coverIn !== null) observer.observe(coverIn);
    return () => {
      unfollow();
      observer.disconnect();
      made.dispose();
      scene.current = null;
    };
  }, [profile, heightM]);
  const ranges = state.permittedRangeRad.value;
  useEffect(() => scene.current?.setRanges(ranges), [ranges]);
  useEffect(() => scene.current?.setCamera(view), [view]);
  return { canvas, labelLayer, cover, failed, sceneKey: `${profile?.id ?? ''}:${heightM}` };
}

export function ViewPanel() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const [view, setView] = useState<CameraView>('sagittal');
  const [referenceOn, setReferenceOn] = useState(true);
  const { canvas, labelLayer, cover, failed, sceneKey } = useScene(view, referenceOn);
  return (
    <div class="view-panel" data-view={view}>
      {/* A WebGL context cannot be made twice on one canvas: another body gets another canvas. */}
      <canvas key={sceneKey} ref={canvas} role="img" aria-label={words.sceneLabel} data-testid="view3d" />
      <div class="angle-labels" ref={labelLayer} aria-hidden="true">
        {(state.profile.value === null ? [] : allJointsOf(state.profile.value)).map((joint) => <span key={joint.id} class="angle-label" data-side={joint.side} data-kind={joint.kind} />)}
      </div>
      {failed ? <p class="view-failed">{words.noWebgl}</p> : null}
      <div class="view-cover" ref={cover}>{state.profile.value?.class === 'arm' ? null : <BiofeedbackPanel />}</div>
      <div class="view-tools">
        <Choice name={words.view} value={view} options={cameraViews.map((id) => ({ id, label: words.cameras[id], testId: `camera-${id}` }))} onChoose={setView} />
        <Button tone="quiet" pressed={referenceOn} onPress={() => setReferenceOn(!referenceOn)}>{words.reference}</Button>
      </div>
    </div>
  );
}
