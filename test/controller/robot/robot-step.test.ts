/** The rules of one step, on a robot that follows its commands exactly. */
import { describe, expect, it } from 'vitest';
import { createRobotStep, heartbeatAllowed } from '../../../controller/robot/robot-step.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { writeCycleRow } from '../../../protocols/cycle-row.ts';
import { cycleLayout, limitReasons, type Intent, type StepOutput } from '../../../protocols/session-log.ts';
import { confirmations, type Cause, type OperatorCommand, type SupervisorState } from '../../../protocols/supervision.ts';
import { degToRad, kmhToMps, radToDeg } from '../../../protocols/units.ts';
import { healthyIntent, MAX_AGE_US, nextCycle, PERIOD_US, profile, setup } from '../safety/fixtures.ts';
import { Bench } from './support/step-bench.ts';

/** The robot with one drive that only the hub's relay can release. */
const withRelayOnly = (index: number): RobotProfile => ({ ...profile, joints: profile.joints.map((joint, j) => (j === index && joint.drive.protocol === 'mit' ? { ...joint, drive: { ...joint.drive, watchdog: 'hubRelay' as const } } : joint)) });

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

describe('while it walks, it stops', () => {
  const soon = 0.08;
  const faults: [string, Cause, (bench: Bench) => unknown][] = [
    ['when anybody presses stop', 'operatorStop', (b) => b.command('stop')],
    ['when the lease is not renewed', 'operatorLost', (b) => (b.intent.leaseAgeUs = 2_000_001)],
    ['when the station is gone', 'stationLost', (b) => (b.intent.stationConnected = false)],
    ['when the session closes', 'noSession', (b) => (b.intent.sessionOpen = false)],
    ['when the patient presses the button', 'patientButton', (b) => (b.spoil = (i) => (i.hub.patientButtonPressed = true))],
    ['when a cable is pulled', 'linkDown', (b) => (b.spoil = (i) => (i.links[0]!.up = false))],
    ['when a drive falls silent', 'driveSilent', (b) => (b.spoil = (i) => (i.joints[3]!.driveAgeUs = MAX_AGE_US + 1))],
    ['when the hub falls silent', 'hubSilent', (b) => (b.spoil = (i) => (i.hub.ageUs = MAX_AGE_US + 1))],
    ['when the independent monitor disagrees', 'monitorDisagrees', (b) => (b.spoil = (i) => (i.monitor.reason = 'range'))],
    ["when the hub's clock freezes", 'hubFrozen', (b) => (b.spoil = (i) => (i.hub.deviceTimeUs = 5))],
    ['when a drive reports a fault', 'driveFault', (b) => (b.spoil = (i) => (i.joints[1]!.driveState = 'fault'))],
    ['when a drive drops out of its mode', 'driveNotEnabled', (b) => (b.spoil = (i) => (i.joints[1]!.driveState = 'disabled'))],
    ['when a reading is no number', 'implausibleInput', (b) => (b.spoil = (i) => (i.joints[1]!.motorPositionRad = Number.NaN))],
    ['when a reading jumps', 'implausibleInput', (b) => (b.spoil = (i) => (i.joints[1]!.encoderPositionRad += 0.3))],
    ['when the encoders part', 'sensorDisagreement', (b) => {
      let drift = 0;
      b.spoil = (i) => (i.joints[0]!.encoderPositionRad += drift += 0.008);
    }],
    ['when a drive gives too much torque', 'torqueOutOfRange', (b) => (b.spoil = (i) => (i.joints[0]!.motorTorqueNm = 130))],
    ['when a drive does not give the torque that it is told', 'driveNotEnabled', (b) => (b.spoil = (i) => (i.joints[0]!.motorTorqueNm -= 40))],
    ['when a joint is too fast', 'speedOutOfRange', (b) => (b.spoil = (i) => (i.joints[0]!.motorVelocityRadPerSec = 5))],
    ['when the tick comes too late', 'loopOverrun', (b) => (b.spoil = (i) => (i.latenessUs = profile.watchdogs.overrunPeriods * PERIOD_US + 1))],
    ['when the tick before froze in its middle, so that no tick is late', 'loopOverrun', (b) => {
      b.inputs.nowUs += profile.watchdogs.overrunPeriods * PERIOD_US + 1;
    }],
    ['when the brake engages', 'brakeEngaged', (b) => (b.spoil = (i) => (i.hub.brakeEngaged = true))],
    ['when the relay opens', 'enableRelayOpen', (b) => (b.spoil = (i) => (i.hub.enableRelayClosed = false))],
  ];

  /** The drive tells what cannot be. */
  const cutting = ['when a reading is no number'];

  it.each(faults)('%s, latched, and only a person starts it again', (what, cause, spoil) => {
    const bench = Bench.walking();
    spoil(bench);
    bench.run(soon);
    const action = cutting.includes(what) ? 'torqueOff' : 'protectiveStop';
    expect(bench.output).toMatchObject({ state: 'stopped', action, cause });
    expect(bench.step.latched).toBe(cause);
    expect(heartbeatAllowed(bench.output)).toBe(action === 'protectiveStop');
    bench.spoil = () => {};
    Object.assign(bench.intent, healthyIntent(), { commandSequence: bench.intent.commandSequence });
    bench.run(4);
    expect(bench.output).toMatchObject({ state: 'stopped', cause });
    expect(bench.output.permitted.enable).toBe(false);
    for (const command of ['arm', 'start', 'resume'] as const) expect(bench.command(command).state).toBe('stopped');
    expect(bench.command('acknowledge').state).toBe('ready');
    expect(bench.run(1).permitted.enable).toBe(false);
    expect(bench.command('start').state).toBe('ready');
  });

  it('and a joint whose encoders part is let go while the others brake; then all power is cut', () => {
    const bench = Bench.walking();
    let drift = 0;
    bench.spoil = (i) => (i.joints[2]!.encoderPositionRad += drift += 0.008);
    const letGo = (output: StepOutput): boolean[] => output.permitted.joints.map(({ stiffnessNmPerRad, dampingNmsPerRad, torqueNm }) => stiffnessNmPerRad === 0 && dampingNmsPerRad === 0 && torqueNm === 0);
    bench.run(0.08);
    expect(bench.output).toMatchObject({ action: 'protectiveStop', cause: 'sensorDisagreement', causeJoint: 2, permitted: { enable: true } });
    bench.run(0.24, (output) => {
      expect(letGo(output)).toEqual([false, false, true, false]);
      expect(heartbeatAllowed(output)).toBe(true);
    });
    bench.run(0.1);
    expect(bench.output).toMatchObject({ action: 'torqueOff', cause: 'sensorDisagreement', causeJoint: 2, permitted: { enable: false } });
    bench.spoil = () => {};
    bench.run(1);
    for (const command of ['acknowledge', 'arm'] as const) bench.command(command);
    bench.run(0.5);
    expect(letGo(bench.output)).toEqual([false, false, false, false]);
  });

  it('smoothly when the recorder fails, and cannot be armed until it works', () => {
    const bench = Bench.walking();
    bench.intent.recorderHealthy = false;
    expect(bench.tick()).toMatchObject({ state: 'stopping', action: 'hold', cause: 'recorderFailed' });
    bench.run(6);
    expect(bench.command('arm')).toMatchObject({ state: 'ready', readyBlocker: 'recorderFailed' });
    bench.intent.recorderHealthy = true;
    expect(bench.command('arm').state).toBe('armed');
  });

  it('and an acknowledgement does not count while the cause is there', () => {
    const bench = Bench.walking();
    bench.spoil = (inputs) => (inputs.hub.patientButtonPressed = true);
    bench.run(4);
    expect(bench.command('acknowledge').state).toBe('stopped');
  });

  it('and an early acknowledgement lowers the patient before it is ready again', () => {
    const bench = Bench.walking();
    bench.command('stop');
    bench.run(0.3);
    expect(bench.command('acknowledge')).toMatchObject({ state: 'stopping', action: 'none' });
    expect(bench.output.permitted.enable).toBe(true);
    bench.run(2);
    expect(bench.output.state).toBe('ready');
    expect(bench.output.permitted.enable).toBe(false);
  });
});

describe('when every cable goes in the middle of a walk', () => {
  /** All links down, every record as it was last heard, ages growing. */
  function blind(bench: Bench): void {
    const seen = structuredClone(bench.inputs);
    let ageUs = MAX_AGE_US;
    bench.spoil = (inputs) => {
      ageUs += PERIOD_US;
      Object.assign(inputs.hub, seen.hub, { ageUs });
      inputs.joints.forEach((joint, j) => Object.assign(joint, seen.joints[j], { motorVelocityRadPerSec: 3, driveAgeUs: ageUs }));
      for (const link of inputs.links) link.up = false;
    };
  }

  it('says that nobody saw the joints come to rest, not that one moved too fast', () => {
    const bench = Bench.walking();
    blind(bench);
    const causes = new Set<Cause>();
    bench.run(1, (output) => causes.add(output.cause));
    expect(causes).not.toContain('speedOutOfRange');
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'torqueOff', cause: 'standstillUnconfirmed' });
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('one acknowledgement is enough, though the drives answer only once their power is back', () => {
    const bench = Bench.walking();
    blind(bench);
    bench.run(1);
    // The cables are back; the relay stands open and the drives are dark, because no heartbeat is given.
    const dark = (inputs: RobotInputs): void => {
      inputs.hub.enableRelayClosed = false;
      for (const joint of inputs.joints) Object.assign(joint, { driveState: 'absent', driveAgeUs: Infinity });
    };
    bench.spoil = dark;
    bench.run(0.5);
    expect(heartbeatAllowed(bench.output)).toBe(false);
    expect(bench.command('acknowledge').state).toBe('connecting');
    expect(heartbeatAllowed(bench.output)).toBe(true);
    expect(bench.command('arm').state).toBe('connecting');
    bench.run(0.2);
    bench.spoil = () => {};
    bench.run(0.1);
    expect(bench.output).toMatchObject({ state: 'ready', readyBlocker: 'none' });
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('an acknowledgement before the cables are back leaves it stopped', () => {
    const bench = Bench.walking();
    blind(bench);
    bench.run(1);
    expect(bench.command('acknowledge').state).toBe('stopped');
    bench.spoil = () => {};
    bench.run(1);
    expect(bench.output.state).toBe('stopped');
    expect(bench.command('acknowledge').state).toBe('ready');
  });
});

describe('a drive without a watchdog of its own', () => {
  it('falls silent: its power is cut at once, because nothing else takes its torque away', () => {
    const bench = Bench.walking(withRelayOnly(1));
    bench.spoil = (inputs) => (inputs.joints[1]!.driveAgeUs = MAX_AGE_US + 1);
    expect(bench.tick()).toMatchObject({ action: 'torqueOff', cause: 'driveSilent', causeJoint: 1 });
    expect(heartbeatAllowed(bench.output)).toBe(false);
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('does not cost the others their support when it is another drive that is silent', () => {
    const bench = Bench.walking(withRelayOnly(1));
    bench.spoil = (inputs) => (inputs.joints[0]!.driveAgeUs = MAX_AGE_US + 1);
    expect(bench.tick()).toMatchObject({ action: 'protectiveStop', cause: 'driveSilent', causeJoint: 0 });
    expect(heartbeatAllowed(bench.output)).toBe(true);
  });
});

describe('a protective stop', () => {
  it('brings every joint to rest within the stop time, holds it, then lowers and releases it', () => {
    const bench = Bench.walking();
    bench.command('stop');
    bench.run(profile.stop.maxTimeMs / 1000);
    for (const joint of bench.inputs.joints) expect(Math.abs(radToDeg(joint.motorVelocityRadPerSec))).toBeLessThan(profile.stop.restSpeedDegPerSec);
    const held = bench.inputs.joints.map((joint) => joint.motorPositionRad);
    bench.run(0.5);
    expect(bench.output.permitted.enable).toBe(true);
    bench.inputs.joints.forEach((joint, j) => expect(Math.abs(joint.motorPositionRad - held[j]!)).toBeLessThan(0.05));
    bench.run(3);
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('that does not come to rest cuts the power', () => {
    const bench = Bench.walking();
    bench.command('stop');
    bench.spoil = (inputs) => (inputs.joints[1]!.motorVelocityRadPerSec = 1);
    bench.run(0.6);
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'torqueOff', cause: 'speedOutOfRange' });
    expect(bench.output.permitted.enable).toBe(false);
    expect(heartbeatAllowed(bench.output)).toBe(false);
    bench.spoil = () => {};
    bench.tick();
    expect(bench.command('acknowledge').state).toBe('ready');
    expect(heartbeatAllowed(bench.output)).toBe(true);
  });

  it('of a robot that is not energised leaves it released', () => {
    const bench = new Bench();
    expect(bench.command('stop')).toMatchObject({ state: 'stopped', cause: 'operatorStop' });
    expect(bench.run(0.5).permitted.enable).toBe(false);
  });
});

describe('the emergency stop', () => {
  const ways: [SupervisorState, () => Bench, OperatorCommand[]][] = [
    ['ready', () => new Bench(), []],
    ['armed', () => new Bench(), ['arm']],
    ['running', () => Bench.walking(), []],
    ['paused', () => Bench.walking(), ['pause']],
    ['stopping', () => Bench.walking(), ['disarm']],
    ['stopped', () => Bench.walking(), ['stop']],
  ];
  it.each(ways)('in %s releases the drives in the same cycle and latches in two steps', (state, begin, commands) => {
    const bench = begin();
    for (const command of commands) bench.command(command);
    expect(bench.output.state).toBe(state);
    bench.spoil = (inputs) => (inputs.hub.estopClosed = false);
    expect(bench.tick()).toMatchObject({ state: 'emergency', action: 'emergencyStop', cause: 'estopOpen' });
    expect(bench.output.permitted.enable).toBe(false);
    expect(heartbeatAllowed(bench.output)).toBe(false);
    expect(bench.command('acknowledge').state).toBe('emergency');
    bench.spoil = () => {};
    bench.run(1);
    expect(bench.output.state).toBe('emergency');
    expect(bench.step.latched).toBe('estopOpen');
    expect(bench.command('acknowledge').state).toBe('ready');
    expect(bench.run(1).permitted.enable).toBe(false);
  });

  it('is carried over into the next step', () => {
    expect(new Bench(setup, 'estopOpen').output.state).toBe('emergency');
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
  for (const kmh of [speedKmh.min, 1.5, 2.4, speedKmh.max])
    for (const rom of [romScale.min, 1, romScale.max]) {
      const bench = new Bench();
      bench.intent.speedMps = kmhToMps(kmh);
      bench.intent.romScale.fill(rom);
      bench.command('arm');
      bench.run(1.2);
      bench.command('start');
      bench.run(12, (output) => output.joints.forEach((joint, j) => expect([kmh, rom, j, output.phase, joint.limitedBy & mask]).toEqual([kmh, rom, j, output.phase, 0])));
      expect(bench.output.state).toBe('running');
    }
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
