/** A motion that goes on only while this button is held; letting go ends it. Held by finger, mouse or keyboard. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { listenForPress } from './press.ts';
import './hold-button.css';

export interface HoldToRunButtonProps {
  readonly label: string;
  readonly summary?: ComponentChildren;
  readonly disabled?: boolean;
  readonly testId?: string;
  /** Once per press; `onRelease` always follows. */
  readonly onPress: () => void;
  readonly onRelease: () => void;
}

export function HoldToRunButton(props: HoldToRunButtonProps) {
  const { label, summary, disabled = false, testId } = props;
  const button = useRef<HTMLButtonElement>(null);
  const handlers = useRef(props);
  handlers.current = props;
  useEffect(() => {
    const element = button.current;
    if (element === null || disabled) return undefined;
    let held = false;
    const hold = (next: boolean): void => {
      if (held === next) return;
      held = next;
      element.dataset['phase'] = held ? 'holding' : 'idle';
      element.style.setProperty('--held', held ? '1' : '0');
      if (held) handlers.current.onPress();
      else handlers.current.onRelease();
    };
    return listenForPress(element, { press: () => hold(true), release: () => hold(false) }, { window, document });
  }, [disabled]);
  return (
    <button ref={button} type="button" class="hold-button" disabled={disabled} data-testid={testId} onContextMenu={(event) => event.preventDefault()}>
      <span class="hold-fill" aria-hidden="true" />
      <span class="hold-label">{label}</span>
      {summary === undefined ? null : <span class="hold-summary">{summary}</span>}
    </button>
  );
}
