/**
 * A momentum observer: the torque that is missing between how a momentum changed and what is known to change it, without any
 * acceleration (A. De Luca, A. Albu-Schäffer, S. Haddadin, G. Hirzinger, Collision detection and safe control with the DLR-III
 * lightweight arm, IROS 2006).
 */

/** Own value: faster follows the noise of the drives' speeds (0.2 Nm at the hip), slower gives time away. */
const OBSERVER_PER_SEC = 100;

/** One momentum: how it was at the last readings, what the known torques did to it then, and what is unknown. */
export interface Momentum {
  nms: number;
  knownNm: number;
  unknownNm: number;
}

export const unknownMomentum = (): Momentum => ({ nms: Number.NaN, knownNm: Number.NaN, unknownNm: 0 });

/**
 * The torque that is missing between two momenta, smoothed.
 * @param seconds since the last readings; NaN: not known
 */
export function follow(momentum: Momentum, nms: number, knownNm: number, seconds: number): void {
  const missingNm = (nms - momentum.nms) / seconds - (knownNm + momentum.knownNm) / 2;
  if (!Number.isFinite(momentum.nms + momentum.knownNm)) momentum.unknownNm = Number.isFinite(nms + knownNm) ? 0 : Number.NaN;
  else if (!Number.isNaN(seconds)) momentum.unknownNm += OBSERVER_PER_SEC * seconds * (missingNm - momentum.unknownNm);
  momentum.nms = nms;
  momentum.knownNm = knownNm;
}
