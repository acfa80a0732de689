/** The reference as a pale ghost leg: thigh, shank and foot, no robot. */
import { CapsuleGeometry, Group, Mesh, MeshBasicMaterial, SphereGeometry, type BufferGeometry } from 'three';
import type { BodySize } from './exoskeleton.ts';
import { merged, solid } from './geometry-kit.ts';
import { palette } from './materials.ts';

/** `ankleRad` of a foot that nothing moves: 0. */
export interface GhostPose {
  readonly hipRad: number;
  readonly kneeRad: number;
  readonly ankleRad: number;
}

export interface GhostLeg {
  readonly hip: Group;
  /** null, or a pose that is not a number, hides it. @returns whether anything changed that can be seen */
  show(pose: GhostPose | null): boolean;
}

const SEEN_RAD = 0.0008;

export function createGhostLeg(size: BodySize): GhostLeg {
  const material = new MeshBasicMaterial({ color: palette.ghost, transparent: true, opacity: 0.8, depthTest: false, depthWrite: false, toneMapped: false });
  const bone = (length: number, radius: number): BufferGeometry => solid(new CapsuleGeometry(radius, length, 2, 7).translate(0, -length / 2, 0), palette.ghost);
  const foot = bone(size.footM * 0.62, 0.0075).rotateZ(Math.PI / 2).translate(-0.02, -0.05, 0);
  const hip = new Group();
  const knee = new Group();
  knee.position.y = -size.thighM;
  const ankle = new Group();
  ankle.position.y = -size.shankM;
  ankle.add(new Mesh(merged([foot]), material));
  knee.add(new Mesh(merged([bone(size.shankM, 0.008), solid(new SphereGeometry(0.015, 10, 7), palette.ghost)]), material), ankle);
  hip.add(new Mesh(merged([bone(size.thighM, 0.008)]), material), knee);
  hip.traverse((object) => {
    object.renderOrder = 8;
  });
  return {
    hip,
    show(pose) {
      const known = pose !== null && Number.isFinite(pose.hipRad + pose.kneeRad + pose.ankleRad);
      const moved = known && [hip.rotation.z - pose.hipRad, knee.rotation.z + pose.kneeRad, ankle.rotation.z - pose.ankleRad].some((by) => Math.abs(by) > SEEN_RAD);
      const changed = hip.visible !== known || moved;
      hip.visible = known;
      if (known && changed) {
        hip.rotation.z = pose.hipRad;
        knee.rotation.z = -pose.kneeRad;
        ankle.rotation.z = pose.ankleRad;
      }
      return changed;
    },
  };
}
