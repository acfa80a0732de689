import { expect, it } from 'vitest';
import type { ProposalLine } from '../../../protocols/proposal.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { proposedParameters } from '../../../ui/proposal/proposed-parameters.ts';

const line = (subject: ProposalLine['subject'], to: number): ProposalLine => ({ subject, from: 0, to, reason: 'inBand', inBand: 1, strides: 40, stops: 0 });
const current = { mode: 'guidedGait' as const, speedKmh: 1.5, guidancePercent: { left: 100, right: 100 }, romPercent: [105], offsetDeg: [2], timingPercent: [2], unloadingKg: 30 };
const proposal = (...lines: ProposalLine[]) => ({ patientId: 'demo-1', basedOn: ['s1'], lines });

it('is set in the units and steps that people set', () => {
  const all = proposal(line('guidanceLeft', 0.7000000001), line('guidanceRight', 0.8), line('unloadingKg', 27.9999), line('speedMps', kmhToMps(2.1)));
  expect(proposedParameters(current, all)).toEqual({ mode: 'guidedGait' as const, speedKmh: 2.1, guidancePercent: { left: 70, right: 80 }, romPercent: [105], offsetDeg: [2], timingPercent: [2], unloadingKg: 28 });
});

it('leaves what it does not name, and what the robot does not have', () => {
  expect(proposedParameters(current, proposal(line('guidanceLeft', 0.5)))).toEqual({ ...current, guidancePercent: { left: 50, right: 100 } });
  const { unloadingKg: _, ...without } = current;
  expect(proposedParameters(without, proposal(line('unloadingKg', 20)))).toEqual(without);
});
