/** A value that has to last before it is believed: what blips for a frame must not move buttons under a finger. */
import { useEffect, useState } from 'preact/hooks';

/** The newest value that stayed the same for `lastingMs`. */
export function useSteady<T>(value: T, lastingMs: number): T {
  const [steady, setSteady] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSteady(() => value), lastingMs);
    return () => clearTimeout(timer);
  }, [value, lastingMs]);
  return steady;
}
