/** Three ways to look: from the side, from the front, or freely by dragging (never below the floor). */
import { PerspectiveCamera, Vector3 } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { Picture } from './figure.ts';

export const cameraViews = ['sagittal', 'front', 'free'] as const;
export type CameraView = (typeof cameraViews)[number];

export interface ViewCamera {
  readonly camera: PerspectiveCamera;
  set(view: CameraView): void;
  resize(width: number, height: number): void;
  /** @param leftPx what something on the page covers of the picture, from its left edge */
  setCovered(leftPx: number): void;
  dispose(): void;
}

const FIELD_DEG = 26;

const directions: Record<CameraView, Vector3> = {
  sagittal: new Vector3(0.3, 0.17, 1).normalize(),
  front: new Vector3(1, 0.14, 0.12).normalize(),
  free: new Vector3(0.85, 0.34, 1).normalize(),
};

export function createViewCamera(canvas: HTMLCanvasElement, { forwardM, aboveM, heightM, widthM }: Picture, onChange: () => void): ViewCamera {
  const target = new Vector3(forwardM, aboveM, 0);
  const camera = new PerspectiveCamera(FIELD_DEG, 1, 0.1, 30);
  const controls = new OrbitControls(camera, canvas);
  controls.enablePan = false;
  controls.enableDamping = false;
  controls.minDistance = 1.6;
  controls.maxDistance = 7;
  controls.maxPolarAngle = Math.PI / 2 - 0.02;
  controls.target.copy(target);
  controls.addEventListener('change', onChange);
  let view: CameraView = 'sagittal';
  const canvasPx = { width: 1, height: 1 };
  let coveredPx = 0;
  /** Beside what covers it, but never nearer to the other edge than to that. */
  const shift = (distanceM: number): void => {
    const { width, height } = canvasPx;
    const picturePx = (widthM * height) / (2 * distanceM * Math.tan((FIELD_DEG * Math.PI) / 360));
    const middle = coveredPx === 0 ? width / 2 : Math.max(width / 2, Math.min(coveredPx + picturePx / 2, (coveredPx + width) / 2));
    camera.setViewOffset(width, height, width / 2 - middle, 0, width, height);
  };
  const fit = (): void => {
    const half = Math.tan((FIELD_DEG * Math.PI) / 360);
    const distance = Math.max(heightM / 2 / half, widthM / 2 / half / camera.aspect);
    camera.position.copy(target).addScaledVector(directions[view], distance);
    camera.lookAt(target);
    controls.update();
    shift(distance);
    onChange();
  };
  const set = (next: CameraView): void => {
    view = next;
    controls.enabled = next === 'free';
    // A locked view leaves touch gestures to the page.
    canvas.style.touchAction = next === 'free' ? 'none' : 'auto';
    fit();
  };
  set('sagittal');
  return {
    camera,
    set,
    resize(width, height) {
      if (width === canvasPx.width && height === canvasPx.height) return;
      canvasPx.width = width;
      canvasPx.height = Math.max(1, height);
      camera.aspect = width / canvasPx.height;
      camera.updateProjectionMatrix();
      fit();
    },
    setCovered(leftPx) {
      coveredPx = leftPx;
      fit();
    },
    dispose() {
      controls.removeEventListener('change', onChange);
      controls.dispose();
    },
  };
}
