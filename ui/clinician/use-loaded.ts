/** A request as state: loading, ready or failed. A reload keeps what is shown until the new answer is there. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Failure, Loaded } from './records-client.ts';

export type Request<T> =
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly value: T }
  | { readonly phase: 'failed'; readonly failure: Failure };

/** @param key what is asked for; another key starts over, null asks for nothing */
export function useLoaded<T>(key: string | null, load: (key: string, abort: AbortSignal) => Promise<Loaded<T>>): [Request<T>, () => void] {
  const [round, setRound] = useState(0);
  const [answer, setAnswer] = useState<{ key: string | null; request: Request<T> }>({ key: null, request: { phase: 'loading' } });
  useEffect(() => {
    if (key === null) return undefined;
    const abort = new AbortController();
    void load(key, abort.signal).then((loaded) => {
      if (abort.signal.aborted) return;
      setAnswer({ key, request: loaded.ok ? { phase: 'ready', value: loaded.value } : { phase: 'failed', failure: loaded.failure } });
    });
    return () => abort.abort();
  }, [key, round, load]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return [answer.key === key ? answer.request : { phase: 'loading' }, reload];
}
