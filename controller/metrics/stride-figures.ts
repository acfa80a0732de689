/** What is told of one stride, live and in the session's numbers alike. */
import type { JointKind, RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { radToDeg } from '../../protocols/units.ts';
import { TOE_OFF } from '../therapy/soften.ts';
import { strideBiofeedback, weightsOf, type PhaseFeedback } from './biofeedback.ts';
import { rangeOf } from './gait-variables.ts';
import { LegStrides, type JointChannels } from './leg-strides.ts';
import { CURVE_POINTS, normalise, type Stride } from './strides.ts';

/** A joint's angle over the stride, degrees. */
export const strideCurveDeg = (stride: Stride, { position }: JointChannels): number[] => Array.from(normalise(stride, position), radToDeg);

/** Of the time-normalised stride; its toe leaves the ground where the therapy lets it. */
export function jointBiofeedback(stride: Stride, kind: JointKind | undefined, { reference, interaction }: JointChannels): PhaseFeedback {
  const stepSec = (stride.endSec - stride.startSec) / (CURVE_POINTS - 1);
  const torque = { interactionNm: normalise(stride, interaction), wantedVelocityRadPerSec: slopes(normalise(stride, reference), stepSec), stanceShare: TOE_OFF };
  return strideBiofeedback(torque, weightsOf(kind));
}

/** By the neighbours on both sides; at the ends by the one there is. */
function slopes(values: Float64Array, stepSec: number): Float64Array {
  const last = values.length - 1;
  return values.map((value, i) => ((values[i + 1] ?? value) - (values[i - 1] ?? value)) / (stepSec * (i === 0 || i === last ? 1 : 2)));
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Hands over the figures of every whole stride of the rows that it is fed. */
export class StrideWatch {
  readonly #legs: LegStrides;
  readonly #stepsLeft: number;
  readonly #stepsRight: number;
  #steps = 0;

  constructor(profile: RobotProfile, setup: SessionSetup, onStride: (figures: StrideFigures) => void) {
    const layout = layoutOf(profile);
    this.#stepsLeft = fieldOffset(layout, 'stepsLeft');
    this.#stepsRight = fieldOffset(layout, 'stepsRight');
    this.#legs = new LegStrides(profile, setup, (stride) =>
      onStride({
        side: stride.side,
        endSec: stride.endSec,
        strideTimeSec: stride.endSec - stride.startSec,
        steps: this.#steps,
        joints: stride.joints.map(({ index, channels }) => {
          const { id = '', kind } = profile.joints[index] ?? {};
          return { jointId: id, romDeg: known(rangeOf(strideCurveDeg(stride, channels))), ...jointBiofeedback(stride, kind, channels) };
        }),
      }),
    );
  }

  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void {
    this.#steps = (rows[start + this.#stepsLeft] ?? 0) + (rows[start + this.#stepsRight] ?? 0);
    this.#legs.row(rows, start);
  }
}
