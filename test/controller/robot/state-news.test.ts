import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import type { Cycle } from '../../../controller/robot/control-loop.ts';
import { watchReadiness, type ReadinessNews } from '../../../controller/robot/state-news.ts';
import { policy, type CheckId } from '../../../controller/safety/policy.ts';

function rig() {
  const cycle$ = new Subject<Cycle>();
  const loop = { cycle$, findings: new Int32Array(policy.length).fill(-2) };
  const heard: ReadinessNews['blockers'][] = [];
  const cycle = (...present: CheckId[]): void => {
    loop.findings = Int32Array.from(policy, ({ check }) => (present.includes(check) ? -1 : -2));
    cycle$.next({} as Cycle);
  };
  watchReadiness(loop).subscribe(({ blockers }) => heard.push(blockers));
  return { heard, cycle };
}

it('tells everything that keeps the robot from being armed, on every change and only then', () => {
  const { heard, cycle } = rig();
  cycle('sessionClosed', 'notPrepared');
  cycle('sessionClosed', 'notPrepared');
  cycle('sessionClosed');
  cycle();
  cycle();
  expect(heard).toEqual([['noSession', 'notPrepared'], ['noSession'], []]);
});

it('says a cause once, and is silent about what keeps nobody from arming', () => {
  const { heard, cycle } = rig();
  cycle('disagreement', 'encoderWrong', 'trackingLost');
  expect(heard).toEqual([['sensorDisagreement']]);
});

it('takes a line that was not judged for a blocker', () => {
  const cycle$ = new Subject<Cycle>();
  const heard: ReadinessNews['blockers'][] = [];
  watchReadiness({ cycle$, findings: new Int32Array(0) }).subscribe(({ blockers }) => heard.push(blockers));
  cycle$.next({} as Cycle);
  expect(heard[0]).toContain('estopOpen');
});
