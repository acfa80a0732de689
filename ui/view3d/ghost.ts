/** The reference as a pale ghost leg: thigh, shank and foot, no robot. */
import { CapsuleGeometry, Group, Mesh, MeshBasicMaterial, SphereGeometry } from 'three';
import type { BodySize } from './exoskeleton.ts';
import { palette } from './materials.ts';

export interface GhostLeg {
  readonly hip: Group;
  /** null, or a pose that is not a number, hides it. @returns whether anything changed that can be seen */
  show(pose: { readonly hipRad: number; readonly kneeRad: number } | null): boolean;
}

const SEEN_RAD = 0.0008;

export function createGhostLeg(size: BodySize): GhostLeg {
  const material = new MeshBasicMaterial({ color: palette.ghost, transparent: true, opacity: 0.8, depthTest: false, depthWrite: false, toneMapped: false });
  const bone = (length: number, radius: number): Mesh => new Mesh(new CapsuleGeometry(radius, length, 2, 7).translate(0, -length / 2, 0), material);
  const hip = new Group();
  const knee = new Group();
  knee.position.y = -size.thighM;
  const foot = bone(size.footM * 0.62, 0.0075);
  foot.position.set(-0.02, -size.shankM - 0.05, 0);
  foot.rotation.z = Math.PI / 2;
  knee.add(bone(size.shankM, 0.008), new Mesh(new SphereGeometry(0.015, 10, 7), material), foot);
  hip.add(bone(size.thighM, 0.008), knee);
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
