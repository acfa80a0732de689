import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AngleHistory } from '../../../../controller/cli/faults/angle-history.ts';
import type { Measuring, Variant } from '../../../../controller/cli/faults/lockstep/fault.ts';
import { SensedJudge } from '../../../../controller/cli/faults/sensed-judge.ts';
import type { LockstepRig } from '../../../../controller/cli/lockstep-rig.ts';
import { loadProfile } from '../../../../controller/cli/profiles.ts';
import type { Action, SupervisorState } from '../../../../protocols/supervision.ts';
import { degToRad } from '../../../../protocols/units.ts';

const { profile } = loadProfile(resolve('hal/profiles/arm-support.json'));
const PERIOD_US = 4_000;
const ELBOW = 3;
const ALL = [0, 1, 2, 3, 4, 5];
const plain: Variant = { name: 'test', riskClass: 'A', wanted: 'none', withinMs: 0, inject: () => {} };

/** A robot whose truth, readings and words a test writes. All joints go with 50 °/s, and are told as they were 4 ms ago. */
class Stage {
  nowUs = 0;
  action: Action = 'none';
  state: SupervisorState = 'ready';
  /** What the elbow's sensor adds. */
  offDeg = 0;
  trusted = ALL.map(() => true);
  ageUs = PERIOD_US;
  energised = false;
  #cycle = 0;
  readonly judge: SensedJudge;

  constructor(...faults: readonly (Partial<Variant> & { measured?: Measuring })[]) {
    const angles = new AngleHistory(this.rig(), profile);
    for (let ms = 0; ms < 100; ms++) {
      this.nowUs += 1_000;
      angles.note();
    }
    this.judge = new SensedJudge(this.rig(), profile, faults.map((fault) => ({ variant: { ...plain, ...fault }, onsetUs: this.nowUs })), angles);
  }

  trueDeg(atUs: number): number {
    return (atUs / 1e6) * 50;
  }

  rig(): LockstepRig {
    const body = { positionRad: () => degToRad(this.trueDeg(this.nowUs)) };
    const robot = { body, energised: (j: number) => this.energised && j === ELBOW };
    const readings = () => this.trusted.map((_, j) => ({ positionRad: degToRad(this.trueDeg(this.nowUs - PERIOD_US) + (j === ELBOW ? this.offDeg : 0)), ageUs: this.ageUs }));
    const output = () => ({ action: this.action, cause: 'none', state: this.state, sensed: this.trusted.map((trusted) => ({ trusted })) });
    const cycle = Object.defineProperties({}, { inputs: { get: () => ({ cycle: this.#cycle, sensed: readings() }) }, output: { get: output } });
    return { loop: { cycle }, robot: { robot } } as unknown as LockstepRig;
  }

  run(cycles: number): this {
    for (let i = 0; i < cycles; i++) {
      const decidedUs = this.nowUs;
      this.#cycle++;
      for (let ms = 0; ms < 4; ms++) {
        this.nowUs += 1_000;
        this.judge.moved();
      }
      this.judge.afterCycle(decidedUs);
    }
    return this;
  }

  doubt(...joints: readonly number[]): this {
    this.trusted = ALL.map((j) => !joints.includes(j));
    return this;
  }

  findings(): readonly string[] {
    this.judge.conclude();
    return this.judge.findings;
  }
}

const jumped = (seen: 'always' | 'byItsJump' | 'never'): Measuring => ({ spoils: { joint: ELBOW, seen }, ...(seen === 'never' ? {} : { doubted: { joints: [ELBOW], withinMs: 8, until: 'lifted' as const } }) });

describe('the judge of a robot that only measures', () => {
  it('has nothing to say of readings that are true, or were a moment ago', () => {
    const stage = new Stage({}).run(100);
    expect(stage.findings()).toEqual([]);
    expect(stage.judge).toMatchObject({ exposed: false, detectedUs: null, stoppedUs: null });
    // As late as the profile, the wire and a cycle let it be.
    const late = new Stage({});
    late.offDeg = -50 * 0.044;
    expect(late.run(20).findings()).toEqual([]);
  });

  it.each([
    ['wrong', 1],
    ['older than anybody may believe', -50 * 0.056],
    ['no number', Number.NaN],
  ])('finds an angle that is believed and is %s', (_, offDeg) => {
    const stage = new Stage(jumpedFault());
    stage.offDeg = offDeg;
    stage.run(1);
    expect(stage.judge.findings.some((finding) => /^elbow was believed to be at .*°, and was at \d/.test(finding))).toBe(true);
  });

  it('does not pretend that one sensor shows what it cannot, and says that it was not visible', () => {
    const stage = new Stage({ measured: jumped('never') });
    stage.offDeg = 20;
    expect(stage.run(50).findings()).toEqual([]);
    expect(stage.judge.exposed).toBe(false);
  });

  it('takes a jump for one that cannot be seen only beside a fault that keeps its readings away', () => {
    const findings = (other: Measuring): readonly string[] => {
      const stage = new Stage({ measured: jumped('byItsJump') }, { measured: other });
      stage.offDeg = 20;
      return stage.run(5).findings();
    };
    expect(findings({ silences: ALL })).toEqual([]);
    expect(findings({ silences: [0] })).not.toEqual([]);
  });

  it('asks for doubt in time, for as long as the fault lasts, and for belief after it', () => {
    const measured: Measuring = { silences: ALL, doubted: { joints: ALL, withinMs: 20, until: 'lifted' } };
    expect(new Stage({ measured }).run(20).findings()).toEqual(['not noticed in time (within 20 ms)']);
    const seen = new Stage({ measured }).run(4);
    seen.ageUs = Infinity;
    seen.doubt(...ALL).run(20);
    expect(seen.judge.findings).toEqual([]);
    const early = seen.judge.detectedUs;
    seen.ageUs = PERIOD_US;
    seen.doubt().run(1);
    expect(seen.judge.findings).toEqual(['believed again, although it went on']);
    expect(seen.judge.detectedUs).toBe(early);
    const back = new Stage({ measured });
    back.ageUs = Infinity;
    back.doubt(...ALL).run(20);
    back.judge.lifted();
    expect(back.run(10).findings()).toContain('shoulderHorizontal was not believed again within 2000 ms');
  });

  it('wants other servos never to be believed', () => {
    const stage = new Stage({ measured: { silences: ALL, doubted: { joints: ALL, withinMs: 20, until: 'forGood' } } });
    stage.ageUs = Infinity;
    stage.doubt(...ALL).run(20);
    stage.judge.lifted();
    stage.judge.acknowledged();
    stage.run(20);
    expect(stage.findings()).toEqual([]);
    stage.ageUs = PERIOD_US;
    stage.doubt().run(1);
    expect(stage.findings()).toEqual(['believed again, although it went on']);
  });

  it('finds a joint that is doubted although nothing is wrong with it, heard or not', () => {
    const stage = new Stage({}).doubt(2);
    expect(stage.run(1).findings()).toContain('shoulderRotation was not believed, although nothing was wrong with it');
    stage.ageUs = 50_000;
    expect(stage.run(1).findings()).toContain('shoulderRotation was not believed, although nothing was wrong with it, and not heard');
    const silent = new Stage({ measured: { silences: ALL } }, {});
    silent.ageUs = 50_000;
    expect(silent.doubt(2).run(1).findings()).toEqual([]);
  });

  it('wants an emergency stop in two cycles, until a person acknowledges it', () => {
    const fault = { wanted: 'emergencyStop', withinMs: 8, measured: { silences: ALL } } as const;
    expect(new Stage(fault).run(4).findings()).toContain('not noticed in time (within 8 ms)');
    const stage = new Stage(fault);
    stage.action = 'emergencyStop';
    stage.run(10);
    stage.judge.lifted();
    stage.action = 'none';
    stage.run(1);
    expect(stage.judge.findings).toEqual(['emergencyStop ended although nobody acknowledged it']);
    const known = new Stage(fault);
    known.action = 'emergencyStop';
    known.run(10);
    known.judge.lifted();
    known.judge.acknowledged();
    known.action = 'none';
    expect(known.run(10).findings()).toEqual([]);
    known.state = 'emergency';
    expect(known.findings()).toEqual(['not ready again (emergency, none)']);
  });

  it('does not want it of a robot whose hub is hidden at the same time', () => {
    const fault = { wanted: 'emergencyStop', withinMs: 8, measured: { silences: ALL } } as const;
    expect(new Stage(fault, { measured: { silences: ALL, hidesHub: true } }).run(10).findings()).toEqual([]);
    expect(new Stage(fault, {}).run(10).findings()).toEqual(['not noticed in time (within 8 ms)']);
  });

  it('finds a servo that keeps its torque on', () => {
    const stage = new Stage({ wanted: 'torqueOff', withinMs: 100, measured: { spoils: { joint: ELBOW, seen: 'always' } } });
    stage.action = 'torqueOff';
    stage.energised = true;
    expect(stage.run(25).findings()).toEqual([]);
    expect(stage.run(1).findings()).toEqual(['the servo of elbow kept its torque on for more than 100 ms']);
  });
});

/** What a sensor tells wrong is judged, whatever the fault. */
function jumpedFault(): Partial<Variant> {
  return { measured: { spoils: { joint: ELBOW, seen: 'always' } } };
}
