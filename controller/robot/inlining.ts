/**
 * A cycle is one decision in hundreds of small functions. V8 stops inlining them at 920 bytes of bytecode, and leaves out calls
 * that were rare while it watched; then every number that crosses a call goes to the heap: 3 kB per cycle for twelve joints,
 * and a collection in the middle of some cycle. With these own values hardly anything is left (`dari bench --only safety`).
 */
import { setFlagsFromString } from 'node:v8';

/** Call it before the first cycle: it is for what is compiled from then on. */
export function inlineCycles(): void {
  // V8's own bound on what one function may grow to.
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4600');
  setFlagsFromString('--min-inlining-frequency=0');
}
