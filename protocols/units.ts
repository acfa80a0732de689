/** Unit conversions. SI everywhere inside; degrees and km/h only in files and screens meant for people. */

export const RAD_PER_DEG = Math.PI / 180;

export const degToRad = (deg: number): number => deg * RAD_PER_DEG;
export const radToDeg = (rad: number): number => rad / RAD_PER_DEG;

export const kmhToMps = (kmh: number): number => kmh / 3.6;
export const mpsToKmh = (mps: number): number => mps * 3.6;

/** Weight of a mass with standard gravity, as the scales of body-weight supports are marked. */
export const kgToNewton = (kg: number): number => kg * 9.81;
export const newtonToKg = (newton: number): number => newton / 9.81;

export const US_PER_S = 1_000_000;
export const US_PER_MS = 1_000;
