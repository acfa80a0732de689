import { beforeEach, expect, test } from 'vitest';
import { listenForPress } from '../../../ui/design/press.ts';

let element: EventTarget;
let window: EventTarget;
let document: EventTarget;
let seen: string[];
let stop: () => void;

beforeEach(() => {
  [element, window, document] = [new EventTarget(), new EventTarget(), new EventTarget()];
  seen = [];
  stop = listenForPress(element, { press: () => seen.push('press'), release: () => seen.push('release') }, { window, document });
});

const fire = (target: EventTarget, type: string, properties: object = {}): Event => {
  const event = Object.assign(new Event(type, { cancelable: true }), properties);
  target.dispatchEvent(event);
  return event;
};

test('a finger or the main button of a mouse presses, other buttons do not', () => {
  fire(element, 'pointerdown', { button: 2 });
  expect(seen).toEqual([]);
  fire(element, 'pointerdown', { button: 0 });
  expect(seen).toEqual(['press']);
});

test.each(['Enter', ' '])('the key "%s" presses once, however often it repeats, and does not scroll the page', (key) => {
  expect(fire(element, 'keydown', { key, repeat: false }).defaultPrevented).toBe(true);
  fire(element, 'keydown', { key, repeat: true });
  fire(element, 'keydown', { key: 'a', repeat: false });
  expect(seen).toEqual(['press']);
});

test.each([
  ['element', 'pointerup'],
  ['element', 'pointercancel'],
  ['element', 'pointerleave'],
  ['element', 'blur'],
  ['element', 'keyup'],
  ['window', 'blur'],
  ['window', 'pagehide'],
  ['document', 'visibilitychange'],
])('it ends by the %s’s %s', (where, type) => {
  fire(element, 'pointerdown', { button: 0 });
  fire({ element, window, document }[where]!, type);
  expect(seen).toEqual(['press', 'release']);
});

test('it ends with the button itself, and nothing is heard after that', () => {
  fire(element, 'pointerdown', { button: 0 });
  stop();
  fire(element, 'pointerdown', { button: 0 });
  fire(window, 'blur');
  expect(seen).toEqual(['press', 'release']);
});
