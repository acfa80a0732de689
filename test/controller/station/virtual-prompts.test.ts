import fs from 'node:fs';
import { expect, it } from 'vitest';
import { initialSetup } from '../../../controller/station/session-setup.ts';
import { demoPatients } from '../../../controller/station/records/demo-patients.ts';
import { VirtualPrompts, type VirtualPrompt } from '../../../controller/station/virtual-prompts.ts';
import { planAssessment } from '../../../controller/therapy/assessments/plan.ts';
import { promptAt } from '../../../controller/therapy/assessments/steps.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { layoutOf } from '../../../protocols/session-log.ts';
import { supervisorStates } from '../../../protocols/supervision.ts';
import { encodeTelemetry, telemetryChannels, telemetryValue } from '../../../protocols/telemetry.ts';

const profile = parseProfile(fs.readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis');
const channels = telemetryChannels(profile);
const order = { kind: 'strength', joint: 'kneeLeft' } as const;
const setup = initialSetup(profile, demoPatients[0]!, {}, { assessment: order });
const plan = planAssessment(profile, setup)!;

function packet(values: Readonly<Record<string, number>>): Uint8Array {
  const row = new Float64Array(layoutOf(profile).width);
  for (const [name, value] of Object.entries(values)) row[channels.find((channel) => channel.name === name)!.offset] = value;
  return encodeTelemetry(channels, 1, 0, row, 0);
}
const running = (assessmentStep: number, promptNm = 0) => packet({ state: supervisorStates.indexOf('running'), assessmentStep, promptNm });

it('reads one channel of a packet, and none that it does not have', () => {
  const index = channels.findIndex(({ name }) => name === 'promptNm');
  expect(telemetryValue(running(3, -12), index)).toBe(-12);
  expect(telemetryValue(running(3), -1)).toBeNaN();
  expect(telemetryValue(running(3), channels.length)).toBeNaN();
  expect(telemetryValue(new Uint8Array(40), 0)).toBeNaN();
});

it('tells a simulated patient each step of an assessment once, and that it is over', () => {
  const told: VirtualPrompt[] = [];
  const prompts = new VirtualPrompts(profile, (prompt) => told.push(prompt));
  prompts.look(running(-1), setup);
  expect(told).toEqual([]);
  const push = plan.steps.findIndex(({ kind }) => kind === 'push');
  prompts.look(running(push, 30), setup);
  prompts.look(running(push, 30), setup);
  prompts.look(running(push + 1), setup);
  expect(told).toEqual([{ ask: 'push', joint: 'kneeLeft', markNm: 30 }, { ask: promptAt(plan, push + 1), joint: 'kneeLeft', markNm: 0 }]);
  prompts.look(packet({ state: supervisorStates.indexOf('stopped'), assessmentStep: push + 1 }), setup);
  expect(told.at(-1)).toBeNull();
});

it('leaves the patient of a training alone', () => {
  const told: VirtualPrompt[] = [];
  const prompts = new VirtualPrompts(profile, (prompt) => told.push(prompt));
  prompts.look(running(4, 20), initialSetup(profile, demoPatients[0]!, {}, {}));
  prompts.look(running(4, 20), null);
  expect(told.filter((prompt) => prompt !== null)).toEqual([]);
});

it('tells who reaches with which arm and where to, also on a robot that is never more than ready', () => {
  const support = parseProfile(fs.readFileSync('hal/profiles/arm-support.json', 'utf8'), 'arm-support');
  const own = telemetryChannels(support);
  const reaching = initialSetup(support, demoPatients[0]!, {}, { assessment: { kind: 'reach', side: 'right' } });
  const steps = planAssessment(support, reaching)!.steps;
  const row = new Float64Array(layoutOf(support).width);
  const told: VirtualPrompt[] = [];
  const prompts = new VirtualPrompts(support, (prompt) => told.push(prompt));
  const step = steps.findIndex(({ kind }) => kind === 'reach');
  row[own.find(({ name }) => name === 'state')!.offset] = supervisorStates.indexOf('ready');
  row[own.find(({ name }) => name === 'assessmentStep')!.offset] = step;
  prompts.look(encodeTelemetry(own, 1, 0, row, 0), reaching);
  expect(told).toEqual([{ ask: 'reach', side: 'right', handAtRad: steps[step]!.handAtRad }]);
});

it('says nothing to who walks', () => {
  const told: VirtualPrompt[] = [];
  new VirtualPrompts(profile, (prompt) => told.push(prompt)).look(running(1), initialSetup(profile, demoPatients[0]!, {}, { assessment: { kind: 'walk6min' } }));
  expect(told).toEqual([null]);
});
