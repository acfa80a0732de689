import { expect, test } from 'vitest';
import type { StationStatus } from '../../../protocols/messages.ts';
import type { Answer, ClientRequest, StationLink } from '../../../ui/net/station-link.ts';
import { createOperator } from '../../../ui/state/operator.ts';
import { createStationState } from '../../../ui/state/station-state.ts';

const status = (holder: string | null): StationStatus => ({ controller: 'running', simulated: true, lease: holder === null ? null : { epoch: 3, clientId: holder, since: '' }, session: null });

function rig(answer: (request: ClientRequest) => Answer) {
  const asked: ClientRequest[] = [];
  const leases: (number | null)[] = [];
  const refused: string[] = [];
  const state = createStationState(() => undefined);
  const link: StationLink = {
    request: (request) => {
      asked.push(request);
      const answered = answer(request);
      if (request.type === 'takeLease' && answered.ok) state.status.value = status('me');
      return Promise.resolve(answered);
    },
    alive: () => undefined,
    hidden: () => undefined,
    setLease: (epoch) => leases.push(epoch),
    hold: () => undefined,
    endHold: () => undefined,
  };
  state.clientId.value = 'me';
  state.status.value = status(null);
  return { state, asked, leases, refused, operator: createOperator(state, link, (answered) => refused.push(answered.message)) };
}

const confirmed = { identity: true, side: true, consent: true, geometry: true, alarms: true };

const granted: Answer = { ok: true, epoch: 3, sessionId: null };

test('beginning a session takes the lease first, then opens the session with its epoch', async () => {
  const r = rig(() => granted);
  await r.operator.beginSession('demo-2', confirmed, null);
  expect(r.asked).toEqual([{ type: 'takeLease', takeOver: false }, { type: 'openSession', epoch: 3, patientId: 'demo-2', confirmed }]);
  expect(r.leases).toEqual([3]);
});

test('what was planned goes with the session that it was planned for', async () => {
  const r = rig(() => granted);
  const plan = { kind: 'assessment', order: { kind: 'strength', joint: 'kneeLeft' } } as const;
  await r.operator.beginSession('demo-2', confirmed, plan);
  expect(r.asked.at(-1)).toEqual({ type: 'openSession', epoch: 3, patientId: 'demo-2', confirmed, plan });
});

test('a movement is made with the lease, and a refusal is told and shown', async () => {
  const r = rig(() => granted);
  expect(await r.operator.makeTrajectory('s1', 'Slow walk')).toBe(true);
  expect(r.asked.at(-1)).toEqual({ type: 'makeTrajectory', epoch: 3, sessionId: 's1', name: 'Slow walk' });
  const refusing = rig((request) => (request.type === 'makeTrajectory' ? { ok: false, code: 'trajectoryInvalid', message: 'No movement.' } : granted));
  expect(await refusing.operator.makeTrajectory('s1', 'Slow walk')).toBe(false);
  expect(refusing.refused).toEqual(['No movement.']);
  expect(refusing.operator.busy.value).toBe(false);
});

test('a walk over ground is entered without the lease, and a refusal is told and shown', async () => {
  const entry = { kind: 'walk6min', value: 310, aid: 'none', walkedOn: '2026-11-20' } as const;
  const r = rig(() => granted);
  expect(await r.operator.enterWalk('demo-2', entry)).toBe(true);
  expect(r.asked).toEqual([{ type: 'enterWalk', patientId: 'demo-2', entry }]);
  const refusing = rig(() => ({ ok: false, code: 'entryInvalid', message: 'Look at the number.' }));
  expect(await refusing.operator.enterWalk('demo-2', entry)).toBe(false);
  expect(refusing.refused).toEqual(['Look at the number.']);
});

test('a refused lease opens nothing and shows the reason', async () => {
  const r = rig(() => ({ ok: false, code: 'leaseRefused', message: 'Another screen controls the robot.' }));
  await r.operator.beginSession('demo-2', confirmed, null);
  expect(r.asked).toHaveLength(1);
  expect(r.refused).toEqual(['Another screen controls the robot.']);
});

test('STOP is sent without lease and without waiting, and shows as requested at once', () => {
  const r = rig(() => granted);
  r.operator.stop();
  expect(r.asked).toEqual([{ type: 'stop' }]);
  expect(r.state.stop.value.phase).toBe('requested');
});

test('a refused edit does not stay on the screen', async () => {
  const r = rig((request) => (request.type === 'parameters' ? { ok: false, code: 'setupInvalid', message: 'Too fast.' } : granted));
  await r.operator.setParameters({ mode: 'guidedGait' as const, speedKmh: 9, guidancePercent: { left: 100, right: 100 }, romPercent: [], offsetDeg: [], timingPercent: [] });
  expect(r.operator.pendingParameters.value).toBeNull();
  expect(r.refused).toEqual(['Too fast.']);
});

test('the self-test is asked for by somebody who says that nobody is in the robot', async () => {
  const r = rig(() => granted);
  await r.operator.prepare();
  expect(r.asked.at(-1)).toEqual({ type: 'command', epoch: 3, command: 'prepare', empty: true });
});

test('a button of virtual hardware needs no lease', async () => {
  const r = rig(() => granted);
  await r.operator.pressVirtual('estop', true);
  expect(r.asked).toEqual([{ type: 'virtualHardware', button: 'estop', pressed: true }]);
});
