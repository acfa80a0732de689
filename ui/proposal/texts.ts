import type { Catalog } from '../app/language.ts';
import type { ProposalTexts } from './text-keys.ts';
import { proposalTextsDe } from './texts-de.ts';
import { proposalTextsEn } from './texts-en.ts';
import { proposalTextsKo } from './texts-ko.ts';

export const proposalTexts: Catalog<ProposalTexts> = { ko: proposalTextsKo, en: proposalTextsEn, de: proposalTextsDe };
