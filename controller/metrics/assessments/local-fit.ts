/**
 * Value, slope and curvature of evenly spaced readings in the middle of a window: the parabola through them with the least squares
 * (A. Savitzky & M. Golay, Anal. Chem. 36 (1964) 1627-1639). What is compared with such a curvature has to be evened out as it is.
 */
export class LocalFit {
  value = Number.NaN;
  slope = Number.NaN;
  curvature = Number.NaN;
  /** Mean of the readings with the weights that the curvature gives to second differences. */
  evened = Number.NaN;
  readonly #squares: number;
  readonly #fourths: number;
  readonly #weights: readonly number[];

  /** @param half readings on each side @param periodSec between two */
  constructor(
    private readonly half: number,
    private readonly periodSec: number,
  ) {
    let [squares, fourths] = [0, 0];
    for (let k = 1; k <= half; k++) {
      squares += 2 * k * k;
      fourths += 2 * k ** 4;
    }
    this.#squares = squares;
    this.#fourths = fourths;
    this.#weights = this.#secondDifferences();
  }

  /** @param at reading by its place; one that is no number makes all of them none */
  around(middle: number, at: (place: number) => number): void {
    const { half, periodSec } = this;
    const count = 2 * half + 1;
    let [sum, first, second, evened] = [0, 0, 0, 0];
    for (let k = -half; k <= half; k++) {
      const reading = at(middle + k);
      sum += reading;
      first += k * reading;
      second += k * k * reading;
      evened += (this.#weights[k + half] ?? 0) * reading;
    }
    const bend = (count * second - this.#squares * sum) / (count * this.#fourths - this.#squares * this.#squares);
    this.value = (sum - bend * this.#squares) / count;
    this.slope = first / this.#squares / periodSec;
    this.curvature = (2 * bend) / (periodSec * periodSec);
    this.evened = evened;
  }

  /** The curvature is a weighted sum of readings; the same as one of their second differences. */
  #secondDifferences(): number[] {
    const { half } = this;
    const count = 2 * half + 1;
    const scale = 2 / (count * this.#fourths - this.#squares * this.#squares);
    let [before, weight] = [0, 0];
    return Array.from({ length: count }, (_, i) => {
      const now = weight;
      weight = scale * (count * (i - half) ** 2 - this.#squares) + 2 * now - before;
      before = now;
      return now;
    });
  }
}
