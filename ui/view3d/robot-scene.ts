/**
 * The robot with who is in it in three dimensions, for the live screen and for the replay. Draws only when something changed. Joints come in the profile's order; angles in radians, flexion positive.
 */
import { ACESFilmicToneMapping, Mesh, MeshStandardMaterial, Scene, Vector3, WebGLRenderer, type Material, type Object3D } from 'three';
import { allJointsOf, isArm, isFootplate, isGait, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import { createArmFigure } from './arm-figure.ts';
import { createEdgeSmoothing, rendersInSoftware, type EdgeSmoothing } from './edge-smoothing.ts';
import type { RobotFigure } from './figure.ts';
import { FrameBudget } from './frame-budget.ts';
import { createLegFigure } from './leg-figure.ts';
import { createPlateFigure } from './plate-figure.ts';
import { createStage, lights, studioLight, type Stage } from './stage.ts';
import { createViewCamera, type CameraView } from './view-camera.ts';

export type { CameraView } from './view-camera.ts';

export interface RobotScene {
  /** Not a number: unknown, drawn stale where it last was. Ages decide what is stale; torque in Nm, flexion positive. */
  setPose(positionsRad: ArrayLike<number>, ageMs: ArrayLike<number>, torquesNm: ArrayLike<number>): void;
  /** Permitted range per joint. */
  setRanges(permittedRangeRad: readonly RangeRad[]): void;
  /** Reference pose as a ghost, or null for none. */
  setReference(positionsRad: ArrayLike<number> | null): void;
  /** Of an arm robot's shoulder over the floor, m; what is no number leaves it where it is. */
  setLift(heightM: number): void;
  /** Moves the belt's marks. */
  setDistance(distanceM: number): void;
  setTheme(theme: 'dark' | 'light'): void;
  /** Fits the canvas to its place on the page; call when that changes. */
  resize(): void;
  setCamera(view: CameraView): void;
  /** Moves the picture aside from what covers this much of the canvas, from its left edge, CSS pixels. */
  setCovered(leftPx: number): void;
  /** Where a joint is on the canvas, CSS pixels. Fills and returns `out`. */
  anchorOf(jointIndex: number, out: { x: number; y: number }): { x: number; y: number };
  /** Frames drawn since the start, for measuring. */
  frames(): number;
  dispose(): void;
}

const MAX_PIXEL_RATIO = 1.5;

/** By the class of the robot. */
function figureOf(profile: RobotProfile, bodyHeightM: number): RobotFigure {
  if (isGait(profile)) return createLegFigure(profile, bodyHeightM);
  if (isArm(profile)) return createArmFigure(profile, bodyHeightM);
  if (isFootplate(profile)) return createPlateFigure(profile, bodyHeightM);
  throw new RangeError(`profile ${profile.id} is of no class that can be shown`);
}

/** Reflections are a third of a frame without a graphics card; bare metal without them would be black. */
function dull(object: Object3D): void {
  if (!(object instanceof Mesh) || !(object.material instanceof MeshStandardMaterial)) return;
  object.material.metalness *= 0.3;
}

/** Asked of a context of its own, because a canvas keeps the first one that it was given. */
function drawsInSoftware(): boolean {
  const probe = document.createElement('canvas').getContext('webgl2');
  if (probe === null) return false;
  const software = rendersInSoftware(probe);
  probe.getExtension('WEBGL_lose_context')?.loseContext();
  return software;
}

interface World {
  readonly renderer: WebGLRenderer;
  /** null where the graphics card smooths edges itself. */
  readonly smoothing: EdgeSmoothing | null;
  readonly scene: Scene;
  readonly stage: Stage;
  readonly figure: RobotFigure;
}

function buildWorld(canvas: HTMLCanvasElement, profile: RobotProfile, bodyHeightM: number): World {
  const software = drawsInSoftware();
  const renderer = new WebGLRenderer({ canvas, antialias: !software, alpha: true, powerPreference: 'high-performance' });
  renderer.toneMapping = ACESFilmicToneMapping;
  renderer.toneMappingExposure = 1.05;
  renderer.setClearAlpha(0);
  const scene = new Scene();
  if (!software) {
    scene.environment = studioLight(renderer);
    scene.environmentIntensity = 0.55;
  }
  const figure = figureOf(profile, bodyHeightM);
  const stage = createStage(figure.stanceM, figure.feet() !== null);
  scene.add(stage.group, lights(software), figure.root);
  if (software) scene.traverse(dull);
  return { renderer, smoothing: software ? createEdgeSmoothing() : null, scene, stage, figure };
}

function disposeWorld(world: World): void {
  world.scene.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    object.geometry.dispose();
    const materials: Material[] = Array.isArray(object.material) ? object.material : [object.material];
    for (const material of materials) material.dispose();
  });
  world.scene.environment?.dispose();
  world.smoothing?.dispose();
  world.renderer.dispose();
}

/** Draws only when asked, and at most every `everyMs()`. */
function onDemand(draw: (sinceLastMs: number) => void, everyMs: () => number): { invalidate(): void; cancel(): void } {
  let pending = 0;
  let drawnMs = -Infinity;
  const step = (nowMs: number): void => {
    if (nowMs - drawnMs < everyMs()) {
      pending = requestAnimationFrame(step);
      return;
    }
    const sinceLastMs = nowMs - drawnMs;
    pending = 0;
    drawnMs = nowMs;
    draw(sinceLastMs);
  };
  return {
    invalidate() {
      if (pending === 0) pending = requestAnimationFrame(step);
    },
    cancel() {
      cancelAnimationFrame(pending);
    },
  };
}

/** Below this no pixel changes: a robot at rest costs nothing to show. */
const SEEN_RAD = 0.0008;
const SEEN_NM = 0.4;

/** What the last drawn pose was made of. */
class SeenPose {
  readonly #last: Float64Array;

  constructor(private readonly jointCount: number) {
    this.#last = new Float64Array(jointCount * 3).fill(Number.NaN);
  }

  /** Remembers the pose when it differs visibly from the last one. */
  differs(positionsRad: ArrayLike<number>, ageMs: ArrayLike<number>, torquesNm: ArrayLike<number>, staleMs: number): boolean {
    let differs = false;
    for (let j = 0; j < this.jointCount && !differs; j++) {
      const stale = Number((ageMs[j] ?? Infinity) <= staleMs);
      differs =
        this.#last[j * 3 + 2] !== stale ||
        !(Math.abs((positionsRad[j] ?? Number.NaN) - (this.#last[j * 3] ?? Number.NaN)) < SEEN_RAD) ||
        !(Math.abs((torquesNm[j] ?? 0) - (this.#last[j * 3 + 1] ?? 0)) < SEEN_NM);
    }
    if (differs) {
      for (let j = 0; j < this.jointCount; j++) {
        this.#last[j * 3] = positionsRad[j] ?? Number.NaN;
        this.#last[j * 3 + 1] = torquesNm[j] ?? 0;
        this.#last[j * 3 + 2] = Number((ageMs[j] ?? Infinity) <= staleMs);
      }
    }
    return differs;
  }
}

function poseWorld(world: World, profile: RobotProfile, positionsRad: ArrayLike<number>, ageMs: ArrayLike<number>, torquesNm: ArrayLike<number>): void {
  const staleMs = profile.watchdogs.inputMaxAgeMs;
  let staleJoints = 0;
  const count = allJointsOf(profile).length;
  for (let index = 0; index < count; index++) {
    const known = Number.isFinite(positionsRad[index] ?? Number.NaN);
    const stale = !known || !((ageMs[index] ?? Infinity) <= staleMs);
    if (stale) staleJoints++;
    world.figure.setJoint(index, { positionRad: known ? (positionsRad[index] ?? 0) : null, torqueNm: torquesNm[index] ?? Number.NaN, stale });
  }
  world.figure.setFrame(staleJoints === count);
  const feet = world.figure.feet();
  if (feet !== null) world.stage.setFeet(...feet);
}

export function createRobotScene(canvas: HTMLCanvasElement, profile: RobotProfile, bodyHeightM: number): RobotScene {
  const world = buildWorld(canvas, profile, bodyHeightM);
  const { renderer, scene, stage, figure } = world;
  const staleMs = profile.watchdogs.inputMaxAgeMs;
  let drawn = 0;
  const budget = new FrameBudget();
  const painter = onDemand((sinceLastMs) => {
    budget.add(sinceLastMs);
    figure.lookFrom(view.camera.position);
    renderer.render(scene, view.camera);
    world.smoothing?.apply(renderer);
    drawn++;
  }, () => (world.smoothing === null ? 0 : budget.everyMs));
  const view = createViewCamera(canvas, figure.picture, () => painter.invalidate());
  const resize = (): void => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || height === 0) return;
    renderer.setPixelRatio(world.smoothing === null ? Math.min(devicePixelRatio, MAX_PIXEL_RATIO) : 1);
    renderer.setSize(width, height, false);
    view.resize(width, height);
  };
  const point = new Vector3();
  const seen = new SeenPose(allJointsOf(profile).length);
  resize();
  return {
    setPose(positionsRad, ageMs, torquesNm) {
      if (!seen.differs(positionsRad, ageMs, torquesNm, staleMs)) return;
      poseWorld(world, profile, positionsRad, ageMs, torquesNm);
      painter.invalidate();
    },
    setRanges(permittedRangeRad) {
      permittedRangeRad.forEach((range, index) => figure.setRange(index, range));
      painter.invalidate();
    },
    setReference(positionsRad) {
      if (figure.setReference(positionsRad)) painter.invalidate();
    },
    setLift: (heightM) => void (figure.setLift?.(heightM) === true && painter.invalidate()),
    setDistance: (distanceM) => stage.setDistance(distanceM),
    setTheme(theme) {
      stage.setTheme(theme);
      painter.invalidate();
    },
    resize,
    setCamera: (next) => view.set(next),
    setCovered: (leftPx) => view.setCovered(leftPx),
    anchorOf(jointIndex, out) {
      if (figure.anchor(jointIndex)?.getWorldPosition(point).project(view.camera) === undefined) return out;
      out.x = ((point.x + 1) / 2) * canvas.clientWidth;
      out.y = ((1 - point.y) / 2) * canvas.clientHeight;
      return out;
    },
    frames: () => drawn,
    dispose() {
      painter.cancel();
      view.dispose();
      disposeWorld(world);
    },
  };
}

