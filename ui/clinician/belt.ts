/** How far the belt has moved, for the picture only: the set speed while the robot walks. */
import type { SessionReplay, TimelineEvent } from '../../protocols/api.ts';
import { supervisorStates } from '../../protocols/supervision.ts';

/** Metres at every sample of the replay. @param meanSpeedMps where no change of speed was recorded */
export function beltDistanceM(replay: SessionReplay, events: readonly TimelineEvent[], meanSpeedMps: number): Float64Array {
  const changes = events.flatMap(({ kind, subject, atSec, oldValue, newValue }) =>
    kind === 'parameter' && subject === 'speedMps' ? [{ atSec, from: Number(oldValue), to: Number(newValue) }] : [],
  );
  const running = supervisorStates.indexOf('running');
  const distanceM = new Float64Array(replay.timeSec.length);
  let speedMps = changes[0]?.from ?? meanSpeedMps;
  let next = 0;
  for (let i = 1; i < distanceM.length; i++) {
    const atSec = replay.timeSec[i] ?? 0;
    for (let change = changes[next]; change !== undefined && change.atSec <= atSec; change = changes[++next]) speedMps = change.to;
    const movedM = replay.state[i] === running ? speedMps * (atSec - (replay.timeSec[i - 1] ?? 0)) : 0;
    distanceM[i] = (distanceM[i - 1] ?? 0) + (Number.isFinite(movedM) ? movedM : 0);
  }
  return distanceM;
}
