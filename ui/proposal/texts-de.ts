import type { ProposalTexts } from './text-keys.ts';

export const proposalTextsDe: ProposalTexts = {
  title: 'Vorschlag für diese Sitzung',
  from: (sessions) => (sessions === 1 ? 'Aus der letzten Sitzung. Sie entscheiden; nichts wird von selbst eingestellt.' : `Aus den letzten ${sessions} Sitzungen. Sie entscheiden; nichts wird von selbst eingestellt.`),
  subjects: { guidanceLeft: 'Führung links', guidanceRight: 'Führung rechts', unloadingKg: 'Entlastung', speedMps: 'Geschwindigkeit' },
  stays: 'bleibt',
  reasons: {
    inBand: ({ band, strides }) => `${band} des Gangs im Referenzband (${strides} Doppelschritte): Dieses Bein kann mehr selbst tun.`,
    nearBand: ({ band }) => `${band} des Gangs im Referenzband: vorerst so niedrig wie möglich.`,
    outOfBand: ({ band }) => `Nur ${band} des Gangs im Referenzband: Dieses Bein braucht mehr Hilfe.`,
    atLeast: ({ band }) => `${band} des Gangs im Referenzband, ganz ohne Führung.`,
    atMost: () => 'Höher geht es nicht.',
    tooFewStrides: ({ strides }) => `${strides} Doppelschritte sind zu wenige für ein Urteil; 30 je Bein sind nötig.`,
    stoppedForPatient: ({ stops }) => (stops === 1 ? 'Der Patient war Ursache eines Halts: Alles bleibt.' : `Der Patient war Ursache von ${stops} Halten: Alles bleibt.`),
    carriesMore: () => 'Der Gang bleibt im Band: Die Beine können etwas mehr tragen.',
    weightAtAim: () => 'Höchstens ein Fünftel des Gewichts wird getragen: Das Ziel ist erreicht.',
    gaitFirst: ({ band }) => `${band} des Gangs im Referenzband: Zuerst kommt der Gang.`,
    guidanceFirst: () => 'Die Führung ist weiter von ihrem Ziel entfernt und kommt zuerst.',
    weightFirst: () => 'Die Entlastung ist weiter von ihrem Ziel entfernt und kommt zuerst.',
    easierFirst: () => 'Eine Änderung auf einmal.',
    onceOnly: () => 'Einmal gut; eine zweite solche Sitzung ist nötig.',
    walksWell: () => 'Zweimal in Folge im Band, und nichts mehr wegzunehmen: etwas schneller.',
  },
  take: 'Übernehmen',
  takeSummary: 'halten: diese Werte einstellen',
  leave: 'Heute nicht',
};
