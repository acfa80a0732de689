import type { Catalog } from '../app/language.ts';
import type { PlanTexts } from './text-keys.ts';
import { planTextsDe } from './texts-de.ts';
import { planTextsEn } from './texts-en.ts';
import { planTextsKo } from './texts-ko.ts';

export const planTexts: Catalog<PlanTexts> = { ko: planTextsKo, en: planTextsEn, de: planTextsDe };
