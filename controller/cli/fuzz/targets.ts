/** Everything that is fuzzed: a new protocol adds its codec and a drive here; its two lines follow from the registries. */
import { binaryTargets } from './codecs-binary.ts';
import { canTargets } from './codecs-can.ts';
import { canopenTargets } from './codecs-canopen.ts';
import { hubTargets } from './codecs-hub.ts';
import { servoTargets } from './codecs-servo.ts';
import { textTargets } from './codecs-text.ts';
import { fuzzDrives } from './drives.ts';
import { fuzzJoint } from './joint.ts';
import { lineTargets } from './lines.ts';
import type { FuzzTarget } from './target.ts';

export const fuzzTargets: readonly FuzzTarget[] = [...canTargets, ...canopenTargets, ...hubTargets, ...servoTargets, ...binaryTargets, ...textTargets, ...fuzzDrives.flatMap((drive) => lineTargets(drive, fuzzJoint))];
