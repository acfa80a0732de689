/**
 * A hold-to-run press on its way to the robot: the button is renewed as long as it is held, the command is sent once,
 * and letting go is said plainly. The renewals come from the page itself, so that a page which hangs lets go.
 */
import { HOLD_RENEW_MS } from '../../protocols/supervision.ts';
import type { Answer, StationLink } from '../net/station-link.ts';

/** `liftM`: the lift goes toward this height. */
export type HeldCommand = 'home' | 'recover' | { readonly liftM: number };

export interface HeldMotion {
  press(command: HeldCommand): Promise<void>;
  letGo(): void;
}

export interface HeldMotionTools {
  readonly link: Pick<StationLink, 'hold' | 'endHold'>;
  /** @returns the epoch of this screen's lease, taken first when need be; null when it was refused */
  readonly epoch: () => Promise<number | null>;
  readonly command: (epoch: number, command: HeldCommand) => Promise<Answer>;
  /** Runs again and again. @returns ends it */
  readonly every: (ms: number, task: () => void) => () => void;
}

export function createHeldMotion({ link, epoch, command, every }: HeldMotionTools): HeldMotion {
  let sequence = 0;
  /** Told apart by identity: what comes back late must not touch a later press. */
  let held: { end(): void } | null = null;
  const letGo = (): void => {
    held?.end();
    held = null;
  };
  return {
    letGo,
    async press(wanted) {
      letGo();
      const mine = { end: (): void => undefined };
      held = mine;
      const holder = await epoch();
      // Let go meanwhile: then nothing begins.
      if (holder === null || held !== mine) return;
      const renew = (): void => link.hold(holder, ++sequence);
      renew();
      const stop = every(HOLD_RENEW_MS, renew);
      mine.end = () => {
        stop();
        link.endHold(holder);
      };
      const answer = await command(holder, wanted);
      if (!answer.ok && held === mine) letGo();
    },
  };
}
