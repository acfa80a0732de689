/** Every word of the safety lab in three languages. */
import type { Catalog } from '../app/language.ts';
import type { LabTexts } from './text-keys.ts';
import { deTexts } from './texts-de.ts';
import { enTexts } from './texts-en.ts';
import { koTexts } from './texts-ko.ts';

export const labTexts: Catalog<LabTexts> = { ko: koTexts, en: enTexts, de: deTexts };
