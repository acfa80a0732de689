/** The rules of one step, on a robot that follows its commands exactly. */
import { describe, expect, it } from 'vitest';
import { createRobotStep } from '../../../controller/robot/robot-step.ts';
import { writeCycleRow } from '../../../protocols/cycle-row.ts';
import { cycleLayout, limitReasons, type Intent } from '../../../protocols/session-log.ts';
import { confirmations, type Cause } from '../../../protocols/supervision.ts';
import { degToRad, kmhToMps } from '../../../protocols/units.ts';
import { MAX_AGE_US, nextCycle, PERIOD_US, profile, setup } from '../safety/fixtures.ts';
import { Bench } from './support/step-bench.ts';

describe('a session goes its way', () => {
  it('from connecting over ready, armed, running, paused and stopping back to ready', () => {
    const bench = new Bench();
    expect(bench.output).toMatchObject({ state: 'ready', readyBlocker: 'none' });
    expect(bench.output.permitted.enable).toBe(false);
    expect(bench.command('arm')).toMatchObject({ state: 'armed' });
    expect(bench.output.permitted.enable).toBe(true);
    expect(bench.command('start').state).toBe('running');
    bench.run(7);
    expect(bench.output.blend).toBe(1);
    expect(bench.command('pause').state).toBe('paused');
    bench.run(3);
    expect(bench.output.blend).toBe(0);
    expect(bench.command('resume').state).toBe('running');
    bench.run(5);
    expect(bench.command('disarm').state).toBe('stopping');
    bench.run(2);
    expect(bench.output.state).toBe('stopping');
    bench.run(3);
    expect(bench.output.state).toBe('ready');
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('and counts its steps, its way, its walking and its standing time', () => {
    const bench = Bench.walking();
    const before = { ...bench.output };
    bench.run(30);
    const { stepsLeft, stepsRight, distanceM, walkTimeUs, upTimeUs } = bench.output;
    expect(Math.abs(stepsLeft - stepsRight)).toBeLessThanOrEqual(1);
    expect(distanceM - before.distanceM).toBeGreaterThan(0.4 * 30 - 0.7);
    expect(distanceM - before.distanceM).toBeLessThan(0.4 * 30 + 0.7);
    expect(walkTimeUs - before.walkTimeUs).toBeCloseTo(30e6, 0);
    expect(upTimeUs - walkTimeUs).toBeCloseTo(1.2e6, -5);
  });

  it('a command is acted on once, and one that was there before the step began is not', () => {
    const bench = new Bench();
    bench.command('arm');
    bench.command('disarm');
    bench.run(2);
    expect(bench.output.state).toBe('ready');
    const stale = new Bench();
    const step = createRobotStep(profile, setup, 'none');
    Object.assign(stale.intent, { command: 'arm', commandSequence: 7 });
    step.step(stale.inputs, stale.intent);
    expect(step.step(nextCycle(stale.inputs), stale.intent).state).toBe('ready');
  });

  it('the command of a moment that does not fit is ignored', () => {
    const bench = new Bench();
    for (const command of ['start', 'pause', 'resume', 'disarm', 'acknowledge'] as const) expect(bench.command(command).state).toBe('ready');
  });
});

describe('arming is refused', () => {
  const refused = (bench: Bench): Cause => {
    bench.tick();
    const { state, readyBlocker } = bench.command('arm');
    expect(state).not.toBe('armed');
    expect(bench.run(0.1).permitted.enable).toBe(false);
    return readyBlocker;
  };

  it('without a session', () => expect(refused(new Bench(null))).toBe('noSession'));

  it('without any confirmation', () => expect(refused(new Bench({ ...setup, confirmed: undefined }))).toBe('notConfirmed'));

  it.each(confirmations)('without confirmation of %s', (what) => {
    const confirmed = { identity: true, side: true, consent: true, geometry: true, alarms: true, [what]: false };
    expect(refused(new Bench({ ...setup, confirmed }))).toBe('notConfirmed');
  });

  const reasons: [string, Cause, (bench: Bench) => unknown][] = [
    ['while the session is closed', 'noSession', (b) => (b.intent.sessionOpen = false)],
    ['while the robot is not prepared', 'notPrepared', (b) => (b.intent.prepared = false)],
    ['without a lease', 'operatorLost', (b) => (b.intent.leaseEpoch = 0)],
    ['with an old lease', 'operatorLost', (b) => (b.intent.leaseAgeUs = 2_100_000)],
    ['without the station', 'stationLost', (b) => (b.intent.stationConnected = false)],
    ['while the recorder fails', 'recorderFailed', (b) => (b.intent.recorderHealthy = false)],
    ['with the E-stop line open', 'estopOpen', (b) => (b.spoil = (i) => (i.hub.estopClosed = false))],
    ['while the patient presses the button', 'patientButton', (b) => (b.spoil = (i) => (i.hub.patientButtonPressed = true))],
    ['with a link down', 'linkDown', (b) => (b.spoil = (i) => (i.links[2]!.up = false))],
    ['with a silent drive', 'driveSilent', (b) => (b.spoil = (i) => (i.joints[0]!.driveAgeUs = MAX_AGE_US * 2))],
    ['with a silent hub', 'hubSilent', (b) => (b.spoil = (i) => (i.hub.ageUs = MAX_AGE_US * 2))],
    ['without the independent monitor', 'monitorDisagrees', (b) => (b.spoil = (i) => (i.monitor.ageUs = Infinity))],
    ['with a faulty drive', 'driveFault', (b) => (b.spoil = (i) => (i.joints[0]!.driveState = 'fault'))],
    ['with a hot drive', 'driveOverTemperature', (b) => (b.spoil = (i) => (i.joints[0]!.driveTempC = 95))],
    ['with an open enable relay', 'enableRelayOpen', (b) => (b.spoil = (i) => (i.hub.enableRelayClosed = false))],
    ['with the brake engaged', 'brakeEngaged', (b) => (b.spoil = (i) => (i.hub.brakeEngaged = true))],
    ['with an impossible reading', 'implausibleInput', (b) => (b.spoil = (i) => (i.joints[0]!.jointTorqueNm = Number.NaN))],
  ];
  it.each(reasons)('%s', (_, cause, spoil) => {
    const bench = new Bench();
    spoil(bench);
    expect(refused(bench)).toBe(cause);
  });

  it('outside the permitted range', () => {
    const bench = new Bench({ ...setup, permittedRangeRad: setup.permittedRangeRad.map((range) => ({ ...range, max: degToRad(18) })) });
    expect(refused(bench)).toBe('outsideSoftRange');
  });

  it('while a stop is latched', () => {
    const bench = new Bench(setup, 'operatorStop');
    expect(bench.output.state).toBe('stopped');
    expect(refused(bench)).toBe('operatorStop');
    expect(bench.command('acknowledge').state).toBe('ready');
    expect(bench.command('arm').state).toBe('armed');
  });
});

describe('nothing steps', () => {
  it('neither position nor speed nor gains of the desired command, whatever the therapist changes', () => {
    const bench = Bench.walking();
    const changes: ((intent: Intent) => unknown)[] = [
      (i) => (i.guidanceLeft = 0),
      (i) => (i.speedMps = kmhToMps(3.2)),
      (i) => (i.guidanceLeft = i.guidanceRight = 1),
      (i) => i.romScale.fill(0.5),
      (i) => i.offsetRad.fill(degToRad(10)),
      (i) => (i.speedMps = kmhToMps(0.5)),
      (i) => Object.assign(i, { guidanceRight: 0, romScale: i.romScale.fill(1.2), offsetRad: i.offsetRad.fill(degToRad(-10)) }),
    ];
    let before = bench.output.desired.joints.map((joint) => ({ ...joint }));
    for (const change of changes) {
      change(bench.intent);
      bench.run(2, (output) => {
        expect(output.action).toBe('none');
        output.desired.joints.forEach((joint, j) => {
          const last = before[j]!;
          expect(Math.abs(joint.positionRad - last.positionRad)).toBeLessThan(6 * (PERIOD_US / 1e6));
          expect(Math.abs(joint.velocityRadPerSec - last.velocityRadPerSec)).toBeLessThan(0.4);
          expect(Math.abs(joint.stiffnessNmPerRad - last.stiffnessNmPerRad)).toBeLessThan(4);
          expect(Math.abs(joint.torqueNm - last.torqueNm)).toBeLessThan(8);
        });
        before = output.desired.joints.map((joint) => ({ ...joint }));
      });
    }
  });

  it('ticks that were missed make the pattern wait, not leap', () => {
    const bench = Bench.walking();
    const { phase } = bench.output;
    bench.inputs.nowUs += 15_000;
    const moved = (bench.tick().phase - phase + 1) % 1;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(0.004);
  });
});

describe('at guidance 0 a leg is transparent', () => {
  it('has no stiffness and no damping, but the orthosis still carries its own weight', () => {
    const bench = Bench.walking();
    bench.run(0.6); // the leg then comes to stand bent, where its weight is felt
    bench.intent.guidanceLeft = 0;
    bench.run(5);
    const [left, , right] = bench.output.permitted.joints;
    expect([left!.stiffnessNmPerRad, left!.dampingNmsPerRad]).toEqual([0, 0]);
    expect(right!.stiffnessNmPerRad).toBeCloseTo(400, 6);
    bench.spoil = (inputs) => inputs.joints.forEach((joint) => Object.assign(joint, { motorVelocityRadPerSec: 0 }));
    bench.tick();
    expect(Math.abs(bench.output.permitted.joints[0]!.torqueNm)).toBeGreaterThan(1);
  });
});

it("the envelope never clips the profile's own reference", () => {
  const mask = (1 << limitReasons.indexOf('position')) | (1 << limitReasons.indexOf('velocity'));
  const { speedKmh, romScale } = profile.therapy;
  const clipped: unknown[] = [];
  for (const kmh of [speedKmh.min, 1.5, 2.4, speedKmh.max])
    for (const rom of [romScale.min, 1, romScale.max]) {
      const bench = new Bench();
      bench.intent.speedMps = kmhToMps(kmh);
      bench.intent.romScale.fill(rom);
      bench.command('arm');
      bench.run(1.2);
      bench.command('start');
      bench.run(12, ({ joints, phase }) =>
        joints.forEach(({ limitedBy }, j) => {
          if ((limitedBy & mask) !== 0) clipped.push({ kmh, rom, j, phase, limitedBy });
        }),
      );
      expect(bench.output.state).toBe('running');
    }
  expect(clipped).toEqual([]);
});

it('the same inputs give the same bits', () => {
  const layout = cycleLayout(profile.joints.length, profile.links.length);
  const record = (): Float64Array => {
    const bench = Bench.walking();
    const rows = new Float64Array(layout.width * 500);
    for (let i = 0; i < 500; i++) {
      if (i === 250) bench.command('stop');
      writeCycleRow(rows, i * layout.width, bench.inputs, bench.intent, bench.tick());
    }
    return rows;
  };
  expect(Buffer.from(record().buffer).equals(Buffer.from(record().buffer))).toBe(true);
});

it('never throws, whatever comes in', () => {
  const bench = Bench.walking();
  bench.spoil = (inputs) => {
    Object.assign(inputs.hub, { ageUs: Number.NaN, deviceTimeUs: Number.NaN });
    for (const joint of inputs.joints) Object.assign(joint, { motorPositionRad: Number.NaN, motorVelocityRadPerSec: Infinity, driveAgeUs: -Infinity, driveSequence: Number.NaN, driveTempC: Number.NaN });
    inputs.nowUs = Number.NaN;
  };
  Object.assign(bench.intent, { speedMps: Number.NaN, guidanceLeft: Infinity, guidanceRight: -5, leaseAgeUs: Number.NaN });
  bench.intent.romScale.fill(Number.NaN);
  for (let i = 0; i < 1000; i++) {
    bench.tick();
    for (const joint of bench.output.permitted.joints) expect(Object.values(joint).every(Number.isFinite)).toBe(true);
  }
  expect(bench.output.state).toBe('stopped');
});
