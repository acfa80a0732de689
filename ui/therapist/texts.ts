/** Words of the live room and the shell. */
import type { Catalog } from '../app/language.ts';
import type { LiveTexts } from './text-keys.ts';
import { liveTextsDe } from './texts-de.ts';
import { liveTextsEn } from './texts-en.ts';
import { liveTextsKo } from './texts-ko.ts';

export const liveTexts: Catalog<LiveTexts> = { ko: liveTextsKo, en: liveTextsEn, de: liveTextsDe };
