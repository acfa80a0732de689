/** Of a robot that drives nothing: there is no torque that a person could be told from. */
import type { InteractionEstimate } from './interaction-torque.ts';

export const nothingDriven = (): InteractionEstimate => ({ torqueNm: new Float64Array(0), isNew: new Uint8Array(0), ground: null, update: () => {} });
