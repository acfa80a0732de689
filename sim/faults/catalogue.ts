/** All faults that can be ordered, e.g. `{"link":"leg-left","kind":"flipBits","rate":0.001}`. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { actuatorOrders, type ActuatorOrder } from './actuators.ts';
import { Babble, babbleOrder } from './babble.ts';
import { blockOrder } from './block.ts';
import { brownOutOrder } from './brown-out.ts';
import { Delay, delayOrder } from './delay.ts';
import { Drop, dropOrder } from './drop.ts';
import { Duplicate, duplicateOrder } from './duplicate.ts';
import type { ByteFlow, DriveFault } from './fault.ts';
import { FlipBits, flipBitsOrder } from './flip-bits.ts';
import { freezeRegisters, freezeRegistersOrder } from './freeze-registers.ts';
import { heatOrder } from './heat.ts';
import { hubClockFrozenOrder } from './hub-clock-frozen.ts';
import { ignoreCommands, ignoreCommandsOrder } from './ignore-commands.ts';
import { Mute, muteOrder } from './mute.ts';
import { pushOrder } from './push.ts';
import { reset, resetOrder } from './reset.ts';
import { sensorOrder } from './sensor.ts';
import { Split, splitOrder } from './split.ts';
import { swapIdentity, swapIdentityOrder } from './swap-identity.ts';
import { wrongMode, wrongModeOrder } from './wrong-mode.ts';

const lineOrders = [dropOrder, delayOrder, duplicateOrder, splitOrder, flipBitsOrder, babbleOrder, muteOrder] as const;
const driveOrders = [freezeRegistersOrder, resetOrder, wrongModeOrder, ignoreCommandsOrder, swapIdentityOrder] as const;
const robotOrders = [sensorOrder, pushOrder, blockOrder, heatOrder, brownOutOrder, hubClockFrozenOrder, ...actuatorOrders] as const;
const orders = [...lineOrders, ...driveOrders, ...robotOrders] as const;

export const faultOrderSchema = z.discriminatedUnion('kind', orders);
export type FaultOrder = z.infer<typeof faultOrderSchema>;
export type LineFaultOrder = z.infer<(typeof lineOrders)[number]>;
export type DriveFaultOrder = z.infer<(typeof driveOrders)[number]>;

/** Of the robot as a whole, not of a cable or what sits on it. */
export type RobotFaultOrder = z.infer<(typeof robotOrders)[number]>;
export type CableFaultOrder = LineFaultOrder | DriveFaultOrder;

export const faultKinds: readonly FaultOrder['kind'][] = orders.flatMap((order) => order.shape.kind.def.values);

const DEFAULT_PAUSE_MS = 5;

/** By the word that orders them. */
export const driveFaults: Readonly<Record<DriveFaultOrder['kind'], DriveFault>> = { freezeRegisters, reset, wrongMode, ignoreCommands, swapIdentity };

const robotKinds: readonly string[] = robotOrders.flatMap((order) => order.shape.kind.def.values);
const actuatorKinds: readonly string[] = actuatorOrders.flatMap((order) => order.shape.kind.def.values);
export const isActuatorFault = (order: FaultOrder): order is ActuatorOrder => actuatorKinds.includes(order.kind);
export const isRobotFault = (order: FaultOrder): order is RobotFaultOrder => robotKinds.includes(order.kind);
export const isDriveFault = (order: FaultOrder): order is DriveFaultOrder => Object.hasOwn(driveFaults, order.kind);

/** A line fault in front of what stands `behind` it. */
export function createLineFault(order: LineFaultOrder, behind: ByteFlow, random: Random, baud: number): ByteFlow {
  switch (order.kind) {
    case 'drop':
      return new Drop(behind, random, order.rate);
    case 'delay':
      return new Delay(behind, random, order.rate ?? 1, order.delayMs);
    case 'duplicate':
      return new Duplicate(behind, random, order.rate, order.copies ?? 1);
    case 'split':
      return new Split(behind, random, order.rate, order.delayMs ?? DEFAULT_PAUSE_MS);
    case 'flipBits':
      return new FlipBits(behind, random, order.rate);
    case 'babble':
      return new Babble(behind, random, order.rate, baud);
    case 'mute':
      break;
  }
  return new Mute(behind);
}
