/** A proposal as the parameters that it stands for: what it does not name stays. */
import type { Proposal, ProposalSubject } from '../../protocols/proposal.ts';
import { mpsToKmh } from '../../protocols/units.ts';
import { roundTo, type ShownParameters } from '../state/parameters.ts';

export function proposedParameters(current: ShownParameters, { lines }: Proposal): ShownParameters {
  const to = (subject: ProposalSubject): number | undefined => lines.find((line) => line.subject === subject)?.to;
  const percent = (share: number | undefined, now: number): number => (share === undefined ? now : roundTo(100 * share, 1));
  const [speedMps, unloadingKg] = [to('speedMps'), to('unloadingKg')];
  return {
    ...current,
    speedKmh: speedMps === undefined ? current.speedKmh : roundTo(mpsToKmh(speedMps), 0.01),
    guidancePercent: { left: percent(to('guidanceLeft'), current.guidancePercent.left), right: percent(to('guidanceRight'), current.guidancePercent.right) },
    ...(unloadingKg === undefined || current.unloadingKg === undefined ? {} : { unloadingKg: roundTo(unloadingKg, 0.1) }),
  };
}
