/** A gait robot: two legs of orthosis and patient, hung from a pelvis that stands at its own height. */
import { Group } from 'three';
import type { GaitProfile, LegKind } from '../../protocols/profile.ts';
import { sides } from '../../protocols/supervision.ts';
import { buildPelvis, type BodySize } from './exoskeleton.ts';
import { LEGS_PICTURE, type RobotFigure } from './figure.ts';
import { createLeg } from './leg.ts';
import { setStale } from './materials.ts';
import { buildHarness, buildTrunk } from './patient.ts';

const bodySize = ({ geometry }: GaitProfile, heightM: number): BodySize => ({
  thighM: geometry.thighFraction * heightM,
  shankM: geometry.shankFraction * heightM,
  footM: geometry.footLengthFraction * heightM,
  hipSpacingM: geometry.hipSpacingM,
  offsetM: geometry.orthosisOffsetM,
});

export function createLegFigure(profile: GaitProfile, bodyHeightM: number): RobotFigure {
  const size = bodySize(profile, bodyHeightM);
  const hips = new Group();
  // The device holds the hips at its own height; a taller patient is lifted so that the feet stay above the belt.
  hips.position.y = Math.max(profile.geometry.hipHeightM, size.thighM + size.shankM + 0.085);
  const pelvis = buildPelvis(size);
  const legs = { left: createLeg(profile, size, 'left'), right: createLeg(profile, size, 'right') };
  hips.add(pelvis.group, buildHarness(size), buildTrunk(size).mesh, legs.left.root, legs.right.root);
  return {
    root: hips,
    stanceM: profile.geometry.hipSpacingM,
    picture: LEGS_PICTURE,
    setJoint(index, look) {
      const joint = profile.joints[index];
      if (joint !== undefined) legs[joint.side].setJoint(joint.kind, look);
    },
    setFrame(stale) {
      for (const material of pelvis.materials) setStale(material, stale);
    },
    setRange(index, permitted) {
      const joint = profile.joints[index];
      if (joint !== undefined) legs[joint.side].setRange(joint.kind, permitted);
    },
    setReference(positionsRad) {
      const changes = sides.map((side) => {
        const place = (kind: LegKind): number => profile.joints.findIndex((joint) => joint.side === side && joint.kind === kind);
        const at = (kind: LegKind): number => positionsRad?.[place(kind)] ?? Number.NaN;
        return legs[side].setGhost(positionsRad === null ? null : { hipRad: at('hip'), kneeRad: at('knee'), ankleRad: place('ankle') < 0 ? 0 : at('ankle') });
      });
      return changes.includes(true);
    },
    lookFrom(eye) {
      for (const side of sides) legs[side].lookFrom(eye);
    },
    anchor(index) {
      const joint = profile.joints[index];
      return joint === undefined ? undefined : legs[joint.side].anchor(joint.kind);
    },
    feet: () => [legs.left.footPlace(), legs.right.footPlace()],
  };
}
