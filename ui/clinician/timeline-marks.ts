/** What is marked on the time line: parameter changes and stops, with their words. */
import type { TimelineEvent } from '../../protocols/api.ts';
import { changeSentence, stopWords } from './event-words.ts';
import { changeGroups, stopsOf } from './timeline.ts';

export interface TimelineMark {
  readonly atSec: number;
  readonly kind: 'change' | 'stop';
  readonly words: string;
  /** Who and why, for the tooltip. */
  readonly detail: string;
}

export function timelineMarks(events: readonly TimelineEvent[]): TimelineMark[] {
  const changes = changeGroups(events).map(({ atSec, actor, reason, changes: ofGroup }): TimelineMark => {
    const [first, ...others] = ofGroup.map(changeSentence);
    const words = others.length === 0 ? (first ?? '') : `${first ?? ''} +${others.length}`;
    return { atSec, kind: 'change', words, detail: [[first, ...others].join(', '), actor, reason].filter((part) => part !== null).join(' · ') };
  });
  const stops = stopsOf(events).map((stop): TimelineMark => ({ atSec: stop.atSec, kind: 'stop', words: stopWords(stop), detail: stopWords(stop) }));
  return [...changes, ...stops].sort((a, b) => a.atSec - b.atSec);
}

const WIDE_PX = 11.6;
const NARROW_PX = 6.5;

/** Width of a label at 12 px: Hangul and other wide characters take about a full em. */
export const labelWidthPx = (words: string): number =>
  Array.from(words).reduce((sum, character) => sum + (character > '\u2E7F' ? WIDE_PX : NARROW_PX), 0);
