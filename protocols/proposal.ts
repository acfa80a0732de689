/** What the next session of a patient might begin with, from his own sessions. Nothing of it is applied by itself. */
import { z } from 'zod/mini';

/** What a line is about: guidance 0 … 1, unloading in kg, speed in m/s. */
export const proposalSubjects = ['guidanceLeft', 'guidanceRight', 'unloadingKg', 'speedMps'] as const;
export type ProposalSubject = (typeof proposalSubjects)[number];

/** Why a line says what it says. The screens put it into words with the line's figures. */
export const proposalReasons = ['inBand', 'nearBand', 'outOfBand', 'atLeast', 'atMost', 'tooFewStrides', 'stoppedForPatient', 'carriesMore', 'weightAtAim', 'gaitFirst', 'guidanceFirst', 'weightFirst', 'easierFirst', 'onceOnly', 'walksWell'] as const;
export type ProposalReason = (typeof proposalReasons)[number];

const lineSchema = z.strictObject({
  subject: z.enum(proposalSubjects),
  /** As the last session ended. */
  from: z.number(),
  /** The same: stay. */
  to: z.number(),
  reason: z.enum(proposalReasons),
  /** What the rule looked at: share of the gait in the reference's band, of the leg in question or the worse one. */
  inBand: z.number(),
  /** Strides that this stands on, of the leg with fewer. */
  strides: z.int(),
  /** Stops for which the patient was the cause. */
  stops: z.int(),
});
export type ProposalLine = z.infer<typeof lineSchema>;

/** GET /api/patients/:id/proposal → Proposal; without lines there is no session to learn from. */
export const proposalSchema = z.strictObject({
  patientId: z.string(),
  /** Newest first. */
  basedOn: z.array(z.string()),
  lines: z.array(lineSchema),
});
export type Proposal = z.infer<typeof proposalSchema>;
