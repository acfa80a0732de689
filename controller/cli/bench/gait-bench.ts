/** Guided gait of a passive patient at 2 km/h against the simulator's truth: tracking, phase, and on ground slip, speed and steps. */
import { isGait, type GaitProfile } from '../../../protocols/profile.ts';
import type { GaitMode } from '../../../protocols/training-mode.ts';
import { kmhToMps, radToDeg, US_PER_S } from '../../../protocols/units.ts';
import { knownProfiles, loadProfile } from '../profiles.ts';
import { GaitTruth } from './gait-truth.ts';
import { ON_GROUND, onGround } from './ground.ts';
import { PhaseError } from './phase-error.ts';
import { atMost, beside, type Reached } from './reached.ts';
import { Rms, Swing } from './swing.ts';
import { Training } from './training.ts';

const SPEED_KMH = 2;
const PASSIVE = 'passive';
/** Until he walks at this speed with his weight, and then looked at. */
const [SETTLED_SEC, LOOKED_AT_SEC] = [18, 15];
const MOST_TRACKING_DEG = 3;
const MOST_HIP_DEG = 1.5;
const MOST_SLIP_PERCENT = 5;
const MOST_APART_PERCENT = 1;
const MOST_PHASE_PERCENT = 2;
/** Of a person who walks by himself in the transparent mode. */
const OWN = { hz: [0.3, 0.5, 0.8], amplitudeDeg: 15, stiffnessNmPerRad: 250, dampingNmsPerRad: 15, settledStrides: 12, strides: 10 } as const;

export async function benchGait(): Promise<Reached[]> {
  const robots = knownProfiles().map((name) => loadProfile(name).profile).filter(isGait);
  const reached: Reached[] = [];
  for (const profile of robots) reached.push(...(await guided(profile)));
  for (const profile of robots.filter(({ bodyWeightSupport }) => bodyWeightSupport !== undefined)) {
    reached.push(...(await onBelt(onGround(profile))));
    for (const hz of OWN.hz) reached.push(await ownStride(profile, hz));
  }
  return reached;
}

class Tracking {
  readonly phase = new PhaseError();
  readonly #robot: readonly Rms[];
  readonly #limb: readonly Rms[];

  constructor(private readonly training: Training) {
    const { joints } = training.profile;
    this.#robot = joints.map(() => new Rms());
    this.#limb = joints.map(() => new Rms());
  }

  /** Once per cycle. */
  look(): void {
    const { profile, rig } = this.training;
    const { output } = rig.loop.cycle;
    const { body } = rig.robot.robot;
    output.joints.forEach(({ referencePositionRad }, j) => {
      this.#robot[j]?.add(radToDeg(referencePositionRad - body.positionRad(j)));
      this.#limb[j]?.add(radToDeg(referencePositionRad - body.limbRad(j)));
    });
    const [left = -1, right = -1] = (['left', 'right'] as const).map((side) => profile.joints.findIndex((joint) => joint.kind === 'hip' && joint.side === side));
    const wanted = (joint: number): number => output.joints[joint]?.referencePositionRad ?? Number.NaN;
    this.phase.look(output.phase, wanted(left) - wanted(right), body.limbRad(left) - body.limbRad(right));
  }

  /** Of the worst joint, of this kind or any, degrees. */
  robotDeg(kind?: string): number {
    return this.#worst(this.#robot, kind);
  }

  limbDeg(kind?: string): number {
    return this.#worst(this.#limb, kind);
  }

  #worst(of: readonly Rms[], kind?: string): number {
    const { joints } = this.training.profile;
    return Math.max(...of.filter((_, j) => kind === undefined || joints[j]?.kind === kind).map(({ value }) => value));
  }
}

async function guided(profile: GaitProfile): Promise<Reached[]> {
  const training = await Training.begin({ profile, patient: PASSIVE, initial: { speedKmh: SPEED_KMH, guidance: { left: 1, right: 1 } } });
  try {
    return await lookAt(training, `${profile.id}, feet free`);
  } finally {
    training.dispose();
  }
}

async function lookAt(training: Training, where: string, each: () => void = () => {}): Promise<Reached[]> {
  await training.run(SETTLED_SEC);
  const tracking = new Tracking(training);
  await training.run(LOOKED_AT_SEC, () => {
    tracking.look();
    each();
  });
  const state = training.stoppedBy ?? undefined;
  return [
    atMost(`${where}: tracking of the worst robot joint, RMS`, state === undefined ? tracking.robotDeg() : Infinity, MOST_TRACKING_DEG, 'deg', state),
    atMost(`${where}: of the hip`, state === undefined ? tracking.robotDeg('hip') : Infinity, MOST_HIP_DEG, 'deg', state),
    beside(`${where}: of the limb in it, worst joint`, tracking.limbDeg(), 'deg'),
    atMost(`${where}: phase of the clock, worst stride`, tracking.phase.worst, MOST_PHASE_PERCENT, '% of the stride', `mean ${tracking.phase.mean.toFixed(2)}`),
  ];
}

/** Belt by its encoder, steps by where the feet are, cadence by when they touch: three that know nothing of each other. */
async function onBelt(profile: GaitProfile): Promise<Reached[]> {
  const training = await Training.begin({ profile, patient: PASSIVE, initial: { ...ON_GROUND, guidance: { left: 1, right: 1 } } });
  const { rig } = training;
  const { ground } = rig.robot.robot.body;
  if (ground === null) throw new RangeError(`${profile.id} has no ground`);
  try {
    const truth = new GaitTruth(ground);
    let looking = false;
    let [encoderMps, cycles] = [0, 0];
    rig.onMoved = () => void (looking && truth.look(rig.robot.robot.truth().beltMps));
    const reached = await lookAt(training, `${profile.id}, on ground`, () => {
      looking = true;
      encoderMps += rig.loop.cycle.inputs.treadmill.leftMps;
      cycles++;
    });
    return [...reached, ...stepsOf(truth, encoderMps / cycles)];
  } finally {
    training.dispose();
  }
}

function stepsOf(truth: GaitTruth, encoderMps: number): Reached[] {
  // The stance that was under way when the look began is left out.
  const [left, right] = [truth.stances.left.slice(1), truth.stances.right.slice(1)];
  const stances = [...left, ...right];
  const stepM = stances.reduce((sum, stance) => sum + stance.stepM, 0) / stances.length;
  const slipM = Math.max(...stances.flatMap(({ heelSlipM, forefootSlipM }) => [Math.abs(heelSlipM), Math.abs(forefootSlipM)]));
  const strideSec = ((left.at(-1)?.beganUs ?? Number.NaN) - (left[0]?.beganUs ?? Number.NaN)) / (left.length - 1) / US_PER_S;
  const cadencePerMin = 120 / strideSec;
  const byFeetMps = (stepM * cadencePerMin) / 60;
  const byBeltMps = truth.beltM / (truth.us / US_PER_S);
  const apart = (a: number, b: number): number => 100 * Math.abs(a / b - 1);
  return [
    atMost('on ground: slip of a foot that stands, worst of all', (100 * slipM) / stepM, MOST_SLIP_PERCENT, '% of the step', `${stances.length} stances, steps of ${stepM.toFixed(3)} m`),
    atMost('on ground: step length × cadence against the belt encoder', apart(byFeetMps, encoderMps), MOST_APART_PERCENT, '%', `${cadencePerMin.toFixed(1)} steps/min`),
    atMost('on ground: belt encoder against the true belt', apart(encoderMps, byBeltMps), MOST_APART_PERCENT, '%'),
    atMost('on ground: true belt against what was asked', apart(byBeltMps, kmhToMps(SPEED_KMH)), MOST_APART_PERCENT, '%'),
  ];
}

/** A person walks by himself, thighs in turn, and the clock has to go with him. */
async function ownStride(profile: GaitProfile, hz: number): Promise<Reached> {
  const mode: GaitMode = 'transparent';
  const training = await Training.begin({ profile, patient: PASSIVE, initial: { mode, speedKmh: 1.5 } });
  try {
    const { body } = training.rig.robot.robot;
    await training.run(6);
    const swings = profile.joints.flatMap(({ kind, side }, joint) => {
      const { amplitudeDeg, stiffnessNmPerRad, dampingNmsPerRad } = OWN;
      return kind === 'hip' ? [new Swing(body, { joint, hz, amplitudeDeg: side === 'left' ? amplitudeDeg : -amplitudeDeg, middleDeg: 10, stiffnessNmPerRad, dampingNmsPerRad })] : [];
    });
    const periodSec = training.rig.periodUs / US_PER_S;
    const go = (): void => {
      for (const swing of swings) swing.go(periodSec);
    };
    await training.run(OWN.settledStrides / hz, go);
    const tracking = new Tracking(training);
    await training.run(OWN.strides / hz, () => {
      go();
      tracking.look();
    });
    const state = training.stoppedBy;
    return atMost(`${profile.id}, ${mode}: phase of the oscillator at ${hz} strides/s, worst stride`, state === null ? tracking.phase.worst : Infinity, MOST_PHASE_PERCENT, '% of the stride', state ?? `mean ${tracking.phase.mean.toFixed(2)}`);
  } finally {
    training.dispose();
  }
}
