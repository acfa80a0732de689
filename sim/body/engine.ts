/**
 * The one place that knows the binding of MuJoCo (@mujoco/mujoco, WASM). Views into its memory are cached, and fetched
 * anew when the heap has grown, which detaches them (their length becomes 0). Handles are deleted by `dispose`.
 */
import loadMujoco, { type MainModule, type MjData, type MjModel } from '@mujoco/mujoco';
import { DariError } from '../../protocols/errors.ts';

/** mjtObj */
const BODY = 1;
const JOINT = 3;
const GEOM = 5;
const EQUALITY = 17;
const ROWS_PER_CONNECT = 3;
/** Linear, then angular. */
const SURFACE_NUMBERS = 6;
const FORCE_NUMBERS = 6;
const UP = 2;
/** mjNIMP, and mjMINIMP. */
const SOLIMP_NUMBERS = 5;
const LEAST_IMPEDANCE = 1e-4;
/** Negative numbers are a stiffness and a damping; 0 would be a default. */
const NO_STIFFNESS = -1e-9;
const IMPOSSIBLE_RAD = 100;

let loading: Promise<MainModule> | undefined;

/** Loading takes about 0.3 s, once per process. */
export function loadEngine(): Promise<MainModule> {
  loading ??= loadMujoco();
  return loading;
}

export class Engine {
  #model: MjModel;
  #data: MjData;
  qposRad = new Float64Array();
  qvelRadPerSec = new Float64Array();
  /** Of the step just made. */
  qaccRadPerSec2 = new Float64Array();
  /** Torques that the next step applies; they stay until changed. */
  appliedNm = new Float64Array();
  frictionLossNm = new Float64Array();
  dampingNmsPerRad = new Float64Array();
  /** One number per sensor of the model, of the step just made. */
  sensed = new Float64Array();
  /** Three numbers per geom: where it was when the step just made began. */
  geomM = new Float64Array();
  #surfaceMps = new Float64Array();
  /** What draws at each body: force, then torque. */
  #pulledN = new Float64Array();
  /** Rows of all `connect`: three each. */
  readonly connectRows: number;
  /** Stiffness and impedance of what is let go; null: it is fast. */
  #fastened: readonly [Float64Array, Float64Array] | null = null;

  /** @param xml MJCF @throws DariError `simulatorFailed` when it does not compile */
  constructor(
    private readonly mujoco: MainModule,
    xml: string,
  ) {
    let model: MjModel | null;
    try {
      model = mujoco.MjModel.from_xml_string(xml);
    } catch (cause) {
      throw new DariError('simulatorFailed', `The body model does not compile. Check the profile's geometry. ${String(cause)}`, { cause });
    }
    this.#model = model;
    this.#data = new mujoco.MjData(model);
    this.connectRows = ROWS_PER_CONNECT * model.neq;
    this.#fetchViews();
  }

  /** Index of a joint in the joint vectors (hinges and slides only: position and velocity have the same index). */
  jointIndex(name: string): number {
    return this.#id(JOINT, name);
  }

  geomIndex(name: string): number {
    return this.#id(GEOM, name);
  }

  /** The surface of a geom moves forward by this, without the geom itself. */
  setSurfaceMps(geom: number, speedMps: number): void {
    this.#surfaceMps[SURFACE_NUMBERS * geom] = speedMps;
  }

  /** From now on a body is drawn up at its centre of mass by this force. */
  setLiftN(body: string, forceN: number): void {
    this.#pulledN[FORCE_NUMBERS * this.#id(BODY, body) + UP] = forceN;
  }

  /** Computes everything that follows from the positions, without moving. */
  forward(): void {
    this.mujoco.mj_forward(this.#model, this.#data);
    if (this.qposRad.length === 0) this.#fetchViews();
  }

  step(): void {
    this.mujoco.mj_step(this.#model, this.#data);
    if (this.qposRad.length === 0) this.#fetchViews();
  }

  /**
   * True when the physics has blown up. The model switches MuJoCo's automatic reset off, which would put everything
   * silently back to the start; this look is stricter than its BADQPOS warning and needs no handle.
   */
  get broken(): boolean {
    for (const q of this.qposRad) if (!(Math.abs(q) < IMPOSSIBLE_RAD)) return true;
    return false;
  }

  /** Gravity, Coriolis and centrifugal torques: what holds the pose when applied. */
  get biasNm(): Float64Array {
    return this.#data.qfrc_bias as Float64Array;
  }

  /**
   * Forces of the step just made that constraints exert: first the `connect` rows, then Coulomb friction on each joint
   * that has some, in the model's order. A new view each time, because the engine may put them elsewhere at every step.
   */
  constraintForces(): Float64Array {
    return this.#data.efc_force as Float64Array;
  }

  /** How each of those rows acts on each joint: row by row, one number per joint (the model is small, so it is dense). */
  constraintJacobian(): Float64Array {
    return this.#data.efc_J as Float64Array;
  }

  /**
   * Makes a `connect` a spring-damper of known strength. MuJoCo scales a soft constraint by the bodies' inverse
   * weights; with constant impedance d and direct solref (k, b) its force is (k·r + b·v) / ((1 − d)·inverseWeight).
   */
  setConnectStiffness(name: string, bodies: readonly [string, string], stiffnessNPerM: number, dampingNsPerM: number, impedance: number): void {
    const weights = this.#model.body_invweight0 as Float64Array;
    const inverseWeight = bodies.reduce((sum, body) => sum + (weights[2 * this.#id(BODY, body)] ?? 0), 0);
    const scale = inverseWeight * (1 - impedance);
    const reference = this.#model.eq_solref as Float64Array;
    const at = 2 * this.#id(EQUALITY, name);
    reference[at] = -stiffnessNPerM * scale;
    reference[at + 1] = -dampingNsPerM * scale;
  }

  /** Lets go of what is connected (a constraint without stiffness, of the least impedance that MuJoCo takes), or fastens it again. */
  connect(fast: boolean): void {
    const [reference, impedance] = [this.#model.eq_solref as Float64Array, this.#model.eq_solimp as Float64Array];
    if (!fast && this.#fastened === null) {
      this.#fastened = [reference.slice(), impedance.slice()];
      reference.fill(NO_STIFFNESS);
      for (let i = 0; i < impedance.length; i += SOLIMP_NUMBERS) impedance.fill(LEAST_IMPEDANCE, i, i + 2);
    } else if (fast && this.#fastened !== null) {
      reference.set(this.#fastened[0]);
      impedance.set(this.#fastened[1]);
      this.#fastened = null;
    }
  }

  dispose(): void {
    this.#data.delete();
    this.#model.delete();
  }

  #id(kind: number, name: string): number {
    const id = this.mujoco.mj_name2id(this.#model, kind, name);
    if (id < 0) throw new DariError('simulatorFailed', `The body model has nothing called "${name}". This is a mistake in sim/body/model.ts.`);
    return id;
  }

  #fetchViews(): void {
    this.qposRad = this.#data.qpos as Float64Array<ArrayBuffer>;
    this.qvelRadPerSec = this.#data.qvel as Float64Array<ArrayBuffer>;
    this.qaccRadPerSec2 = this.#data.qacc as Float64Array<ArrayBuffer>;
    this.appliedNm = this.#data.qfrc_applied as Float64Array<ArrayBuffer>;
    this.frictionLossNm = this.#model.dof_frictionloss as Float64Array<ArrayBuffer>;
    this.dampingNmsPerRad = this.#model.dof_damping as Float64Array<ArrayBuffer>;
    this.sensed = this.#data.sensordata as Float64Array<ArrayBuffer>;
    this.geomM = this.#data.geom_xpos as Float64Array<ArrayBuffer>;
    this.#surfaceMps = this.#model.geom_surfacevel as Float64Array<ArrayBuffer>;
    this.#pulledN = this.#data.xfrc_applied as Float64Array<ArrayBuffer>;
  }
}
