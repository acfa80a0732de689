import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CuffUsual } from '../../../../controller/cli/faults/cuff-usual.ts';
import type { Bench, RiskClass, Variant } from '../../../../controller/cli/faults/lockstep/fault.ts';
import { Oracle } from '../../../../controller/cli/faults/oracle.ts';
import { createPlan } from '../../../../controller/cli/faults/plan.ts';
import type { LockstepRig } from '../../../../controller/cli/lockstep-rig.ts';
import { loadProfile } from '../../../../controller/cli/profiles.ts';
import type { Action, SupervisorState } from '../../../../protocols/supervision.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { emptyTruthRecord, type TruthRecord } from '../../../../sim/truth.ts';

const { profile } = loadProfile(resolve('hal/profiles/gait-orthosis.json'));
const [course] = createPlan(profile, 1, 1, ['F01']).courses;
const KNEE = 1;
const PERIOD_US = 4_000;

/** A robot whose truth and whose controller's words a test writes. */
class Stage {
  nowUs = 0;
  action: Action = 'none';
  state: SupervisorState = 'armed';
  halted = false;
  positionDeg = 30;
  speedDegPerSec = 0;
  torqueNm = 0;
  cuffNm = 0;
  energised = 1;
  /** Of the knee alone: the others keep their power. */
  alone = false;
  lastTorqueUs = 0;
  supportLocked = true;
  beltMps = 0;
  readonly oracle: Oracle;
  readonly variant: Variant;

  constructor(change: Partial<Variant> = {}, walking: CuffUsual | null = null, energised = 1) {
    this.energised = energised;
    if (walking !== null) this.state = 'running';
    this.variant = { name: 'test', riskClass: 'A', wanted: 'protectiveStop', withinMs: 20, inject: () => {}, ...change };
    const demand = { variant: this.variant, onsetUs: 0, timed: true };
    this.oracle = new Oracle(this.rig(), profile, course!.setup, [{ variant: this.variant, onsetUs: 0 }], demand, walking);
  }

  rig(): LockstepRig {
    const [nowUs, halted, action] = [() => this.nowUs, () => this.halted, () => this.action];
    const output = Object.defineProperties({ cause: 'none', phase: 0.5 }, { action: { get: action }, state: { get: () => this.state } });
    const truth = (): TruthRecord => {
      const record = emptyTruthRecord(profile.joints.length);
      this.#fill(record);
      return record;
    };
    const robot = {
      fillTruth: (record: TruthRecord) => this.#fill(record),
      energised: (j: number) => truth().energised[j] === 1,
      body: { positionRad: (j: number) => truth().positionRad[j], velocityRadPerSec: (j: number) => truth().velocityRadPerSec[j], motorTorqueNm: (j: number) => truth().motorTorqueNm[j] },
    };
    Object.defineProperty(robot, 'nowUs', { get: nowUs });
    const rig = { periodUs: PERIOD_US, loop: { cycle: { output } }, robot: { robot } };
    return Object.defineProperties(rig, { nowUs: { get: nowUs }, halted: { get: halted } }) as unknown as LockstepRig;
  }

  run(cycles: number): void {
    for (let i = 0; i < cycles; i++) {
      this.oracle.beforeCycle({ rig: this.rig() } as Bench);
      const decidedUs = this.nowUs;
      for (let ms = 0; ms < 4; ms++) {
        this.nowUs += 1_000;
        this.oracle.moved();
      }
      this.oracle.afterCycle(decidedUs);
    }
  }

  findings(): readonly string[] {
    this.oracle.conclude();
    return this.oracle.findings;
  }

  #fill(record: TruthRecord): void {
    record.nowUs = this.nowUs;
    record.supportLocked = this.supportLocked;
    record.beltMps = this.beltMps;
    record.positionRad.fill(degToRad(30));
    record.energised.fill(this.alone ? 1 : this.energised);
    record.energised[KNEE] = this.energised;
    record.velocityRadPerSec.fill(0);
    record.motorTorqueNm.fill(0);
    record.lastTorqueUs.fill(this.lastTorqueUs);
    record.positionRad[KNEE] = degToRad(this.positionDeg);
    record.velocityRadPerSec[KNEE] = degToRad(this.speedDegPerSec);
    record.motorTorqueNm[KNEE] = this.torqueNm;
    record.cuffTorqueNm[KNEE] = this.cuffNm;
  }
}

/** Stops at once, and stands. */
function stopped(change: Partial<Variant> = {}): Stage {
  const stage = new Stage(change);
  stage.action = 'protectiveStop';
  stage.run(30);
  return stage;
}

/** The cuffs of a stride, at every phase. */
function usually(cuffNm: number): CuffUsual {
  const usual = new CuffUsual(profile.joints.length);
  const truth = emptyTruthRecord(profile.joints.length);
  truth.cuffTorqueNm.fill(cuffNm);
  for (let phase = 0; phase < 1; phase += 0.01) usual.note(phase, truth);
  return usual;
}

describe('the oracle', () => {
  it.each([
    ['counts from what is usual at this phase while the legs walk', 'running', 20, -31, 1],
    ['does not count from the other side in a leg that stands, whose phase stands too', 'stopped', 20, -31, 0],
    ['nor from what is more than it carries', 'stopped', 110, 51, 1],
    ['lets a leg that stands carry what is usual there', 'stopped', 20, 69, 0],
    ['and no more', 'stopped', 20, 70, 1],
  ] as const)('%s', (_, state, usualNm, cuffNm, found) => {
    const stage = new Stage({ pushed: true, pushedMs: 100, riskClass: 'C' }, usually(usualNm));
    Object.assign(stage, { action: 'protectiveStop', state, cuffNm, torqueNm: -60 * Math.sign(cuffNm) });
    stage.run(3);
    expect(stage.findings().filter((finding) => finding.startsWith('the cuffs of kneeLeft'))).toHaveLength(found);
  });

  it.each([
    ['while he pushes', { pushed: true, pushedMs: 100 }, 80, 1],
    ['for a moment after', { pushed: true, pushedMs: 100 }, 230, 1],
    ['not in the posture that he has left the leg in', { pushed: true, pushedMs: 100 }, 260, 0],
    ['for as long as he is not told to end', { pushed: true }, 1_000, 1],
    ['not where nobody pushes', {}, 80, 0],
  ])('judges how hard the cuffs hold a person %s', (_, change, fromMs, found) => {
    const stage = new Stage({ ...change, riskClass: 'C' });
    stage.action = 'protectiveStop';
    stage.run(fromMs / 4);
    [stage.cuffNm, stage.torqueNm] = [70, -60];
    stage.run(3);
    expect(stage.findings().filter((finding) => finding.startsWith('the cuffs of kneeLeft'))).toHaveLength(found);
  });

  it('is content with a stop that comes in time, comes to rest and stays', () => {
    const stage = stopped();
    expect(stage.findings()).toEqual([]);
    expect(stage.oracle.detectedUs).toBe(0);
    expect(stage.oracle.stoppedUs).toBeLessThan(10_000);
  });

  it('finds a stop that comes too late, or never', () => {
    const stage = new Stage();
    stage.run(5);
    expect(stage.oracle.findings).toEqual([]);
    stage.run(2);
    expect(stage.oracle.findings).toEqual(['not at the drives in time (protectiveStop within 20 ms)']);
    expect(stage.findings()).toContain('never at the drives (protectiveStop)');
  });

  it('takes drives without power for the worst action, and a dead controller’s last word for none', () => {
    const dead = new Stage({ wanted: 'torqueOff' });
    dead.halted = true;
    dead.action = 'emergencyStop';
    dead.run(2);
    expect(dead.oracle.detectedUs).toBeNull();
    dead.energised = 0;
    dead.run(20);
    expect(dead.oracle.detectedUs).not.toBeNull();
    expect(dead.findings()).toEqual([]);
  });

  const spoils: readonly (readonly [string, RiskClass, (stage: Stage) => unknown, RegExp])[] = [
    ['a joint outside the permitted range', 'A', (stage: Stage) => (stage.positionDeg = 76.1), /outside the permitted range/],
    ['a joint that is too fast', 'A', (stage: Stage) => (stage.speedDegPerSec = 386), /faster than 385/],
    ['a motor that pushes too hard', 'A', (stage: Stage) => (stage.torqueNm = 110.1), /more than 110 Nm/],
    ['a torque that is no number', 'A', (stage: Stage) => (stage.torqueNm = Number.NaN), /more than 110 Nm/],
    ['a drive beyond its own limit', 'B', (stage: Stage) => (stage.torqueNm = 120.1), /more than 120 Nm/],
    ['a joint past its stop', 'B', (stage: Stage) => (stage.positionDeg = 93.6), /past its mechanical stop/],
    ['a joint past its stop, pushed by the patient', 'C', (stage: Stage) => (stage.positionDeg = -8.6), /past its mechanical stop/],
    ['more than the permitted torque against a patient', 'C', (stage: Stage) => (stage.torqueNm = 110.1), /more than 110 Nm/],
  ];

  it.each(spoils)('finds %s (class %s)', (_, riskClass, spoil, finding) => {
    const stage = stopped({ riskClass });
    spoil(stage);
    stage.run(1);
    expect(stage.oracle.findings).toContainEqual(expect.stringMatching(finding));
  });

  it.each([
    ['A', 75.9, 109],
    ['B', 93.4, 119.9],
    ['C', 92.4, 109.9],
  ] as const)('allows what class %s allows', (riskClass, positionDeg, torqueNm) => {
    const stage = new Stage({ riskClass });
    stage.positionDeg = positionDeg;
    stage.torqueNm = torqueNm;
    stage.run(1);
    expect(stage.oracle.findings).toEqual([]);
  });

  it('asks a joint to stay in its range although its power was cut, unless its drive had failed', () => {
    const findings = (riskClass: RiskClass): readonly string[] => {
      const stage = stopped({ riskClass });
      stage.energised = 0;
      stage.positionDeg = 80;
      stage.run(1);
      return stage.oracle.findings;
    };
    expect(findings('A')).toEqual(['kneeLeft was more than 1.0° outside the permitted range, released']);
    expect(findings('B')).toEqual([]);
  });

  it('finds a drive that is energised again, and a joint that moves after the stop', () => {
    const again = stopped({ riskClass: 'B' });
    again.energised = 0;
    again.run(1);
    again.energised = 1;
    again.run(1);
    expect(again.oracle.findings).toContain('the drive of kneeLeft was energised again');
    const moved = stopped();
    moved.positionDeg += 3;
    moved.run(1);
    expect(moved.oracle.findings).toEqual(['kneeLeft moved after the stop']);
  });

  // A drive that hears one set-point in ten lets go for 30 ms by its watchdog now and then; nobody stops, so nothing is over (F03).
  it.each([[Infinity, false, 0], [Infinity, true, 1], [20, false, 1]])('finds a drive that is energised again only after a stop, or where one must come (within %f ms; stopped: %s)', (withinMs, stops, found) => {
    const stage = new Stage({ withinMs, riskClass: 'B' });
    if (stops) stage.action = 'protectiveStop';
    stage.run(2);
    [stage.alone, stage.energised] = [true, 0];
    stage.run(2);
    stage.energised = 1;
    stage.run(2);
    expect(stage.oracle.findings.filter((finding) => finding.endsWith('energised again'))).toHaveLength(found);
  });

  // One set-point in ten arrives: 119 ms after its onset the stop began, in which the drive let go once more and braked on (F03).
  it.each([[1, 0], [50, 1]])('lets a drive that misses commands let go and brake on %i cycles after the stop began, and not after it has come to rest (%i found)', (cycles, found) => {
    const stage = new Stage({ withinMs: Infinity, riskClass: 'B', lapses: true });
    stage.action = 'protectiveStop';
    stage.run(cycles);
    [stage.alone, stage.energised] = [true, 0];
    stage.run(2);
    stage.energised = 1;
    stage.run(2);
    expect(stage.oracle.findings.filter((finding) => finding.endsWith('energised again'))).toHaveLength(found);
  });

  // A drifting encoder and a push: which of the joint's sensors is wrong is not known, so it is let go, and no wall is there (F22).
  it.each([[KNEE, 0, 0], [KNEE, 30, 1], [undefined, 0, 1]])('lets the stop give way under a joint that may be let go (%s) and makes %i Nm, as under one without power', (letsGo, torqueNm, found) => {
    const stage = new Stage({ pushed: true, riskClass: 'C', ...(letsGo === undefined ? {} : { letsGo }) });
    stage.run(2);
    stage.torqueNm = torqueNm;
    stage.positionDeg = -9;
    stage.run(1);
    expect(stage.oracle.findings.filter((finding) => finding === 'kneeLeft went past its mechanical stop')).toHaveLength(found);
    stage.positionDeg = -9.6;
    stage.run(1);
    expect(stage.oracle.findings).toContain('kneeLeft went past its mechanical stop');
  });

  // Arming was under way when the hub's clock stood still, which takes some 30 ms to be noticed (F10).
  it('does not call a drive energised again that comes on for the first time before the stop, but one that does after it', () => {
    const findings = (action: Action): readonly string[] => {
      const stage = new Stage({ withinMs: 40, riskClass: 'B' }, null, 0);
      stage.action = action;
      stage.run(2);
      stage.energised = 1;
      stage.run(2);
      return stage.oracle.findings.filter((finding) => finding === 'the drive of kneeLeft was energised again');
    };
    expect(findings('none')).toHaveLength(0);
    expect(findings('protectiveStop')).toHaveLength(1);
  });

  // The knee's range ends 8° before its stop at −8°: 100 Nm take 14 J on that way.
  it.each([
    ['that gave all it may', 100, -9.4, 0],
    ['that gave all it may, past what the stop gives way', 100, -9.6, 1],
    ['that gave less', 70, -8.6, 1],
    ['that pushed it out', -100, -8.6, 1],
  ])('excuses a joint that a person pushes to its stop against a drive %s', (_, torqueNm, toDeg, found) => {
    const stage = new Stage({ pushed: true, riskClass: 'C' });
    stage.positionDeg = 1;
    stage.run(1);
    stage.torqueNm = torqueNm;
    for (; stage.positionDeg > toDeg; stage.positionDeg -= 0.1) stage.oracle.moved();
    expect(stage.oracle.findings.filter((finding) => finding === 'kneeLeft went past its mechanical stop')).toHaveLength(found);
  });

  it('lets a joint coast whose drive failed, or whose place nobody knows, and makes no torque, and no other', () => {
    const coasting = (riskClass: RiskClass, torqueNm: number, change: Partial<Variant> = {}): readonly string[] => {
      const stage = new Stage({ riskClass, ...change });
      Object.assign(stage, { action: 'protectiveStop', speedDegPerSec: 20, torqueNm });
      stage.run(1);
      return (stage.run(600), stage.findings());
    };
    expect(coasting('B', 0.05)).toEqual([]);
    expect(coasting('B', 0.2)).toContain('neither at rest nor released at the end');
    expect(coasting('A', 0.05)).toContain('neither at rest nor released at the end');
    expect(coasting('A', 0.05, { letsGo: KNEE })).toEqual([]);
    expect(coasting('A', 0.2, { letsGo: KNEE })).toContain('neither at rest nor released at the end');
    expect(coasting('A', 0.05, { letsGo: KNEE + 1 })).toContain('neither at rest nor released at the end');
  });

  it.each([
    ['while the drive holds back with what it may', 20, 25, -34, true],
    ['not faster than a soft joint gives way', 21, 25, -34, false],
    ['not when the drive could hold back with more', 20, 25, -33, false],
    ['not when it is not the limb that drives it', 20, 22, -34, false],
    ['not when the drive drives it', 20, 25, 34, false],
  ])('lets a joint yield to a person who is stronger, %s', (_, speedDegPerSec, cuffNm, torqueNm, excused) => {
    const late = new Stage();
    Object.assign(late, { action: 'protectiveStop', speedDegPerSec, cuffNm, torqueNm });
    late.run(130);
    Object.assign(late, { speedDegPerSec: 0 });
    late.run(30);
    expect(late.findings()).toHaveLength(excused ? 0 : 1);
    const moved = stopped();
    Object.assign(moved, { speedDegPerSec, cuffNm, torqueNm });
    moved.run(1);
    moved.positionDeg += 3;
    moved.run(1);
    expect(moved.findings()).toHaveLength(excused ? 0 : 1);
  });

  it('finds a stop that never comes to rest, and a lost drive that goes on', () => {
    const restless = new Stage({ lost: { joints: [KNEE], withinMs: 100 } });
    restless.action = 'protectiveStop';
    restless.speedDegPerSec = 20;
    restless.run(60);
    restless.lastTorqueUs = 200_000;
    restless.run(1);
    expect(restless.findings()).toEqual([expect.stringMatching(/made torque for 200 ms; 100 are allowed/), 'neither at rest nor released at the end']);
  });

  it('finds a belt that runs on, and a support that is not locked a second after the stop', () => {
    const stage = new Stage();
    stage.action = 'protectiveStop';
    stage.beltMps = 0.1;
    stage.supportLocked = false;
    stage.run(260);
    expect(stage.findings()).toEqual(['the support was not locked', 'the belt still ran a second after the stop']);
    const belt = new Stage({ belt: true });
    belt.action = 'protectiveStop';
    belt.beltMps = 0.1;
    belt.run(30);
    expect(belt.findings()).toEqual(['neither at rest nor released at the end']);
  });

  it('finds a stop where nothing must happen', () => {
    const stage = new Stage({ wanted: 'none', withinMs: 0 });
    stage.action = 'warn';
    stage.run(1);
    expect(stage.oracle.findings).toEqual([]);
    stage.action = 'protectiveStop';
    stage.run(1);
    expect(stage.oracle.findings).toEqual([expect.stringMatching(/although nothing must happen/)]);
  });

  it('lets the time run only while a fault can be seen', () => {
    let seen = false;
    const stage = new Stage({ exposure: () => ({ counts: () => seen }) });
    stage.run(20);
    expect(stage.findings()).toEqual([]);
    seen = true;
    stage.run(7);
    expect(stage.findings()).toContain('not at the drives in time (protectiveStop within 20 ms)');
  });
});
