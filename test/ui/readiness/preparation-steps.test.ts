import { expect, test } from 'vitest';
import { preparationSteps, type PreparationNews } from '../../../protocols/preparation.ts';
import { needsPreparation, stepRows } from '../../../ui/readiness/preparation-steps.ts';

const news = (over: Partial<PreparationNews> = {}): PreparationNews => ({ step: 'sensors', status: 'none', ask: 'none', reason: 'none', cause: 'none', joint: null, tested: false, prepared: false, ...over });
const statuses = (over: Partial<PreparationNews>): string => stepRows(news(over)).map(({ status }) => status).join(' ');

test('before anything was tried every step is open', () => {
  expect(stepRows(news()).map(({ step }) => step)).toEqual(preparationSteps);
  expect(statuses({})).toBe('open open open open open open open');
});

test('a running self-test shows what it has passed, where it is and what is to come', () => {
  expect(statuses({ step: 'brakes', status: 'running' })).toBe('passed passed running open open open open');
  expect(statuses({ step: 'estop', status: 'waiting', ask: 'pressEstop' })).toBe('passed waiting open open open open open');
});

test('a failed self-test begins anew, so nothing of it counts as passed', () => {
  expect(statuses({ step: 'signs', status: 'failed', reason: 'motorSign' })).toBe('open open open open open failed open');
});

test('a passed self-test stays passed while the way home runs and fails', () => {
  expect(statuses({ step: 'signs', status: 'passed', tested: true })).toBe('passed passed passed passed passed passed open');
  expect(statuses({ step: 'homing', status: 'failed', tested: true })).toBe('passed passed passed passed passed passed failed');
});

test('nobody needs to prepare a prepared robot, nor one that has told nothing yet', () => {
  expect(needsPreparation(news())).toBe(true);
  expect(needsPreparation(news({ prepared: true }))).toBe(false);
  expect(needsPreparation(undefined)).toBe(false);
});
