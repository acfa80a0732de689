import { describe, expect, it } from 'vitest';
import { ptyFaults } from '../../../../../controller/cli/faults/pty/all.ts';
import { rowOf, untilUnspoilt, type CaseOutcome } from '../../../../../controller/cli/faults/pty/campaign.ts';
import { tableOf } from '../../../../../controller/cli/faults/pty/table.ts';
import type { CaseResult } from '../../../../../controller/cli/faults/pty/judge.ts';

const passed: CaseResult = { figures: { detectMs: 3.21 }, breaches: [] };
const slower: CaseResult = { figures: { detectMs: 7 }, breaches: [] };
const breached: CaseResult = { figures: { detectMs: 90 }, breaches: ['the robot went on', 'nobody was told'] };
const spoilt: CaseResult = { figures: { detectMs: 1_000 }, breaches: ['the robot stopped'], machineStallMs: 77.4 };

describe('the faults of real processes', () => {
  it('have every kind that the safety design asks for, each under a name of its own', () => {
    const kinds = Object.fromEntries(ptyFaults.map((fault) => [fault.id, fault.kinds.map(({ name }) => name)]));
    expect(kinds).toEqual({
      F01: ['while it holds', 'while it walks', 'simulator killed'],
      F02: ['under another name', 'another robot', 'another device'],
      F12: ['blocked 50 ms', 'stopped 50 ms', 'blocked 200 ms', 'stopped 200 ms', 'blocked 1 000 ms', 'stopped 1 000 ms'],
      F13: ['while it walks', 'while it holds'],
      F14: ['hold-to-run', 'page asleep', 'page gone', 'station frozen', 'station killed'],
      F15: ['two pages'],
      F16: ['running', 'armed', 'paused', 'stopping', 'stopped', 'ready', 'homing', 'selfTest', 'idle', 'connecting'],
      F18: ['while it walks'],
      F19: ['an hour ahead', 'an hour back', 'a year ahead', 'a year back', 'summer time begins', 'summer time ends'],
    });
  });
});

describe('a case that this machine spoils', () => {
  const tried = async (...results: CaseResult[]): Promise<{ told: CaseResult[]; result: CaseResult }> => {
    const told: CaseResult[] = [];
    const left = [...results];
    const result = await untilUnspoilt(async () => left.shift()!, (each) => told.push(each));
    return { told, result };
  };

  it('is tried again, and each try is told', async () => {
    expect(await tried(spoilt, passed)).toEqual({ told: [spoilt, passed], result: passed });
    expect(await tried(spoilt, breached)).toEqual({ told: [spoilt, breached], result: breached });
  });

  it('is given up after three tries', async () => {
    expect(await tried(spoilt, spoilt, spoilt, passed)).toEqual({ told: [spoilt, spoilt, spoilt], result: spoilt });
  });

  it('that was not spoilt is never tried again, whatever was found', async () => {
    expect((await tried(breached, passed)).result).toBe(breached);
  });
});

describe('the result', () => {
  const outcome = (index: number, kind: string, result: CaseResult): CaseOutcome => ({ index, kind, result });
  const row = rowOf({ id: 'F99', what: 'something', kinds: [{ name: 'a' }, { name: 'b' }, { name: 'never' }] }, [outcome(0, 'a', passed), outcome(1, 'b', breached), outcome(2, 'a', slower), outcome(3, 'b', spoilt)]);

  it('counts passed, breached and spoilt cases, and leaves the figures of spoilt ones out', () => {
    expect(row).toMatchObject({ fault: 'F99', cases: 4, breaches: 1, spoilt: 1, detectMs: { p50: 7, max: 90 } });
    expect(row.kinds).toMatchObject([
      { kind: 'a', cases: 2, breaches: 0, spoilt: 0, figures: { detectMs: { max: 7 } } },
      { kind: 'b', cases: 2, breaches: 1, spoilt: 1, figures: { detectMs: { max: 90 } } },
    ]);
    expect(row.findings).toEqual(['case 1: the robot went on (b)', 'case 1: nobody was told (b)', 'case 3: spoilt, this machine stood still for 77 ms (b)']);
  });

  it('is a table with a row for each kind, what was found, and the verdict', () => {
    expect(tableOf({ seed: 5, breaches: 1, rows: [row] }).split('\n')).toEqual([
      'fault  kind  cases  passed  spoilt  breaches  worst, ms',
      'F99    a     2      2       0       0         detect 7',
      'F99    b     2      0       1       1         detect 90',
      'F99 case 1: the robot went on (b)',
      'F99 case 1: nobody was told (b)',
      'F99 case 3: spoilt, this machine stood still for 77 ms (b)',
      '1 breaches in 4 cases, 1 of which this machine spoilt by standing still; seed 5.',
      '',
    ]);
    expect(tableOf({ seed: 5, breaches: 0, rows: [] })).toContain('No breach in 0 cases; seed 5.');
  });
});
