/** The person beside an empty virtual robot: begins its self-test, does what it asks for, and holds the button of its way home. */
import type { PreparationNews } from '../../protocols/preparation.ts';
import type { OperatorCommand, SupervisorState } from '../../protocols/supervision.ts';

/** The robot as this person sees and handles it. */
export interface PreparedRobot {
  /** null: it has told nothing yet. */
  preparation(): PreparationNews | null;
  state(): SupervisorState;
  /** A refusal is shown by nothing happening. */
  command(command: OperatorCommand): void;
  /** The button of a hold-to-run motion is still pressed. */
  hold(): void;
  endHold(): void;
  estop(open: boolean): void;
}

/** After so many looks at the same, what was refused is asked again. */
const PATIENCE_LOOKS = 100;

export class Preparer {
  #seen = '';
  #looks = 0;

  /** @param attempts a busy machine's own stalls may end a self-test that nothing is wrong with */
  constructor(
    private readonly robot: PreparedRobot,
    private attempts: number,
  ) {}

  /** To be called again and again, at least ten times a second. */
  look(): 'busy' | 'done' | 'failed' {
    const { robot } = this;
    const [preparation, state] = [robot.preparation(), robot.state()];
    if (preparation === null) return 'busy';
    if (preparation.prepared && state === 'ready') {
      robot.endHold();
      return 'done';
    }
    if (preparation.tested) robot.hold();
    const seen = `${state} ${preparation.step} ${preparation.status} ${preparation.ask}`;
    if (seen === this.#seen && ++this.#looks < PATIENCE_LOOKS) return 'busy';
    this.#seen = seen;
    this.#looks = 0;
    return this.#act(preparation, state);
  }

  #act({ ask, tested }: PreparationNews, state: SupervisorState): 'busy' | 'failed' {
    const { robot } = this;
    if (ask === 'pressEstop') robot.estop(true);
    else if (ask === 'releaseEstop') robot.estop(false);
    else if (ask === 'acknowledge' || state === 'stopped' || state === 'emergency') robot.command('acknowledge');
    else if (tested && state === 'idle') robot.command('home');
    else if (state === 'idle' && this.attempts-- > 0) robot.command('prepare');
    else if (state === 'idle') return 'failed';
    return 'busy';
  }
}
