/**
 * A cycle is one decision in hundreds of small functions. V8 stops inlining them at 920 bytes of bytecode, at most at an absolute
 * bound of 4600, and leaves out calls that were rare while it watched; then every number that crosses a call goes to the heap:
 * 3 kB per cycle for twelve joints, and a collection in the middle of some cycle. With these own values hardly anything is left
 * (`test/bench/safety-bench.test.ts`).
 */
import { setFlagsFromString } from 'node:v8';

/** Own value: beyond 6000 nothing more is left out. */
const MOST_BYTES = 9_000;

/** Call it before the first cycle: it is for what is compiled from then on. */
export function inlineCycles(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${MOST_BYTES}`);
  setFlagsFromString(`--max-inlined-bytecode-size-absolute=${MOST_BYTES}`);
  setFlagsFromString('--min-inlining-frequency=0');
}
