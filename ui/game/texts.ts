import type { Catalog } from '../app/language.ts';
import type { GameTexts } from './text-keys.ts';
import { gameTextsDe } from './texts-de.ts';
import { gameTextsEn } from './texts-en.ts';
import { gameTextsKo } from './texts-ko.ts';

export const gameTexts: Catalog<GameTexts> = { ko: gameTextsKo, en: gameTextsEn, de: gameTextsDe };
