import type { Catalog } from '../app/language.ts';
import type { ReadinessTexts } from './text-keys.ts';
import { readinessTextsDe } from './texts-de.ts';
import { readinessTextsEn } from './texts-en.ts';
import { readinessTextsKo } from './texts-ko.ts';

export const readinessTexts: Catalog<ReadinessTexts> = { ko: readinessTextsKo, en: readinessTextsEn, de: readinessTextsDe };
