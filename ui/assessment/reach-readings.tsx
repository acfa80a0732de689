/** Where the hand is and where it should go, seen from the side and from behind. */
import { useMemo, useRef } from 'preact/hooks';
import type { AssessmentPlan } from '../../controller/therapy/assessments/steps.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { setText, useFrame } from '../app/frame-loop.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { distanceM, gameViews } from '../game/game-state.ts';
import { handOfArm } from '../game/hand.ts';
import { ReachField, type ReachTarget } from '../game/reach-field.tsx';
import { assessmentTexts } from './texts.ts';

const TEXT_EVERY_MS = 90;
/** As it is evaluated. */
const TARGET_RADIUS_M = 0.05;
const CM_PER_M = 100;

interface ReachReadingsProps {
  readonly plan: AssessmentPlan;
  /** −1: it does not go on. */
  readonly step: number;
  readonly profile: RobotProfile;
  readonly heightM: number;
}

export function ReachReadings({ plan, step, profile, heightM }: ReachReadingsProps) {
  const words = textOf(assessmentTexts);
  const { state } = useStation();
  const hand = useMemo(() => (plan.side === null ? null : handOfArm(profile, heightM, plan.side)), [plan, profile, heightM]);
  const away = useRef<HTMLElement>(null);
  const handAtRad = plan.steps[step]?.handAtRad;
  const target: ReachTarget | null = hand === null || handAtRad === undefined ? null : { atM: hand.placeOf(handAtRad), radiusM: TARGET_RADIUS_M };
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    const atM = telemetry === null || hand === null ? null : hand.at(telemetry);
    setText(away.current, atM === null || target === null ? '–' : `${formatNumber(CM_PER_M * distanceM(atM, target.atM), 1)} cm`);
  }, TEXT_EVERY_MS);
  if (hand === null) return null;
  return (
    <div class="assess-readings">
      <div class="game-fields">{gameViews.map((view) => <ReachField key={view} view={view} hand={hand} target={target} />)}</div>
      <dl>
        <div>
          <dt>{words.away}</dt>
          <dd ref={away} data-testid="assess-away">–</dd>
        </div>
      </dl>
    </div>
  );
}
