/**
 * ODrive replies do not say what they answer. After one that did not come, a late one could pass for the answer to the
 * next question, even of the other axis; so the line first asks for an axis that does not exist, whose number comes back
 * in the error text, and everything before that text is thrown away.
 */
import { encodeOdriveLine } from '../../protocols/wire/odrive.ts';

/** No board has so many axes; each question has its own number. */
const FIRST_NUMBER = 1_000;
const NUMBERS = 1_000;
const PREFIX = 'invalid';
const NUMBERED = /^invalid motor (\d+)$/;

export class OdriveSync {
  #number = FIRST_NUMBER;
  #lost = true;
  #lostUs = 0;

  /** true: nothing may be asked but `encode`. */
  get lost(): boolean {
    return this.#lost;
  }

  /** For how long nothing has been answered; 0 while answers come. */
  silentUs(nowUs: number): number {
    return this.#lost ? nowUs - this.#lostUs : 0;
  }

  lose(nowUs: number): void {
    if (!this.#lost) this.#lostUs = nowUs;
    this.#lost = true;
  }

  encode(out: Uint8Array, at: number): number {
    this.#number = FIRST_NUMBER + ((this.#number - FIRST_NUMBER + 1) % NUMBERS);
    const line = encodeOdriveLine(`f ${this.#number}`);
    out.set(line, at);
    return at + line.length;
  }

  /** @returns whether the line answers the newest question; another wording than that of 0.5 is taken without a number */
  accept(text: string): boolean {
    if (!this.#lost || !text.startsWith(PREFIX)) return false;
    const number = NUMBERED.exec(text)?.[1];
    if (number !== undefined && Number(number) !== this.#number) return false;
    this.#lost = false;
    return true;
  }
}
