/**
 * A press on one element, by finger, mouse or keyboard, and everything that ends it: letting go, sliding off, another
 * window in front, the page hidden. What holds a robot in motion must not depend on one event that may never come.
 */

const releaseOfElement = ['pointerup', 'pointercancel', 'pointerleave', 'blur', 'keyup'] as const;

export interface PressHandlers {
  readonly press: () => void;
  /** May come without a press, and more than once. */
  readonly release: () => void;
}

/** What is larger than the element; in the browser `window` and `document`. */
export interface PressSurroundings {
  readonly window: EventTarget;
  readonly document: EventTarget;
}

/** @returns stops listening, and releases */
export function listenForPress(element: EventTarget, { press, release }: PressHandlers, { window, document }: PressSurroundings): () => void {
  const keyDown = (event: Event): void => {
    const { key, repeat } = event as KeyboardEvent;
    if (key !== 'Enter' && key !== ' ') return;
    event.preventDefault();
    if (!repeat) press();
  };
  const pointerDown = (event: Event): void => {
    if ((event as PointerEvent).button === 0) press();
  };
  const letGo = (): void => release();
  const listeners: [EventTarget, string, (event: Event) => void][] = [
    [element, 'pointerdown', pointerDown],
    [element, 'keydown', keyDown],
    ...releaseOfElement.map((type): [EventTarget, string, () => void] => [element, type, letGo]),
    [window, 'blur', letGo],
    [window, 'pagehide', letGo],
    [document, 'visibilitychange', letGo],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
    release();
  };
}
