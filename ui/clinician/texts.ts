/** Every word of the clinician's room in three languages. */
import type { Catalog } from '../app/language.ts';
import type { ClinicianTexts } from './text-keys.ts';
import { deTexts } from './texts-de.ts';
import { enTexts } from './texts-en.ts';
import { koTexts } from './texts-ko.ts';

export const clinicianTexts: Catalog<ClinicianTexts> = { ko: koTexts, en: enTexts, de: deTexts };
