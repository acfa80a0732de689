import type { ProposalTexts } from './text-keys.ts';

export const proposalTextsKo: ProposalTexts = {
  title: '이번 세션 제안',
  from: (sessions) => (sessions === 1 ? '지난 세션을 바탕으로 합니다. 결정은 치료사가 하며 자동으로 적용되지 않습니다.' : `최근 ${sessions}회 세션을 바탕으로 합니다. 결정은 치료사가 하며 자동으로 적용되지 않습니다.`),
  subjects: { guidanceLeft: '좌측 가이던스', guidanceRight: '우측 가이던스', unloadingKg: '체중 지지', speedMps: '속도' },
  stays: '유지',
  reasons: {
    inBand: ({ band, strides }) => `보행의 ${band}가 기준 범위 안에 있습니다(${strides}보폭). 이 다리는 스스로 더 할 수 있습니다.`,
    nearBand: ({ band }) => `보행의 ${band}가 기준 범위 안에 있습니다. 지금은 더 낮추지 않습니다.`,
    outOfBand: ({ band }) => `보행의 ${band}만 기준 범위 안에 있습니다. 이 다리는 도움이 더 필요합니다.`,
    atLeast: ({ band }) => `가이던스 없이 보행의 ${band}가 기준 범위 안에 있습니다.`,
    atMost: () => '이미 최대입니다.',
    tooFewStrides: ({ strides }) => `${strides}보폭으로는 판단할 수 없습니다. 다리마다 30보폭이 필요합니다.`,
    stoppedForPatient: ({ stops }) => `환자로 인한 정지가 ${stops}회 있었습니다. 모두 유지합니다.`,
    carriesMore: () => '보행이 기준 범위 안에 있습니다. 다리가 체중을 조금 더 지탱할 수 있습니다.',
    weightAtAim: () => '체중의 1/5 이하만 지지하고 있습니다. 목표에 도달했습니다.',
    gaitFirst: ({ band }) => `보행의 ${band}가 기준 범위 안에 있습니다. 보행이 먼저입니다.`,
    guidanceFirst: () => '가이던스가 목표에서 더 멀어 먼저 조정합니다.',
    weightFirst: () => '체중 지지가 목표에서 더 멀어 먼저 조정합니다.',
    easierFirst: () => '한 번에 하나씩 바꿉니다.',
    onceOnly: () => '한 번 좋았습니다. 이런 세션이 한 번 더 필요합니다.',
    walksWell: () => '두 번 연속 기준 범위 안에 있고 더 줄일 것이 없습니다. 조금 더 빠르게 합니다.',
  },
  take: '적용',
  takeSummary: '길게 눌러 이 값으로 설정',
  leave: '오늘은 하지 않음',
};
