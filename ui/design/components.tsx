/** The small parts that every panel is made of. */
import type { ComponentChildren } from 'preact';
import './components.css';

/** A labelled value in the top bar. */
export function Chip(props: { label: string; value: ComponentChildren; tone?: 'plain' | 'ok' | 'warn' | 'alarm'; lamp?: boolean; testId?: string }) {
  return (
    <div class="chip" data-tone={props.tone ?? 'plain'} data-testid={props.testId}>
      {props.lamp === true ? <i class="chip-lamp" aria-hidden="true" /> : null}
      <span class="chip-label">{props.label}</span>
      <span class="chip-value">{props.value}</span>
    </div>
  );
}

export function Button(props: { children: ComponentChildren; onPress: () => void; tone?: 'plain' | 'accent' | 'quiet'; disabled?: boolean; testId?: string; label?: string; pressed?: boolean }) {
  return (
    <button type="button" class="button" data-tone={props.tone ?? 'plain'} disabled={props.disabled} data-testid={props.testId} aria-label={props.label} aria-pressed={props.pressed} onClick={props.onPress}>
      {props.children}
    </button>
  );
}

/** One of a few: a row of buttons, of which one is on. */
export function Choice<T extends string>(props: { name: string; value: T; options: readonly { readonly id: T; readonly label: string; readonly title?: string; readonly testId?: string; readonly lang?: string }[]; onChoose: (id: T) => void }) {
  return (
    <div class="choice" role="group" aria-label={props.name}>
      {props.options.map((option) => (
        <button key={option.id} type="button" class="choice-item" aria-pressed={option.id === props.value} aria-label={option.title} lang={option.lang} data-testid={option.testId} onClick={() => props.onChoose(option.id)}>
          {option.label}
        </button>
      ))}
    </div>
  );
}

export interface StepControlProps {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  /** The range, or what each leg has. */
  readonly detail: string;
  /** Sent and not yet acknowledged by the robot. */
  readonly pending?: boolean;
  readonly disabled?: boolean;
  readonly atMin?: boolean;
  readonly atMax?: boolean;
  readonly lessLabel: string;
  readonly moreLabel: string;
  readonly testId?: string;
  readonly size?: 'run' | 'row';
  readonly onStep: (steps: 1 | -1) => void;
}

/** − value +, with targets of at least 20 mm while the robot may move. */
export function StepControl(props: StepControlProps) {
  const { disabled = false, size = 'run' } = props;
  return (
    <div class="step-control" data-size={size} data-pending={props.pending === true} role="group" aria-label={props.label} data-testid={props.testId}>
      <button type="button" class="step-button" aria-label={props.lessLabel} disabled={disabled || props.atMin === true} onClick={() => props.onStep(-1)}>
        <StepSign sign="less" />
      </button>
      <div class="step-reading">
        <span class="step-label">{props.label}</span>
        <output class="step-value">
          {props.value}
          <small>{props.unit}</small>
        </output>
        <span class="step-detail">{props.detail}</span>
      </div>
      <button type="button" class="step-button" aria-label={props.moreLabel} disabled={disabled || props.atMax === true} onClick={() => props.onStep(1)}>
        <StepSign sign="more" />
      </button>
    </div>
  );
}

const StepSign = (props: { sign: 'less' | 'more' }) => (
  <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
    <path d={props.sign === 'less' ? 'M5 12h14' : 'M5 12h14M12 5v14'} stroke="currentColor" stroke-width="2.6" stroke-linecap="round" fill="none" />
  </svg>
);

/**
 * A sheet beside or over the page. Never modal in the browser's sense: that would make STOP unreachable. It closes by
 * its button, because Escape means STOP.
 */
export function Dialog(props: { title: string; closeLabel: string; onClose: () => void; children: ComponentChildren; place?: 'middle' | 'drawer'; testId?: string }) {
  return (
    <section class="dialog" data-place={props.place ?? 'middle'} role="dialog" aria-modal="false" aria-label={props.title} data-testid={props.testId}>
      <header class="dialog-head">
        <h2>{props.title}</h2>
        <button type="button" class="dialog-close" aria-label={props.closeLabel} onClick={props.onClose} ref={(element) => element?.focus({ preventScroll: true })}>
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
          </svg>
        </button>
      </header>
      <div class="dialog-body">{props.children}</div>
    </section>
  );
}
