/** A closed session is sealed first and summed up after that. */
import { useEffect, useState } from 'preact/hooks';
import type { SessionDetail, SessionListItem } from '../../protocols/api.ts';
import type { Request } from './use-loaded.ts';

const SUMMARY_RETRY_MS = 1_500;
/** Two minutes: the station sums an hour of walking up in less. */
const SUMMARY_RETRIES = 80;

/** Asks again until its numbers are there. @returns whether it still waits for them */
export function useSummaryWait(detail: Request<SessionDetail>, reload: () => void): boolean {
  const [tries, setTries] = useState(0);
  const pending = detail.phase === 'ready' && detail.value.metrics === null && isClosed(detail.value.session);
  const waiting = pending && tries < SUMMARY_RETRIES;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => {
      setTries(tries + 1);
      reload();
    }, SUMMARY_RETRY_MS);
    return () => clearTimeout(timer);
  }, [waiting, tries, reload]);
  return waiting;
}

const isClosed = ({ status }: SessionListItem): boolean => status === 'sealed' || status === 'recovered';
