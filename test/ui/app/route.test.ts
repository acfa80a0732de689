import { expect, test } from 'vitest';
import { parseRoute, routeHash, type Route } from '../../../ui/app/route.ts';

test.each<[string, Route]>([
  ['', { room: 'live' }],
  ['#/live', { room: 'live' }],
  ['#/nowhere', { room: 'live' }],
  ['#/safety-lab', { room: 'safety-lab' }],
  ['#/history', { room: 'history', sessionId: null }],
  ['#/history/', { room: 'history', sessionId: null }],
  ['#/history/s%2F1', { room: 'history', sessionId: 's/1' }],
])('%s leads to the right room', (hash, expected) => {
  expect(parseRoute(hash)).toEqual(expected);
});

test('a route survives the way through the address', () => {
  for (const route of [{ room: 'live' }, { room: 'safety-lab' }, { room: 'history', sessionId: null }, { room: 'history', sessionId: '20261122-a/b c' }] as const) expect(parseRoute(routeHash(route))).toEqual(route);
});
