/** In an assessment somebody tells the patient what to do. The one in a virtual robot hears it from here, step by step as the robot comes to it. */
import { planAssessment } from '../therapy/assessments/plan.ts';
import { promptAt, type AssessmentPlan } from '../therapy/assessments/steps.ts';
import type { PromptKind } from '../../protocols/assessment.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { supervisorStates, type SessionSetup } from '../../protocols/supervision.ts';
import { telemetryChannels, telemetryValue } from '../../protocols/telemetry.ts';

/** As the simulator takes it; null: he does what he likes. */
export type VirtualPrompt = { readonly ask: Exclude<PromptKind, 'none'>; readonly joint: string; readonly markNm: number } | null;

const RUNNING = supervisorStates.indexOf('running');

export class VirtualPrompts {
  readonly #state: number;
  readonly #step: number;
  readonly #mark: number;
  #setup: SessionSetup | null = null;
  #plan: AssessmentPlan | null = null;
  #told = '';

  constructor(
    private readonly profile: RobotProfile,
    private readonly tell: (prompt: VirtualPrompt) => void,
  ) {
    const names = telemetryChannels(profile).map(({ name }) => name);
    [this.#state, this.#step, this.#mark] = [names.indexOf('state'), names.indexOf('assessmentStep'), names.indexOf('promptNm')];
  }

  /** @param setup of the open session */
  look(packet: Uint8Array, setup: SessionSetup | null): void {
    if (setup !== this.#setup) {
      this.#setup = setup;
      this.#plan = planAssessment(this.profile, setup);
    }
    const step = this.#plan !== null && telemetryValue(packet, this.#state) === RUNNING ? telemetryValue(packet, this.#step) : -1;
    const markNm = telemetryValue(packet, this.#mark);
    const key = step < 0 ? '' : `${step} ${markNm}`;
    if (key === this.#told) return;
    this.#told = key;
    const ask = this.#plan === null ? 'none' : promptAt(this.#plan, step);
    const order = setup?.assessment;
    this.tell(ask === 'none' || order === undefined || !('joint' in order) ? null : { ask, joint: order.joint, markNm });
  }
}
