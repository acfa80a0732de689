/**
 * Which of its last commands does a drive answer, and how well? Where lines and cycles keep their time it is the same one each
 * time, and what the drive gives can be compared with that one alone. That is much sharper than with the span of all, which is
 * as wide as the set-point moves in some cycles: in it, a drive that leaves the whole impedance away may hide for long.
 * Slow motion does not tell which one it is: of those that it answered alike it may then answer any.
 */

/** Of a new reading in the mean square: some seven readings. Differences of both signs count, as fast motion leaves them. */
const NEW_SHARE = 0.15;
/** Own value: twice the most that it ever left in motion is out of the ordinary. */
const USUAL_FACTOR = 2;
/** Own value, of what it may leave: no single reading counts for more, since one that was lost or held up answers another command. Two in a row are out of the ordinary. */
const OUTLIER_FACTOR = 2;

class Answer {
  /** Mean square of what the drive gave beside this command, Nm². */
  squareNm2 = 0;
  /** The most of the second that is not over, and of all before, Nm². */
  newNm2 = 0;
  usualNm2 = 0;
}

export class Answers {
  /** It does not answer its command as well as it did. */
  astray = false;
  readonly #answers: readonly Answer[];
  /** The one that it answered best; at first one that is none of them, because it has not shown any yet. */
  #own = new Answer();
  /** Of the root mean square, Nm. */
  #toleranceNm = Infinity;

  /** @param leastNm what any drive may leave @param mostNm one that may leave more answers no command well, and is not judged */
  constructor(
    commands: number,
    private readonly leastNm: number,
    private readonly mostNm: number,
  ) {
    this.#answers = Array.from({ length: commands }, () => new Answer());
  }

  /** @param differenceNm a number: what a reading gave beside the command @param command 0: the newest */
  compare(command: number, differenceNm: number): void {
    const answer = this.#answers[command];
    const countedNm = Math.min(Math.abs(differenceNm), OUTLIER_FACTOR * this.#toleranceNm);
    if (answer !== undefined) answer.squareNm2 += (countedNm * countedNm - answer.squareNm2) * NEW_SHARE;
  }

  /** After all commands were compared. */
  judge(): void {
    const mostNm2 = this.#toleranceNm * this.#toleranceNm;
    const alikeNm2 = mostNm2 / (USUAL_FACTOR * USUAL_FACTOR);
    let astray = this.#own.squareNm2 > mostNm2;
    for (const { usualNm2, squareNm2 } of this.#answers) astray &&= usualNm2 > alikeNm2 || squareNm2 > mostNm2;
    this.astray = astray;
  }

  /** The drive was in order and in motion. */
  note(): void {
    for (const answer of this.#answers) answer.newNm2 = Math.max(answer.newNm2, answer.squareNm2);
  }

  /** Of the second that was noted. */
  learn(): void {
    for (const answer of this.#answers) {
      answer.usualNm2 = Math.max(answer.usualNm2, answer.newNm2);
      if (!this.#answers.includes(this.#own) || answer.usualNm2 < this.#own.usualNm2) this.#own = answer;
    }
    const toleranceNm = Math.max(this.leastNm, USUAL_FACTOR * Math.sqrt(this.#own.usualNm2));
    this.#toleranceNm = toleranceNm <= this.mostNm ? toleranceNm : Infinity;
    this.forgetNew();
  }

  /** The second that was noted taught nothing. */
  forgetNew(): void {
    for (const answer of this.#answers) answer.newNm2 = 0;
  }

  /** The drive was not heard. */
  reset(): void {
    this.astray = false;
    for (const answer of this.#answers) answer.squareNm2 = 0;
  }
}
