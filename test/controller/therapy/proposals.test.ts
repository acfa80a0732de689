import { assert as holds, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeNext, type PastSession } from '../../../controller/therapy/proposals.ts';
import type { Proposal, ProposalLine, ProposalSubject } from '../../../protocols/proposal.ts';
import type { TherapyLimits } from '../../../protocols/therapy-limits.ts';
import { kmhToMps } from '../../../protocols/units.ts';

const any = { min: 0, max: 1, movingStep: 0.1 };
const limits: TherapyLimits = { speedMps: { min: kmhToMps(0.5), max: kmhToMps(3.2), movingStep: 0.1 }, guidance: any, romScale: any, offsetRad: any, timingShare: any, unloadingKg: { min: 0, max: 85, movingStep: 8.5 }, springs: null };
const MASS_KG = 80;

const session = (own: Partial<PastSession> & { guidance?: number; unloadingKg?: number | null } = {}): PastSession => ({
  sessionId: 'newest',
  settings: { speedMps: kmhToMps(2), guidance: { left: own.guidance ?? 0.8, right: own.guidance ?? 0.8 }, unloadingKg: own.unloadingKg ?? null },
  strides: { left: 40, right: 41 },
  inBand: { left: 0.98, right: 0.97 },
  patientStops: 0,
  ...own,
});

const propose = (...sessions: PastSession[]): Proposal => proposeNext('demo-1', MASS_KG, limits, sessions);
const lineOf = (proposal: Proposal, subject: ProposalSubject): ProposalLine => proposal.lines.find((line) => line.subject === subject)!;
const changed = (proposal: Proposal): ProposalSubject[] => proposal.lines.filter(({ from, to }) => from !== to).map(({ subject }) => subject);

describe('guidance', () => {
  it('goes down by ten points where the gait stays in the band, each leg for itself', () => {
    const proposal = propose(session({ inBand: { left: 0.96, right: 0.9 } }));
    expect(lineOf(proposal, 'guidanceLeft')).toMatchObject({ from: 0.8, reason: 'inBand', inBand: 0.96, strides: 40 });
    expect(lineOf(proposal, 'guidanceLeft').to).toBeCloseTo(0.7, 12);
    expect(lineOf(proposal, 'guidanceRight')).toMatchObject({ from: 0.8, to: 0.8, reason: 'nearBand', inBand: 0.9 });
  });

  it('goes up where the gait leaves the band, and no further than all', () => {
    expect(lineOf(propose(session({ inBand: { left: 0.84, right: 0.98 } })), 'guidanceLeft')).toMatchObject({ from: 0.8, to: 0.9, reason: 'outOfBand' });
    expect(lineOf(propose(session({ guidance: 1, inBand: { left: 0.5, right: 0.5 } })), 'guidanceLeft')).toMatchObject({ to: 1, reason: 'atMost' });
    expect(lineOf(propose(session({ guidance: 0.95, inBand: { left: 0.5, right: 0.5 } })), 'guidanceLeft').to).toBe(1);
  });

  it('ends at nothing', () => {
    expect(lineOf(propose(session({ guidance: 0 })), 'guidanceLeft')).toMatchObject({ to: 0, reason: 'atLeast' });
    expect(lineOf(propose(session({ guidance: 0.04 })), 'guidanceLeft').to).toBe(0);
  });
});

describe('unloading', () => {
  it('is no line for a robot that carries no weight', () => {
    expect(propose(session()).lines.map(({ subject }) => subject)).toEqual(['guidanceLeft', 'guidanceRight', 'speedMps']);
  });

  it('goes first when it is further from its aim than the guidance, a twelfth of the usual way at a time', () => {
    const proposal = propose(session({ guidance: 0.5, unloadingKg: 0.5 * MASS_KG }));
    expect(changed(proposal)).toEqual(['unloadingKg']);
    expect(lineOf(proposal, 'unloadingKg')).toMatchObject({ from: 40, to: 38, reason: 'carriesMore' });
    expect(lineOf(proposal, 'guidanceLeft').reason).toBe('weightFirst');
  });

  it('waits for the guidance when that is further from its aim', () => {
    const proposal = propose(session({ guidance: 0.9, unloadingKg: 0.3 * MASS_KG }));
    expect(changed(proposal)).toEqual(['guidanceLeft', 'guidanceRight']);
    expect(lineOf(proposal, 'unloadingKg').reason).toBe('guidanceFirst');
  });

  it('ends at a fifth of the body weight', () => {
    expect(lineOf(propose(session({ guidance: 0, unloadingKg: 0.21 * MASS_KG })), 'unloadingKg').to).toBeCloseTo(0.2 * MASS_KG, 12);
    expect(lineOf(propose(session({ guidance: 0, unloadingKg: 0.2 * MASS_KG })), 'unloadingKg')).toMatchObject({ to: 16, reason: 'weightAtAim' });
  });

  it('stays while the gait of either leg is not in the band', () => {
    expect(lineOf(propose(session({ guidance: 0.1, unloadingKg: 0.5 * MASS_KG, inBand: { left: 0.99, right: 0.94 } })), 'unloadingKg').reason).toBe('gaitFirst');
  });
});

describe('speed', () => {
  const own = session({ guidance: 0 });

  it('goes up by 0.1 km/h after two sessions in the band with nothing left to take away', () => {
    const proposal = propose(own, session({ guidance: 0.1, sessionId: 'before' }));
    expect(lineOf(proposal, 'speedMps').reason).toBe('walksWell');
    expect(lineOf(proposal, 'speedMps').to).toBeCloseTo(kmhToMps(2.1), 12);
    expect(proposal.basedOn).toEqual(['newest', 'before']);
  });

  it.each([
    ['there was one session only', [own], 'onceOnly'],
    ['the one before was not in the band', [own, session({ inBand: { left: 0.9, right: 0.99 } })], 'onceOnly'],
    ['the one before was stopped for the patient', [own, session({ patientStops: 1 })], 'onceOnly'],
    ['guidance can still go down', [session(), session()], 'easierFirst'],
    ['the gait is not in the band', [session({ guidance: 0, inBand: { left: 0.94, right: 1 } }), session()], 'gaitFirst'],
    ['it is as fast as the robot goes', [{ ...own, settings: { ...own.settings, speedMps: kmhToMps(3.2) } }, own], 'atMost'],
  ] as const)('stays when %s', (_, sessions, reason) => {
    expect(lineOf(propose(...sessions), 'speedMps')).toMatchObject({ reason });
    expect(changed(propose(...sessions))).not.toContain('speedMps');
  });
});

it('changes nothing after a stop for which the patient was the cause, and says how many', () => {
  const proposal = propose(session({ patientStops: 2, unloadingKg: 40 }));
  expect(changed(proposal)).toEqual([]);
  expect(proposal.lines.map(({ reason, stops }) => [reason, stops])).toEqual(proposal.lines.map(() => ['stoppedForPatient', 2]));
});

it('judges nothing by fewer than thirty strides of either leg', () => {
  expect(changed(propose(session({ strides: { left: 30, right: 30 } })))).not.toEqual([]);
  const proposal = propose(session({ strides: { left: 100, right: 29 } }));
  expect(changed(proposal)).toEqual([]);
  expect(proposal.lines.every(({ reason, strides }) => reason === 'tooFewStrides' && strides === 29)).toBe(true);
});

it('has nothing to say without a session', () => {
  expect(propose()).toEqual({ patientId: 'demo-1', basedOn: [], lines: [] });
});

it('never leaves the limits, never takes guidance and weight away at once, and never makes two things harder for speed', () => {
  const share = double({ min: 0, max: 1, noNaN: true });
  const past = record({ left: share, right: share, bandLeft: share, bandRight: share, unloadingKg: double({ min: 0, max: 85, noNaN: true }), speedKmh: double({ min: 0.5, max: 3.2, noNaN: true }), stops: constantFrom(0, 0, 1), strides: integer({ min: 0, max: 200 }) });
  holds(
    property(past, past, (...both) => {
      const sessions = both.map((one, i) => session({ sessionId: String(i), settings: { speedMps: kmhToMps(one.speedKmh), guidance: { left: one.left, right: one.right }, unloadingKg: one.unloadingKg }, inBand: { left: one.bandLeft, right: one.bandRight }, strides: { left: one.strides, right: one.strides }, patientStops: one.stops }));
      const proposal = propose(...sessions);
      const down = proposal.lines.filter(({ from, to }) => to < from).map(({ subject }) => subject);
      expect(down.includes('unloadingKg') && down.some((subject) => subject.startsWith('guidance'))).toBe(false);
      expect(changed(proposal).includes('speedMps') && changed(proposal).length > 1).toBe(false);
      for (const { subject, to } of proposal.lines) {
        const { min, max } = subject === 'speedMps' ? limits.speedMps : subject === 'unloadingKg' ? limits.unloadingKg! : limits.guidance;
        expect(to).toBeGreaterThanOrEqual(min);
        expect(to).toBeLessThanOrEqual(max + 1e-12);
      }
    }),
  );
});
