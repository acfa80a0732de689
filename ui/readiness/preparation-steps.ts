/** How the list of a preparation's steps reads from its newest news. */
import { preparationSteps, type PreparationNews, type PreparationStep } from '../../protocols/preparation.ts';

/** `open`: its turn has not come. */
export type StepStatus = 'open' | 'running' | 'waiting' | 'passed' | 'failed';

export interface StepRow {
  readonly step: PreparationStep;
  readonly status: StepStatus;
}

export function stepRows(news: PreparationNews): StepRow[] {
  const current = preparationSteps.indexOf(news.step);
  return preparationSteps.map((step, index) => ({ step, status: statusOf(news, step, index - current) }));
}

/** @param offset of this step from the one that the news is about */
function statusOf(news: PreparationNews, step: PreparationStep, offset: number): StepStatus {
  if (news.prepared || (news.tested && step !== 'homing')) return 'passed';
  if (news.status === 'none') return 'open';
  if (offset === 0) return news.status;
  // A failed self-test is begun anew, so what it had passed counts no more; a running one shows how far it is.
  return offset < 0 && news.status !== 'failed' ? 'passed' : 'open';
}

/** Nobody may be fitted before it is over. */
export const needsPreparation = (news: PreparationNews | undefined): boolean => news?.prepared === false;
