/** Every fault that lock-step can inject, by the numbers of the hazard table. F20 is judged without a robot, F22 is pairs of these. */
import { cablePulled } from './f01-cable-pulled.ts';
import { anotherPort } from './f02-another-port.ts';
import { disturbedBytes } from './f03-bytes.ts';
import { impossibleValue } from './f04-impossible-value.ts';
import { encoderStuck } from './f05-encoder-stuck.ts';
import { encodersPart } from './f06-encoders-part.ts';
import { torqueSensor } from './f07-torque-sensor.ts';
import { driveDisobeys } from './f08-drive-disobeys.ts';
import { heat } from './f09-heat.ts';
import { clockFrozen } from './f10-clock-frozen.ts';
import { babble } from './f11-babble.ts';
import { stall } from './f12-stall.ts';
import { controllerDies } from './f13-controller-dies.ts';
import { operatorGone } from './f14-operator-gone.ts';
import { twoOperators } from './f15-two-operators.ts';
import { estop } from './f16-estop.ts';
import { push } from './f17-push.ts';
import { diskFull } from './f18-disk-full.ts';
import { wallClock } from './f19-wall-clock.ts';
import { beltAndSupport } from './f21-belt-and-support.ts';
import type { LockstepFault } from './fault.ts';

export const lockstepFaults: readonly LockstepFault[] = [
  cablePulled,
  anotherPort,
  disturbedBytes,
  impossibleValue,
  encoderStuck,
  encodersPart,
  torqueSensor,
  driveDisobeys,
  heat,
  clockFrozen,
  babble,
  stall,
  controllerDies,
  operatorGone,
  twoOperators,
  estop,
  push,
  diskFull,
  wallClock,
  beltAndSupport,
];
