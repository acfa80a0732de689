/** A joint's permitted range as an arc in space, with the soft zone up to the hard limit and a needle at the angle. */
import { BoxGeometry, BufferAttribute, BufferGeometry, Color, Group, Mesh, MeshBasicMaterial, type ColorRepresentation } from 'three';
import { degToRad } from '../../protocols/units.ts';
import type { JointProfile, RangeRad } from '../../protocols/profile.ts';
import { markMaterial, palette } from './materials.ts';

export interface RangeArc {
  readonly group: Group;
  setRange(permitted: RangeRad): void;
  setAngle(angleRad: number): void;
  /** 1 = near and alive; less for the far leg; stale needles turn grey. */
  setLook(opacity: number, stale: boolean): void;
}

const STEP_RAD = degToRad(2);
const THICKNESS_M = 0.022;

/** Adds one sector; angle 0 hangs down, positive turns forward (+x). */
function addSector(positions: number[], colors: number[], range: RangeRad, radius: number, width: number, color: ColorRepresentation): void {
  const tint = new Color(color).toArray();
  const steps = Math.max(1, Math.ceil((range.max - range.min) / STEP_RAD));
  for (let i = 0; i < steps; i++) {
    const [a, b] = [range.min + ((range.max - range.min) * i) / steps, range.min + ((range.max - range.min) * (i + 1)) / steps];
    const corner = (angle: number, r: number): [number, number, number] => [r * Math.sin(angle), -r * Math.cos(angle), 0];
    const [inner, outer] = [radius - width / 2, radius + width / 2];
    for (const point of [corner(a, inner), corner(a, outer), corner(b, outer), corner(a, inner), corner(b, outer), corner(b, inner)]) {
      positions.push(...point);
      colors.push(tint[0] ?? 0, tint[1] ?? 0, tint[2] ?? 0);
    }
  }
}

function arcGeometry(joint: JointProfile, permitted: RangeRad, radius: number): BufferGeometry {
  const [positions, colors]: [number[], number[]] = [[], []];
  const stop = { min: degToRad(joint.mechanicalStopDeg.min), max: degToRad(joint.mechanicalStopDeg.max) };
  const hard = { min: degToRad(joint.hardRangeDeg.min), max: degToRad(joint.hardRangeDeg.max) };
  addSector(positions, colors, stop, radius, THICKNESS_M * 0.4, palette.track);
  addSector(positions, colors, { min: hard.min, max: permitted.min }, radius, THICKNESS_M, palette.softZone);
  addSector(positions, colors, permitted, radius, THICKNESS_M, palette.permitted);
  addSector(positions, colors, { min: permitted.max, max: hard.max }, radius, THICKNESS_M, palette.softZone);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(positions), 3));
  geometry.setAttribute('color', new BufferAttribute(new Float32Array(colors), 3));
  return geometry;
}

/** `turn` is +1 where a positive angle swings forward (hip), −1 where it swings back (knee). */
export function createRangeArc(joint: JointProfile, radius: number, turn: 1 | -1): RangeArc {
  const group = new Group();
  const material = markMaterial(0.9);
  const soft = { min: degToRad(joint.softRangeDeg.min), max: degToRad(joint.softRangeDeg.max) };
  const arc = new Mesh(arcGeometry(joint, soft, radius), material);
  arc.scale.x = turn;
  arc.renderOrder = 5;
  const needleMaterial = new MeshBasicMaterial({ color: palette.needle, transparent: true, depthWrite: false, toneMapped: false });
  const needle = new Mesh(new BoxGeometry(0.008, 0.046, 0.003).translate(0, -radius, 0.002), needleMaterial);
  needle.renderOrder = 10;
  // White needle on a dark bed: it must be seen over the white shell too.
  const bedMaterial = new MeshBasicMaterial({ color: palette.needleBed, transparent: true, depthWrite: false, toneMapped: false });
  const bed = new Mesh(new BoxGeometry(0.02, 0.056, 0.002).translate(0, -radius, 0.001), bedMaterial);
  bed.renderOrder = 9;
  needle.add(bed);
  group.add(arc, needle);
  return {
    group,
    setRange(permitted) {
      arc.geometry.dispose();
      arc.geometry = arcGeometry(joint, permitted, radius);
    },
    setAngle(angleRad) {
      needle.rotation.z = turn * angleRad;
    },
    setLook(opacity, stale) {
      material.opacity = stale ? opacity * 0.35 : opacity;
      needleMaterial.opacity = opacity;
      bedMaterial.opacity = opacity;
      needleMaterial.color.set(stale ? palette.stale : palette.needle);
      group.visible = opacity > 0.02;
    },
  };
}
