/** What is told of one leg's stride as soon as it is over. */
import { z } from 'zod/mini';
import { sides } from './supervision.ts';

const finite = z.number().check(z.refine(Number.isFinite));
const known = z.nullable(finite);

export const strideFiguresSchema = z.strictObject({
  side: z.enum(sides),
  /** Since the session began. */
  endSec: finite,
  strideTimeSec: finite,
  /** Of both legs, since the session began. */
  steps: z.int().check(z.nonnegative()),
  joints: z
    .array(
      /** null: not known. */
      z.strictObject({
        jointId: z.string().check(z.minLength(1), z.maxLength(100)),
        romDeg: known,
        /** Torque of the patient on the robot in the wanted direction; positive: he drives the movement. */
        stanceNm: known,
        swingNm: known,
      }),
    )
    .check(z.maxLength(32)),
});
export type StrideFigures = z.infer<typeof strideFiguresSchema>;
