/** A made-up session: a robot that walks exactly as asked, so that every number is known beforehand. */
import { fieldOffset } from '../../../protocols/session-log.ts';
import { supervisorStates, type SupervisorState } from '../../../protocols/supervision.ts';
import { layout, profile } from '../recording/fixtures.ts';

export interface WalkPart {
  readonly state: SupervisorState;
  readonly durationSec: number;
  readonly blend?: number;
}

export interface WalkOptions {
  readonly strideSec: number;
  readonly parts: readonly WalkPart[];
  /** Joint angle of a leg's own gait phase, rad. */
  readonly angleRad: (joint: number, phase: number) => number;
  readonly trackingErrorRad?: number;
  readonly torqueNm?: (joint: number, phase: number) => number;
}

const RATE_HZ = profile.controlRateHz;

/** Rows of a walk; the phase stands still while the robot does. */
export function walk(options: WalkOptions): Float64Array {
  const { strideSec, parts, angleRad, trackingErrorRad = 0, torqueNm = () => 0 } = options;
  const total = parts.reduce((sum, part) => sum + Math.round(part.durationSec * RATE_HZ), 0);
  const rows = new Float64Array(total * layout.width);
  let cycles = 0;
  let [i, steps, walkUs] = [0, 0, 0];
  for (const part of parts) {
    for (let k = 0; k < Math.round(part.durationSec * RATE_HZ); k++, i++) {
      const running = part.state === 'running';
      const before = Math.floor(cycles * 2);
      if (running) cycles += 1 / (strideSec * RATE_HZ);
      if (running) walkUs += 1e6 / RATE_HZ;
      steps += Math.floor(cycles * 2) - before;
      const set = (key: string, value: number, index = 0): void => void (rows[i * layout.width + fieldOffset(layout, key, index)] = value);
      const phase = cycles % 1;
      set('cycle', i);
      set('nowUs', 5_000_000 + (i * 1e6) / RATE_HZ);
      set('state', supervisorStates.indexOf(part.state));
      set('phase', phase);
      set('blend', part.blend ?? 1);
      set('stepsLeft', Math.floor(steps / 2));
      set('stepsRight', Math.ceil(steps / 2));
      set('walkTimeUs', walkUs);
      set('distanceM', walkUs * 0.4e-6);
      set('speedMps', 0.4);
      set('guidanceLeft', 1);
      set('guidanceRight', 0.5);
      profile.joints.forEach((joint, j) => {
        const own = joint.side === 'left' ? phase : (phase + 0.5) % 1;
        const next = (own + 1e-6) % 1;
        set('encoderPositionRad', angleRad(j, own), j);
        set('motorPositionRad', angleRad(j, own), j);
        set('driveSequence', i + 1, j);
        set('referencePositionRad', angleRad(j, own) - trackingErrorRad, j);
        set('motorVelocityRadPerSec', running ? (angleRad(j, next) - angleRad(j, own)) / (1e-6 * strideSec) : 0, j);
        set('jointTorqueNm', torqueNm(j, own), j);
        set('romScale', 1, j);
      });
    }
  }
  return rows;
}
