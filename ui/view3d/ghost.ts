/** The reference as a pale ghost leg: thigh, shank and foot, no robot. */
import { CapsuleGeometry, Group, Mesh, MeshBasicMaterial, SphereGeometry, type BufferGeometry } from 'three';
import type { BodySize } from './exoskeleton.ts';
import { merged, solid } from './geometry-kit.ts';
import { palette } from './materials.ts';

export interface GhostLeg {
  readonly hip: Group;
  /** null, or a pose that is not a number, hides it. @returns whether anything changed that can be seen */
  show(pose: { readonly hipRad: number; readonly kneeRad: number } | null): boolean;
}

const SEEN_RAD = 0.0008;

export function createGhostLeg(size: BodySize): GhostLeg {
  const material = new MeshBasicMaterial({ color: palette.ghost, transparent: true, opacity: 0.8, depthTest: false, depthWrite: false, toneMapped: false });
  const bone = (length: number, radius: number): BufferGeometry => solid(new CapsuleGeometry(radius, length, 2, 7).translate(0, -length / 2, 0), palette.ghost);
  const foot = bone(size.footM * 0.62, 0.0075).rotateZ(Math.PI / 2).translate(-0.02, -size.shankM - 0.05, 0);
  const hip = new Group();
  const knee = new Group();
  knee.position.y = -size.thighM;
  knee.add(new Mesh(merged([bone(size.shankM, 0.008), solid(new SphereGeometry(0.015, 10, 7), palette.ghost), foot]), material));
  hip.add(new Mesh(merged([bone(size.thighM, 0.008)]), material), knee);
  hip.traverse((object) => {
    object.renderOrder = 8;
  });
  return {
    hip,
    show(pose) {
      const known = pose !== null && Number.isFinite(pose.hipRad) && Number.isFinite(pose.kneeRad);
      const changed = hip.visible !== known || (known && (Math.abs(hip.rotation.z - pose.hipRad) > SEEN_RAD || Math.abs(knee.rotation.z + pose.kneeRad) > SEEN_RAD));
      hip.visible = known;
      if (known && changed) {
        hip.rotation.z = pose.hipRad;
        knee.rotation.z = -pose.kneeRad;
      }
      return changed;
    },
  };
}
