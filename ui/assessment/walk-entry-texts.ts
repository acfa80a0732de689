/** Words of walk tests over ground that are entered by hand. */
import type { WalkTestKind } from '../../protocols/assessment.ts';
import type { WalkingAid, WalkIssue } from '../../protocols/entered-walk.ts';
import type { Catalog } from '../app/language.ts';

interface WalkEntryTexts {
  readonly title: string;
  readonly what: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<WalkTestKind, string>>;
  readonly value: Readonly<Record<WalkTestKind, string>>;
  readonly aid: string;
  readonly aids: Readonly<Record<WalkingAid, string>>;
  readonly day: string;
  readonly speed: string;
  readonly byHand: string;
  readonly enteredAt: (when: string, who: string) => string;
  readonly keep: string;
  readonly none: string;
  readonly unread: string;
  readonly issues: Readonly<Record<WalkIssue, (min: string, max: string) => string>>;
}

const ko: WalkEntryTexts = {
  title: '평지 보행 검사(직접 입력)',
  what: '초시계로 잰 결과입니다. 트레드밀에서 잰 값과는 비교하지 않습니다.',
  kind: '검사',
  kinds: { walk10m: '10미터 보행', walk6min: '6분 보행' },
  value: { walk10m: '시간(초)', walk6min: '거리(m)' },
  aid: '보행 보조기',
  aids: { none: '없음', cane: '지팡이', crutches: '목발', walker: '보행기', other: '기타' },
  day: '검사일',
  speed: '속도',
  byHand: '직접 입력',
  enteredAt: (when, who) => `입력: ${when}, ${who}`,
  keep: '저장',
  none: '아직 없음',
  unread: '기록을 읽을 수 없습니다. 페이지를 다시 여세요.',
  issues: {
    value: (min, max) => `${min} ~ ${max} 사이의 값을 입력하세요.`,
    date: () => '검사일을 입력하세요.',
    future: () => '검사일이 아직 오지 않았습니다.',
    beforeBirth: () => '검사일이 환자의 생년월일보다 앞섭니다.',
  },
};

const en: WalkEntryTexts = {
  title: 'Walk tests over ground, entered by hand',
  what: 'Taken with a stopwatch. They are not compared with those on the treadmill.',
  kind: 'Test',
  kinds: { walk10m: 'Ten metres', walk6min: 'Six minutes' },
  value: { walk10m: 'Time (s)', walk6min: 'Distance (m)' },
  aid: 'Walking aid',
  aids: { none: 'none', cane: 'cane', crutches: 'crutches', walker: 'walking frame', other: 'other' },
  day: 'Day of the test',
  speed: 'Speed',
  byHand: 'Entered by hand',
  enteredAt: (when, who) => `${when}, by ${who}`,
  keep: 'Keep',
  none: 'None yet',
  unread: 'The records cannot be read. Open the page again.',
  issues: {
    value: (min, max) => `Enter a value from ${min} to ${max}.`,
    date: () => 'Enter the day of the test.',
    future: () => 'The day of the test is yet to come.',
    beforeBirth: () => 'The day of the test is before the patient’s birth.',
  },
};

const de: WalkEntryTexts = {
  title: 'Gehtests auf dem Boden, von Hand eingetragen',
  what: 'Mit der Stoppuhr gemessen. Sie werden nicht mit denen auf dem Laufband verglichen.',
  kind: 'Test',
  kinds: { walk10m: 'Zehn Meter', walk6min: 'Sechs Minuten' },
  value: { walk10m: 'Zeit (s)', walk6min: 'Strecke (m)' },
  aid: 'Gehhilfe',
  aids: { none: 'keine', cane: 'Gehstock', crutches: 'Unterarmgehstützen', walker: 'Rollator oder Gehgestell', other: 'andere' },
  day: 'Tag des Tests',
  speed: 'Geschwindigkeit',
  byHand: 'Von Hand eingetragen',
  enteredAt: (when, who) => `${when}, von ${who}`,
  keep: 'Speichern',
  none: 'Noch keine',
  unread: 'Die Aufzeichnungen sind nicht lesbar. Seite neu öffnen.',
  issues: {
    value: (min, max) => `Einen Wert von ${min} bis ${max} eintragen.`,
    date: () => 'Den Tag des Tests eintragen.',
    future: () => 'Der Tag des Tests liegt in der Zukunft.',
    beforeBirth: () => 'Der Tag des Tests liegt vor der Geburt des Patienten.',
  },
};

export const walkEntryTexts: Catalog<WalkEntryTexts> = { ko, en, de };
