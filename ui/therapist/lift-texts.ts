/** Words of the lifting column that brings an arm robot's shoulder to the patient's. */
import type { Catalog } from '../app/language.ts';

interface LiftTexts {
  readonly title: string;
  readonly height: string;
  readonly proposed: string;
  readonly why: string;
  readonly raise: string;
  readonly lower: string;
  readonly toProposed: string;
  readonly hold: string;
  readonly atEnd: string;
  readonly there: string;
  readonly unknown: string;
}

const ko: LiftTexts = {
  title: '승강 장치',
  height: '로봇 어깨 높이',
  proposed: '제안 높이',
  why: '앉은 자세에서 환자의 키로 계산한 값입니다. 환자의 어깨에 맞는지 눈으로 확인하세요.',
  raise: '올리기',
  lower: '내리기',
  toProposed: '제안 높이로',
  hold: '누르고 있는 동안 움직입니다',
  atEnd: '끝에 있습니다',
  there: '도달했습니다',
  unknown: '알 수 없음',
};

const en: LiftTexts = {
  title: 'Lifting column',
  height: "Robot's shoulder",
  proposed: 'Proposed',
  why: "From the patient's height, seated. Look whether it fits the patient's shoulder.",
  raise: 'Raise',
  lower: 'Lower',
  toProposed: 'To the proposed height',
  hold: 'Moves while held',
  atEnd: 'At its end',
  there: 'Reached',
  unknown: 'not known',
};

const de: LiftTexts = {
  title: 'Hubsäule',
  height: 'Schulter des Roboters',
  proposed: 'Vorschlag',
  why: 'Aus der Körpergröße, im Sitzen. Ansehen, ob es zur Schulter des Patienten passt.',
  raise: 'Heben',
  lower: 'Senken',
  toProposed: 'Zum Vorschlag',
  hold: 'Fährt, solange gedrückt',
  atEnd: 'Am Ende',
  there: 'Erreicht',
  unknown: 'nicht bekannt',
};

export const liftTexts: Catalog<LiftTexts> = { ko, en, de };
