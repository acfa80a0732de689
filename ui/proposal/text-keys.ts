/** What the proposal for a session has to say; each language says all of it. */
import type { ProposalReason, ProposalSubject } from '../../protocols/proposal.ts';

/** Figures of a line, as people read them. */
export interface ReasonFigures {
  readonly band: string;
  readonly strides: string;
  readonly stops: number;
}

export interface ProposalTexts {
  readonly title: string;
  readonly from: (sessions: number) => string;
  readonly subjects: Readonly<Record<ProposalSubject, string>>;
  readonly stays: string;
  readonly reasons: Readonly<Record<ProposalReason, (figures: ReasonFigures) => string>>;
  readonly take: string;
  readonly takeSummary: string;
  readonly leave: string;
}
