/** In an assessment somebody tells the patient what to do. The one in a virtual robot hears it from here, step by step as the robot comes to it. */
import { planAssessment } from '../therapy/assessments/plan.ts';
import { promptAt, type AssessmentPlan } from '../therapy/assessments/steps.ts';
import { isDriven, type RobotProfile } from '../../protocols/profile.ts';
import { supervisorStates, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import { telemetryChannels, telemetryValue } from '../../protocols/telemetry.ts';

/** As the simulator takes it; null: he does what he likes. */
export type VirtualPrompt =
  | { readonly ask: 'relax' | 'push' | 'move'; readonly joint: string; readonly markNm: number }
  | { readonly ask: 'reach'; readonly side: Side; readonly handAtRad: readonly number[] }
  | { readonly ask: 'relax' }
  | null;

export class VirtualPrompts {
  readonly #state: number;
  readonly #step: number;
  readonly #mark: number;
  readonly #goesOn: number;
  #setup: SessionSetup | null = null;
  #plan: AssessmentPlan | null = null;
  #told = '';

  constructor(
    private readonly profile: RobotProfile,
    private readonly tell: (prompt: VirtualPrompt) => void,
  ) {
    // A robot that only measures is never more than ready.
    this.#goesOn = supervisorStates.indexOf(isDriven(profile) ? 'running' : 'ready');
    const names = telemetryChannels(profile).map(({ name }) => name);
    [this.#state, this.#step, this.#mark] = [names.indexOf('state'), names.indexOf('assessmentStep'), names.indexOf('promptNm')];
  }

  /** @param setup of the open session */
  look(packet: Uint8Array, setup: SessionSetup | null): void {
    if (setup !== this.#setup) {
      this.#setup = setup;
      this.#plan = planAssessment(this.profile, setup);
    }
    const step = this.#plan !== null && telemetryValue(packet, this.#state) === this.#goesOn ? telemetryValue(packet, this.#step) : -1;
    const markNm = telemetryValue(packet, this.#mark);
    const key = step < 0 ? '' : `${step} ${markNm}`;
    if (key === this.#told) return;
    this.#told = key;
    this.tell(this.#plan === null ? null : promptOf(this.#plan, setup, step, markNm));
  }
}

/** In walking he does as he does in a training. */
function promptOf(plan: AssessmentPlan, setup: SessionSetup | null, step: number, markNm: number): VirtualPrompt {
  const ask = promptAt(plan, step);
  const order = setup?.assessment;
  const handAtRad = plan.steps[step]?.handAtRad;
  if (ask === 'none' || ask === 'walk' || order === undefined) return null;
  if (ask === 'reach') return handAtRad === undefined || plan.side === null ? null : { ask, side: plan.side, handAtRad };
  if ('joint' in order) return { ask, joint: order.joint, markNm };
  return ask === 'relax' ? { ask } : null;
}
