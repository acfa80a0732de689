/**
 * The edge of the permitted range as a bound on the drive's whole torque, whatever wants that torque. One rule: outward
 * speed stays under what the heaviest limb can still stop before the edge. Above it the drive brakes, below it outward
 * torque is let through in proportion to the speed that is left. A spring pushes back what is beyond all the same.
 *
 * The two gains come from the lightest limb I and the dead time T, in which a torque τ changes its speed by τ·T/I:
 * outward torque may use up 0.7 of the speed left, and is stable as a delayed loop (below π/2) with room; braking is
 * one-sided, so that 1.6 sends the limb back with 0.6 of the speed it had too much, which dies out by itself. Own values.
 */
import type { JointKind, JointProfile } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { brakingSpeed, type BrakingAbility } from './braking.ts';

const MARGIN_SHARE = 0.7;
const BRAKE_SHARE = 1.6;
/** Of the time constant with which the brake slows the heaviest limb, added to the dead time; own value, found with the physics of a limb. */
const BRAKE_LAG_SHARE = 0.7;
/** Own value: a drive's damper over its spring, in dead times. */
const SPRING_DEAD_TIMES = 2;
/** Of the passivity bound; own value: strictly below it. */
const PASSIVE_SHARE = 0.95;
/**
 * About the joint, without the rotor: a person of 40 kg and 1.4 m, and of 130 kg and 1.9 m (Winter's segment numbers) with the orthosis; of an
 * arm, in any posture, of 30 kg and 1.3 m, and of 110 kg and 2 m; of a footplate alone, and with a leg of 110 kg and some of the trunk, upward with half
 * of who stands on it. Of a belt axis in kg: its lead makes an inertia of them. Own values, rounded outward.
 */
const LIGHTEST_LIMB_KGM2: Readonly<Record<JointKind, number>> = { hip: 1.15, knee: 0.1, ankle: 0.01, shoulderHorizontal: 0.25, shoulderElevation: 0.3, shoulderRotation: 0.025, elbow: 0.05, forearm: 0.006, wrist: 0.0045, foreAft: 15, vertical: 11, pitch: 0.05 };
const HEAVIEST_LIMB_KGM2: Readonly<Record<JointKind, number>> = { hip: 6, knee: 1.2, ankle: 0.12, shoulderHorizontal: 1.75, shoulderElevation: 1.7, shoulderRotation: 0.3, elbow: 0.26, forearm: 0.022, wrist: 0.017, foreAft: 60, vertical: 70, pitch: 0.3 };

export interface Edge {
  /** Of the heaviest limb with the joint's torque limit. */
  readonly braking: BrakingAbility;
  /** Of the device; a guided motion is slower, and this is no brake for it. */
  readonly speedRadPerSec: number;
  readonly marginNmsPerRad: number;
  readonly brakeNmsPerRad: number;
  readonly stiffnessNmPerRad: number;
  readonly dampingNmsPerRad: number;
  /** The drive has an impedance of its own: the spring-damper reaches inside the range. */
  readonly rendered: boolean;
  /**
   * And the torque limit changes the lightest limb's speed by more than the speed limit in a dead time: who pushes it makes it faster than a leg ever is;
   * and the spring outweighs the damper, which lets go as the limb slows. A foot is such a limb; an arm's dampers are strong.
   */
  readonly springs: boolean;
}

/**
 * A drive with an impedance of its own renders the spring-damper with the profile's gains. Where the host renders it, it is a
 * spring beyond the edge only, as stiff as stays passive: b > K·(T/2 + dead time), b the joint's own viscous damping
 * (J. E. Colgate, J. M. Brown, Factors affecting the Z-width of a haptic display, ICRA 1994). Without any b there is no
 * spring, and the speed rule holds the range alone.
 */
export function edgeOf(joint: JointProfile, braking: BrakingAbility, periodSec: number): Edge {
  const { kind, rotorInertiaKgM2, torqueLimitNm, stiffnessNmPerRad, dampingNmsPerRad, viscousFrictionNmsPerRad, leadMPerRad = 1 } = joint;
  const heaviestKgM2 = HEAVIEST_LIMB_KGM2[kind] * leadMPerRad ** 2 + rotorInertiaKgM2;
  const perSec = (LIGHTEST_LIMB_KGM2[kind] * leadMPerRad ** 2 + rotorInertiaKgM2) / braking.deadTimeSec;
  const brakeNmsPerRad = BRAKE_SHARE * perSec;
  const rendered = joint.drive.setPoint !== 'torque';
  const passive = (PASSIVE_SHARE * viscousFrictionNmsPerRad) / (periodSec / 2 + braking.deadTimeSec);
  return {
    braking: {
      accelerationRadPerSec2: Math.min(braking.accelerationRadPerSec2, torqueLimitNm / heaviestKgM2),
      jerkRadPerSec3: braking.jerkRadPerSec3,
      deadTimeSec: braking.deadTimeSec + (BRAKE_LAG_SHARE * heaviestKgM2) / brakeNmsPerRad,
    },
    speedRadPerSec: degToRad(joint.speedLimitDegPerSec),
    marginNmsPerRad: MARGIN_SHARE * perSec,
    brakeNmsPerRad,
    stiffnessNmPerRad: rendered ? stiffnessNmPerRad : Math.min(stiffnessNmPerRad, passive),
    dampingNmsPerRad: rendered ? dampingNmsPerRad : 0,
    rendered,
    springs: rendered && torqueLimitNm > perSec * degToRad(joint.speedLimitDegPerSec) && dampingNmsPerRad < SPRING_DEAD_TIMES * braking.deadTimeSec * stiffnessNmPerRad,
  };
}

/**
 * Most torque toward an edge, Nm; negative: the drive has to brake.
 * @param leftRad to the edge; negative beyond it
 * @param outwardRadPerSec measured, positive toward the edge
 */
export function outwardMostNm(edge: Edge, leftRad: number, outwardRadPerSec: number): number {
  const marginRadPerSec = Math.min(edge.speedRadPerSec, brakingSpeed(edge.braking, leftRad, 0)) - outwardRadPerSec;
  const bySpeedNm = (marginRadPerSec < 0 ? edge.brakeNmsPerRad : edge.marginNmsPerRad) * marginRadPerSec;
  return edge.rendered || leftRad < 0 ? Math.min(bySpeedNm, edge.stiffnessNmPerRad * leftRad - edge.dampingNmsPerRad * outwardRadPerSec) : bySpeedNm;
}
