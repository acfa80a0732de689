/** What stands in place of content: loading, failed, nothing there yet. */
import type { ComponentChildren } from 'preact';
import { textOf } from '../app/language.ts';
import type { Failure } from './records-client.ts';
import { clinicianTexts } from './texts.ts';

export function Loading() {
  return (
    <div class="cl-notice" role="status">
      <span class="cl-spinner" aria-hidden="true" />
      <p>{textOf(clinicianTexts).loading}</p>
    </div>
  );
}

export function FailureNotice({ failure, retry }: { readonly failure: Failure; readonly retry: () => void }) {
  const { failed, retry: again } = textOf(clinicianTexts);
  const own = failure.kind === 'unreachable' ? failed.unreachable : failure.kind === 'notUnderstood' ? failed.notUnderstood : null;
  return (
    <div class="cl-notice" role="alert">
      <h2>{failed.title}</h2>
      <p>{failure.message ?? own ?? failed.unreachable}</p>
      {failure.message === null && <p class="cl-muted">{failed.check}</p>}
      {failure.code !== null && <p class="cl-code">{failure.code}</p>}
      <button type="button" class="cl-button" onClick={retry}>
        {again}
      </button>
    </div>
  );
}

export function EmptyNotice({ title, what, children }: { readonly title: string; readonly what: string; readonly children?: ComponentChildren }) {
  return (
    <div class="cl-notice">
      <h2>{title}</h2>
      <p>{what}</p>
      {children}
    </div>
  );
}
