/** Collects what should not have happened. */
export class Judge {
  readonly breaches: string[] = [];

  expect(holds: boolean, breach: string): void {
    if (!holds) this.breaches.push(breach);
  }
}
