/** The rooms behind the hash: `#/live`, `#/history`, `#/history/SESSION_ID`, `#/safety-lab`. */
import { signal } from '@preact/signals';

export type Route = { readonly room: 'live' } | { readonly room: 'safety-lab' } | { readonly room: 'history'; readonly sessionId: string | null };

export function parseRoute(hash: string): Route {
  const [room, sessionId] = hash.replace(/^#\/?/, '').split('/');
  if (room === 'safety-lab') return { room };
  if (room !== 'history') return { room: 'live' };
  return { room: 'history', sessionId: sessionId === undefined || sessionId === '' ? null : decodeURIComponent(sessionId) };
}

export const routeHash = (route: Route): string => {
  if (route.room !== 'history') return `#/${route.room}`;
  return route.sessionId === null ? '#/history' : `#/history/${encodeURIComponent(route.sessionId)}`;
};

const currentHash = (): string => (typeof location === 'undefined' ? '' : location.hash);

export const route = signal<Route>(parseRoute(currentHash()));

export function followHash(): void {
  addEventListener('hashchange', () => {
    route.value = parseRoute(currentHash());
  });
}

export const go = (next: Route): void => {
  location.hash = routeHash(next);
};
