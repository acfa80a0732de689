/** Unit conversions. SI everywhere inside; degrees and km/h only in files and screens meant for people. */

export const RAD_PER_DEG = Math.PI / 180;

export const degToRad = (deg: number): number => deg * RAD_PER_DEG;
export const radToDeg = (rad: number): number => rad / RAD_PER_DEG;

export const kmhToMps = (kmh: number): number => kmh / 3.6;
export const mpsToKmh = (mps: number): number => mps * 3.6;

export const US_PER_S = 1_000_000;
export const US_PER_MS = 1_000;
