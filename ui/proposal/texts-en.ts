import type { ProposalTexts } from './text-keys.ts';

export const proposalTextsEn: ProposalTexts = {
  title: 'Proposal for this session',
  from: (sessions) => (sessions === 1 ? 'From the last session. You decide; nothing is set by itself.' : `From the last ${sessions} sessions. You decide; nothing is set by itself.`),
  subjects: { guidanceLeft: 'Guidance, left', guidanceRight: 'Guidance, right', unloadingKg: 'Unloading', speedMps: 'Speed' },
  stays: 'stays',
  reasons: {
    inBand: ({ band, strides }) => `${band} of the gait inside the reference band (${strides} strides): this leg can do more by itself.`,
    nearBand: ({ band }) => `${band} of the gait inside the reference band: as low as it can be for now.`,
    outOfBand: ({ band }) => `Only ${band} of the gait inside the reference band: this leg needs more help.`,
    atLeast: ({ band }) => `${band} of the gait inside the reference band, with no guidance left.`,
    atMost: () => 'Already as high as it goes.',
    tooFewStrides: ({ strides }) => `${strides} strides are too few to judge by; 30 of each leg are needed.`,
    stoppedForPatient: ({ stops }) => (stops === 1 ? 'The patient was the cause of a stop: everything stays.' : `The patient was the cause of ${stops} stops: everything stays.`),
    carriesMore: () => 'The gait stays inside the band: the legs can carry a little more.',
    weightAtAim: () => 'A fifth of the body weight or less is carried: the aim is reached.',
    gaitFirst: ({ band }) => `${band} of the gait inside the reference band: the gait comes first.`,
    guidanceFirst: () => 'Guidance is further from its aim and goes first.',
    weightFirst: () => 'Unloading is further from its aim and goes first.',
    easierFirst: () => 'One change at a time.',
    onceOnly: () => 'Good once; a second session like it is needed.',
    walksWell: () => 'Twice in a row inside the band, with nothing left to take away: a little faster.',
  },
  take: 'Take over',
  takeSummary: 'hold: set these values',
  leave: 'Not today',
};
