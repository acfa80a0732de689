/** What stops a robot, and what a stop does, on a robot that follows its commands exactly. */
import { describe, expect, it } from 'vitest';
import { relayOrder } from '../../../controller/robot/robot-step.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { StepOutput } from '../../../protocols/session-log.ts';
import type { Cause, OperatorCommand, SupervisorState } from '../../../protocols/supervision.ts';
import { radToDeg } from '../../../protocols/units.ts';
import { healthyIntent, MAX_AGE_US, PERIOD_US, profile, setup } from '../safety/fixtures.ts';
import { Bench } from './support/step-bench.ts';

/** The robot with one drive that only the hub's relay can release. */
const withRelayOnly = (index: number): RobotProfile => ({ ...profile, joints: profile.joints.map((joint, j) => (j === index && joint.drive.protocol === 'mit' ? { ...joint, drive: { ...joint.drive, watchdog: 'hubRelay' as const } } : joint)) });

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
    ['when the loop stood still for so long that every device seems silent', 'loopOverrun', (b) => {
      b.inputs.nowUs += 200_000;
      b.spoil = (i) => {
        for (const device of [i.hub, i.monitor, i.treadmill, i.support]) device.ageUs = 200_000;
        for (const j of i.joints) j.driveAgeUs = 200_000;
      };
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
    expect(relayOrder(bench.output)).toBe(action === 'protectiveStop' ? 'keepClosed' : 'open');
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

  it('and a joint whose encoders part is let go while the others brake and are lowered', () => {
    const bench = Bench.walking();
    let drift = 0;
    bench.spoil = (i) => (i.joints[2]!.encoderPositionRad += drift += 0.002);
    const letGo = (output: StepOutput): boolean[] => output.permitted.joints.map(({ stiffnessNmPerRad, dampingNmsPerRad, torqueNm }) => stiffnessNmPerRad === 0 && dampingNmsPerRad === 0 && torqueNm === 0);
    bench.run(0.12);
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'protectiveStop', cause: 'sensorDisagreement', causeJoint: 2, permitted: { enable: true } });
    bench.run(0.5, (output) => expect(letGo(output)).toEqual([false, false, true, false]));
    bench.spoil = () => {};
    bench.run(3, (output) => expect(letGo(output)).toEqual(profile.joints.map((_, j) => j === 2 || !output.permitted.enable)));
    expect(bench.output).toMatchObject({ action: 'protectiveStop', cause: 'sensorDisagreement', permitted: { enable: false } });
    expect(bench.command('acknowledge').state).toBe('ready');
    expect(bench.command('arm').state).toBe('armed');
    bench.run(1.2);
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
    // The cables are back; the relay stands open and the drives are dark, because it was told to.
    const dark = (inputs: RobotInputs): void => {
      inputs.hub.enableRelayClosed = false;
      for (const joint of inputs.joints) Object.assign(joint, { driveState: 'absent', driveAgeUs: Infinity });
    };
    bench.spoil = dark;
    bench.run(0.5);
    expect(relayOrder(bench.output)).toBe('open');
    expect(bench.command('acknowledge').state).toBe('connecting');
    expect(relayOrder(bench.output)).toBe('keepClosed');
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
    expect(relayOrder(bench.output)).toBe('open');
    expect(bench.output.permitted.enable).toBe(false);
  });

  it('does not cost the others their support when it is another drive that is silent', () => {
    const bench = Bench.walking(withRelayOnly(1));
    bench.spoil = (inputs) => (inputs.joints[0]!.driveAgeUs = MAX_AGE_US + 1);
    expect(bench.tick()).toMatchObject({ action: 'protectiveStop', cause: 'driveSilent', causeJoint: 0 });
    expect(relayOrder(bench.output)).toBe('keepClosed');
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
    expect(relayOrder(bench.output)).toBe('open');
    bench.spoil = () => {};
    bench.tick();
    expect(bench.command('acknowledge').state).toBe('ready');
    expect(relayOrder(bench.output)).toBe('keepClosed');
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
    expect(relayOrder(bench.output)).toBe('open');
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
