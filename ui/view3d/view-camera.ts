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
  const fit = (): void => {
    const half = Math.tan((FIELD_DEG * Math.PI) / 360);
    const distance = Math.max(heightM / 2 / half, widthM / 2 / half / camera.aspect);
    camera.position.copy(target).addScaledVector(directions[view], distance);
    camera.lookAt(target);
    controls.update();
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
      const aspect = width / Math.max(1, height);
      if (aspect === camera.aspect) return;
      camera.aspect = aspect;
      camera.updateProjectionMatrix();
      fit();
    },
    dispose() {
      controls.removeEventListener('change', onChange);
      controls.dispose();
    },
  };
}
