import { describe, expect, it } from 'vitest';
import type { SessionReplay, TimelineEvent } from '../../../protocols/api.ts';
import { beltDistanceM } from '../../../ui/clinician/belt.ts';

const replay: SessionReplay = {
  profile: null,
  bodyHeightM: 1.8,
  timeSec: [0, 1, 2, 3],
  state: [1, 3, 3, 4],
  positionRad: [],
  referenceRad: [],
  torqueNm: [],
  permittedRangeRad: [],
  strides: [],
};
const faster: TimelineEvent = { atSec: 2, kind: 'parameter', subject: 'speedMps', oldValue: '0.5', newValue: '0.75', cause: null, actor: null, reason: null };

describe('the belt of the replay', () => {
  it('moves only while the robot walks', () => {
    expect([...beltDistanceM(replay, [], 0.4)]).toEqual([0, 0.4, 0.8, 0.8]);
  });

  it('follows the set speed', () => {
    expect([...beltDistanceM(replay, [faster], 0.4)]).toEqual([0, 0.5, 1.25, 1.25]);
  });
});
