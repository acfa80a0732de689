/** The robot's torque at a joint as a curved arrow: its length is the torque, its sense the direction. */
import { ConeGeometry, Group, Mesh, MeshBasicMaterial, TorusGeometry } from 'three';
import { palette } from './materials.ts';

export interface TorqueArrow {
  readonly group: Group;
  setTorque(torqueNm: number): void;
  setOpacity(opacity: number): void;
}

const SEGMENTS = 32;
const TUBE_SIDES = 5;
const FULL_TURN_RAD = (5 * Math.PI) / 6;
/** Below this nothing is drawn: noise would flicker. */
const LEAST_NM = 1;

/** `turn` as for the range arc: +1 when flexion turns forward. */
export function createTorqueArrow(radius: number, fullScaleNm: number, turn: 1 | -1): TorqueArrow {
  const group = new Group();
  const material = new MeshBasicMaterial({ color: palette.torque, transparent: true, depthWrite: false, toneMapped: false });
  // Torus indices run ring by ring around the tube; a tube along the arc lets drawRange cut its length.
  const geometry = alongTheArc(new TorusGeometry(radius, 0.0075, TUBE_SIDES, SEGMENTS, FULL_TURN_RAD));
  const shaft = new Mesh(geometry, material);
  const head = new Mesh(new ConeGeometry(0.016, 0.036, 14).translate(0, 0.012, 0), material);
  for (const mesh of [shaft, head]) mesh.renderOrder = 7;
  group.add(shaft, head);
  const indicesPerSegment = TUBE_SIDES * 6;
  return {
    group,
    setTorque(torqueNm) {
      const size = Math.min(1, Math.abs(torqueNm) / fullScaleNm);
      group.visible = Number.isFinite(torqueNm) && Math.abs(torqueNm) >= LEAST_NM;
      const segments = Math.max(2, Math.round(size * SEGMENTS));
      geometry.setDrawRange(0, segments * indicesPerSegment);
      const end = (segments / SEGMENTS) * FULL_TURN_RAD;
      head.position.set(radius * Math.cos(end), radius * Math.sin(end), 0);
      head.rotation.z = end;
      // The arrow starts behind the joint, where no range arc is, and turns the way the joint is pushed.
      group.scale.x = torqueNm * turn >= 0 ? 1 : -1;
    },
    setOpacity(opacity) {
      material.opacity = opacity;
      shaft.visible = opacity > 0.02;
      head.visible = opacity > 0.02;
    },
  };
}

/** Reorders the faces of a torus so that they come segment after segment along the arc. */
function alongTheArc(torus: TorusGeometry): TorusGeometry {
  const index = torus.getIndex();
  if (index === null) return torus;
  const ordered: number[] = [];
  for (let segment = 0; segment < SEGMENTS; segment++) {
    for (let side = 0; side < TUBE_SIDES; side++) {
      const from = (side * SEGMENTS + segment) * 6;
      for (let i = 0; i < 6; i++) ordered.push(index.getX(from + i));
    }
  }
  torus.setIndex(ordered);
  return torus;
}
