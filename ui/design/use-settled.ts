/** After a layout change, a tap meant for the old button must not hit the new one: taps wait for 500 ms. */
import { useEffect, useState } from 'preact/hooks';

export const SETTLE_MS = 500;

/** false for `SETTLE_MS` after `layout` changed. Never use it for STOP. */
export function useSettled(layout: string): boolean {
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(layout), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [layout]);
  return settled === layout;
}
