/** Can this recording be trusted: closed in order or recovered, and the checksum that proves it. */
import { useState } from 'preact/hooks';
import type { SessionDetail } from '../../protocols/api.ts';
import { textOf } from '../app/language.ts';
import { shortChecksum } from './figures.ts';
import { StatusBadge } from './status-badge.tsx';
import { clinicianTexts } from './texts.ts';

export function IntegrityLine({ detail }: { readonly detail: SessionDetail }) {
  const texts = textOf(clinicianTexts);
  const { sha256, session } = detail;
  const [copied, setCopied] = useState(false);
  const copy = (checksum: string): void => {
    // Refused without focus or permission: the whole checksum stands in the tooltip.
    navigator.clipboard.writeText(checksum).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <footer class="cl-integrity" aria-label={texts.integrity.title}>
      <StatusBadge status={session.status} />
      <span>{texts.statusMeaning[session.status]}</span>
      {sha256 === null ? (
        <span>{texts.integrity.unsealed}</span>
      ) : (
        <span>
          {texts.integrity.sealed}{' '}
          <button type="button" title={`${texts.integrity.copy}: ${sha256}`} onClick={() => copy(sha256)}>
            <code>{shortChecksum(sha256)}</code>
            {copied && ` ${texts.integrity.copied}`}
          </button>
        </span>
      )}
      <span>
        {texts.integrity.robot} {session.profileId}
      </span>
      <span>
        {texts.integrity.session} <code>{session.id}</code>
      </span>
    </footer>
  );
}
