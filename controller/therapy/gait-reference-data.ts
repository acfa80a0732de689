import type { LegKind } from '../../protocols/profile.ts';

/**
 * Sagittal joint angles of healthy adults on a treadmill at 1.26 m/s: Fukuchi, Fukuchi & Duarte 2018, "A public dataset of
 * overground and treadmill walking kinematics and kinetics in healthy individuals", PeerJ 6:e4640, data CC BY 4.0 (mean of
 * nine subjects). Degrees, flexion and dorsiflexion positive, every 2 % of the gait cycle from heel strike.
 */
export const publishedCurvesDeg = {
  hip: [
    31.9, 31.5, 31, 30.7, 30.8, 30.3, 28.9, 26.8, 24.5, 22.3, 20.2, 18.2, 16.1, 14, 11.7, 9.5, 7.4, 5.4, 3.6, 1.8, 0, -1.6, -3.2, -4.7, -6, -7,
    -7.7, -7.9, -7.4, -6.2, -4.2, -1.4, 1.9, 5.5, 9.4, 13.2, 16.9, 20.3, 23.4, 26.2, 28.6, 30.6, 32.3, 33.5, 34.2, 34.4, 34.1, 33.5, 32.8, 32.2, 31.9,
  ],
  knee: [
    2.4, 4.5, 6.9, 9.8, 13.4, 16.4, 17.8, 17.9, 17.3, 16.6, 15.7, 14.7, 13.4, 11.9, 10.4, 9, 7.6, 6.4, 5.4, 4.5, 3.9, 3.7, 3.8, 4.4, 5.6, 7.5,
    10, 13.4, 17.9, 23.5, 30.2, 37.4, 44.6, 51.1, 56.3, 59.9, 61.9, 62.4, 61.5, 59.3, 56, 51.5, 46.1, 39.6, 32.3, 24.5, 16.5, 9.5, 4.3, 2, 2.4,
  ],
  ankle: [
    2.9, 1.6, -1.7, -3.8, -3, -0.8, 1.3, 3, 4.5, 5.7, 6.7, 7.5, 8.2, 8.7, 9.1, 9.6, 10, 10.4, 10.7, 11.1, 11.4, 11.6, 11.7, 11.6, 11.3, 10.6,
    9.3, 7.2, 4.1, 0.1, -4.4, -8.4, -10.6, -10.5, -8.4, -5.7, -3, -0.7, 1.5, 3.3, 4.7, 5.8, 6.3, 6.4, 6, 5, 3.8, 2.7, 2.4, 2.6, 2.9,
  ],
} as const;

export const PUBLISHED_SPEED_MPS = 1.26;

export interface FourierDeg {
  readonly meanDeg: number;
  readonly cosDeg: readonly number[];
  readonly sinDeg: readonly number[];
}

/**
 * Least-squares Fourier coefficients of the curves above. Eight harmonics are the fewest that keep the hip within 0.1° and
 * the knee within 0.2° RMS (five give 0.16° and 0.27°); the ankle, which drops fast after heel strike and pushes off, needs
 * ten for the same (eight give 0.33°).
 */
export const fourierDeg: Readonly<Record<LegKind, FourierDeg>> = {
  hip: {
    meanDeg: 15.646,
    cosDeg: [20.4256, -2.9589, -0.6947, -0.2938, -0.3794, -0.1117, 0.0004, 0.0961],
    sinDeg: [-2.3061, -2.1934, 1.3259, -0.1443, 0.1152, -0.0475, -0.1026, -0.0371],
  },
  knee: {
    meanDeg: 22.452,
    cosDeg: [0.0818, -16.2961, -1.8534, -1.441, -0.8846, -0.0024, -0.0187, 0.1508],
    sinDeg: [-21.391, 4.7286, 4.1671, 0.3182, 0.8309, 0.2337, 0.0065, 0.0712],
  },
  ankle: {
    meanDeg: 3.788,
    cosDeg: [-1.8556, 0.6309, -3.3419, 1.5353, 0.2756, 0.3242, 0.7488, 0.2406, 0.2795, 0.2223],
    sinDeg: [4.5555, -5.7904, -0.2442, 0.3401, -1.0028, 0.3828, -0.06, -0.0137, 0.1986, 0.0858],
  },
};
