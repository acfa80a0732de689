/** The lift of an arm robot in lock-step: the whole way from a person's button over the wire to the true height, and back into the log. */
import { afterEach, describe, expect, it } from 'vitest';
import { LockstepRig } from '../../../controller/cli/lockstep-rig.ts';
import { prepareRobot } from '../../../controller/cli/lockstep-preparation.ts';
import { fieldOffset, layoutOf, type SessionEvent } from '../../../protocols/session-log.ts';
import { HOLD_RENEW_MS, type OperatorCommand, type SessionSetup } from '../../../protocols/supervision.ts';
import { toRangeRad, type RobotProfile } from '../../../protocols/profile.ts';
import { armExo, gaitExo } from '../../sim/support/profile.ts';

const profile = armExo();
const setup: SessionSetup = {
  patientRef: 'test',
  bodyMassKg: 75,
  heightM: 1.8,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: 0.15, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};
const LAYOUT = layoutOf(profile);
const HEIGHT_AT = fieldOffset(LAYOUT, 'liftHeightM');
const RENEW_US = HOLD_RENEW_MS * 1_000;

class Bench {
  readonly events: SessionEvent[] = [];
  /** As recorded. */
  readonly heightsM: number[];
  #sequence = 1_000;

  private constructor(
    readonly rig: LockstepRig,
    heightsM: number[],
  ) {
    this.heightsM = heightsM;
    rig.loop.events$.subscribe((event) => this.events.push(event));
  }

  static async create({ prepared = true, session = false, robot = profile }: { readonly prepared?: boolean; readonly session?: boolean; readonly robot?: RobotProfile } = {}): Promise<Bench> {
    const heightsM: number[] = [];
    const rig = await LockstepRig.create({ profile: robot, seed: 1, bodyMassKg: 75, heightM: 1.8, sink: { row: (row, start) => void heightsM.push(row[start + HEIGHT_AT] ?? Number.NaN) } });
    benches.push(rig);
    rig.start();
    if (prepared) await prepareRobot(rig);
    else {
      rig.takeControl();
      for (let n = 0; n < 250; n++) await rig.cycle();
    }
    if (session) rig.loop.openSession(setup, { sessionId: 's', actor: 'test' }, rig.nowUs);
    for (let n = 0; n < 50; n++) await rig.cycle();
    return new Bench(rig, heightsM);
  }

  get trueM(): number {
    return this.rig.robot.robot.truth().liftM ?? Number.NaN;
  }

  get output() {
    return this.rig.loop.cycle.output;
  }

  hold(): boolean {
    return this.rig.loop.operator.hold(this.rig.epoch, ++this.#sequence, this.rig.nowUs);
  }

  letGo(): void {
    this.rig.loop.operator.endHold(this.rig.epoch);
  }

  press(heightM: number): void {
    this.hold();
    this.rig.loop.operator.moveLift(this.rig.epoch, heightM, 'therapist', this.rig.nowUs);
  }

  command(command: OperatorCommand): void {
    this.rig.loop.operator.command(this.rig.epoch, command, 'therapist', this.rig.nowUs);
  }

  async run(sec: number, held = false): Promise<void> {
    const { rig } = this;
    let renewedUs = rig.nowUs;
    for (const endUs = rig.nowUs + sec * 1e6; rig.nowUs < endUs; ) {
      if (held && rig.nowUs - renewedUs >= RENEW_US) {
        this.hold();
        renewedUs = rig.nowUs;
      }
      await rig.cycle();
    }
  }

  /** For as long as it is held. */
  async lift(heightM: number, sec: number): Promise<void> {
    this.press(heightM);
    await this.run(sec, true);
  }
}

const benches: LockstepRig[] = [];
afterEach(() => {
  for (const rig of benches.splice(0)) rig.dispose();
});

describe('a lift', { timeout: 120_000 }, () => {
  it('goes with the button that is held, stops with it, and both stand in the log', async () => {
    const bench = await Bench.create({ session: true });
    expect(bench.trueM).toBe(1.05);
    await bench.lift(1.2, 2);
    expect(bench.trueM).toBeGreaterThan(1.09);
    expect(bench.rig.loop.moving).toBe(true);
    bench.letGo();
    const letGoM = bench.trueM;
    await bench.run(1);
    expect(bench.trueM - letGoM).toBeLessThan(0.006);
    expect(bench.heightsM.at(-1)).toBeCloseTo(bench.trueM, 3);
    expect(bench.output).toMatchObject({ state: 'ready', action: 'none', readyBlocker: 'none' });
    expect(bench.rig.loop.moving).toBe(false);
    expect(bench.events.filter(({ subject }) => subject === 'moveLift')).toMatchObject([{ kind: 'note', newValue: '1.2', actor: 'therapist' }]);
    expect(bench.events.filter(({ subject }) => subject === 'liftHeightM')).toMatchObject([{ kind: 'parameter', oldValue: '1.050', newValue: bench.trueM.toFixed(3) }]);
  });

  it('goes where it is told and stands there, up and down, before the robot is prepared too', async () => {
    const bench = await Bench.create({ prepared: false });
    expect(bench.output).toMatchObject({ state: 'idle', cause: 'none' });
    await bench.lift(1.1, 4);
    expect(bench.trueM).toBeCloseTo(1.1, 3);
    bench.letGo();
    await bench.run(1);
    await bench.lift(1.0, 5);
    expect(bench.trueM).toBeCloseTo(1, 3);
    expect(bench.output.action).toBe('none');
  });

  it.each([
    ['the renewals of the button stop', () => {}],
    ['the lease is not renewed', (bench: Bench) => bench.rig.leave()],
    ['the patient presses the button', (bench: Bench) => bench.rig.robot.controls.patientButton(true)],
    ['the emergency stop is pressed', (bench: Bench) => bench.rig.robot.controls.estop(true)],
    ['somebody presses STOP', (bench: Bench) => void bench.rig.loop.operator.stop('anybody', bench.rig.nowUs)],
    ['the cable of the hub is pulled', (bench: Bench) => bench.rig.robot.controls.unplug('hub')],
    ['the controller is dead', (bench: Bench) => void (bench.rig.halted = true)],
  ])('stops within 2 cm when %s', async (what, happens) => {
    const bench = await Bench.create();
    await bench.lift(1.2, 1.5);
    happens(bench);
    const fromM = bench.trueM;
    // A lease lives for two seconds.
    const lease = what.includes('lease');
    if (what.startsWith('the renewals')) await bench.run(0.6);
    else await bench.run(lease ? 2.6 : 0.6, true);
    const stoodM = bench.trueM;
    expect(stoodM - fromM).toBeLessThan(lease ? 0.085 : 0.02);
    await bench.run(1, true);
    expect(bench.trueM).toBe(stoodM);
  });

  it('is not armed before it stands, and does not move once the robot is armed', async () => {
    const bench = await Bench.create({ session: true });
    await bench.lift(1.2, 1);
    expect(bench.output.readyBlocker).toBe('liftMoving');
    expect(() => bench.command('arm')).not.toThrow();
    await bench.run(0.1, true);
    expect(bench.output.state).toBe('ready');
    expect(bench.output.permitted.liftEnable).toBe(false);
    bench.letGo();
    await bench.run(1);
    bench.command('arm');
    await bench.run(1);
    expect(bench.output.state).toBe('armed');
    bench.hold();
    expect(() => bench.press(1.2)).toThrow(/armed/);
    const stoodM = bench.trueM;
    await bench.run(1, true);
    expect(bench.trueM).toBe(stoodM);
  });

  it('is refused without a button that is held, outside its range, and by a robot that has none', async () => {
    const bench = await Bench.create({ prepared: false });
    const { operator } = bench.rig.loop;
    const move = (heightM: number, epoch = bench.rig.epoch): void => operator.moveLift(epoch, heightM, 'therapist', bench.rig.nowUs);
    expect(() => move(1.1)).toThrow(/held/);
    bench.hold();
    expect(() => move(1.26)).toThrow(/1\.26 m/);
    expect(() => move(Number.NaN)).toThrow(/outside/);
    expect(() => move(1.1, 99)).toThrow(/control/);
    const other = await Bench.create({ prepared: false, robot: gaitExo() });
    other.hold();
    expect(() => other.press(1.1)).toThrow(/no lift/);
    expect(other.trueM).toBeNaN();
  });
});

describe('what a lift does unasked', { timeout: 120_000 }, () => {
  it('is a stop in training, and its power is cut when it goes on', async () => {
    const bench = await Bench.create({ session: true });
    bench.command('arm');
    await bench.run(2);
    bench.command('start');
    await bench.run(2);
    expect(bench.output.state).toBe('running');
    bench.rig.robot.robot.fault({ kind: 'liftRunsOn', speedMps: 0.03 });
    await bench.run(0.3);
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'protectiveStop', cause: 'liftFault' });
    await bench.run(0.5);
    expect(bench.output).toMatchObject({ action: 'torqueOff', cause: 'liftFault' });
    const stoodM = bench.trueM;
    expect(stoodM - 1.05).toBeLessThan(0.025);
    await bench.run(1);
    expect(bench.trueM).toBe(stoodM);
  });

  it('is a stop where nothing is driven, that a person acknowledges when it stands', async () => {
    const bench = await Bench.create();
    bench.rig.robot.robot.fault({ kind: 'liftRunsOn', speedMps: -0.03 });
    await bench.run(0.3);
    bench.rig.robot.robot.clearFaults(null);
    expect(bench.output).toMatchObject({ state: 'stopped', cause: 'liftFault' });
    await bench.run(1.5);
    expect(bench.output.state).toBe('stopped');
    bench.hold();
    expect(() => bench.press(1.2)).toThrow(/stopped/);
    bench.command('acknowledge');
    await bench.run(0.2);
    expect(bench.output).toMatchObject({ action: 'none' });
  });

  it('is found when it goes on after the button was let go', async () => {
    const bench = await Bench.create();
    await bench.lift(1.2, 1);
    bench.rig.robot.robot.fault({ kind: 'liftRunsOn', speedMps: 0.03 });
    bench.letGo();
    const fromM = bench.trueM;
    await bench.run(1.5);
    expect(bench.output).toMatchObject({ action: 'torqueOff', cause: 'liftFault' });
    expect(bench.trueM - fromM).toBeLessThan(0.035);
  });

  it('is found where it does nothing although it is told to', async () => {
    const bench = await Bench.create();
    bench.rig.robot.robot.fault({ kind: 'liftStuck' });
    await bench.lift(1.2, 2);
    expect(bench.output).toMatchObject({ state: 'stopped', action: 'protectiveStop', cause: 'liftFault' });
    expect(bench.output.permitted.liftEnable).toBe(false);
  });

  it('or its own fault keeps the robot from being armed', async () => {
    const bench = await Bench.create({ session: true });
    bench.rig.robot.robot.fault({ kind: 'liftFault' });
    await bench.run(0.1);
    expect(bench.output).toMatchObject({ state: 'ready', readyBlocker: 'liftFault' });
    await bench.lift(1.2, 1);
    expect(bench.trueM).toBe(1.05);
  });
});
