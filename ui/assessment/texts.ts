import type { Catalog } from '../app/language.ts';
import type { AssessmentTexts } from './text-keys.ts';
import { assessmentTextsDe } from './texts-de.ts';
import { assessmentTextsEn } from './texts-en.ts';
import { assessmentTextsKo } from './texts-ko.ts';

export const assessmentTexts: Catalog<AssessmentTexts> = { ko: assessmentTextsKo, en: assessmentTextsEn, de: assessmentTextsDe };
