/** What a host may write to a virtual moteus (mjbots/moteus `docs/protocol/registers.md`, `fw/moteus_controller.cc`). */
import { MOTEUS } from '../../protocols/wire/moteus.ts';
import type { MoteusCommand } from './moteus-servo.ts';

type CommandField = Exclude<keyof MoteusCommand, 'mode'>;

/** Registers that only set a field of the coming command; each has a shadow for "stay within". */
export const commandFields: Readonly<Record<number, CommandField>> = {
  [MOTEUS.commandQCurrent]: 'qCurrentA',
  [MOTEUS.commandPosition]: 'position',
  [MOTEUS.commandVelocity]: 'velocity',
  [MOTEUS.commandTorque]: 'torque',
  [MOTEUS.kpScale]: 'kpScale',
  [MOTEUS.kdScale]: 'kdScale',
  [MOTEUS.maxTorque]: 'maxTorque',
  [MOTEUS.stopPosition]: 'stopPosition',
  [MOTEUS.timeout]: 'timeoutS',
  [MOTEUS.velocityLimit]: 'velocityLimit',
  [MOTEUS.accelLimit]: 'accelLimit',
  [MOTEUS.withinLower]: 'withinLower',
  [MOTEUS.withinUpper]: 'withinUpper',
  [MOTEUS.withinTorque]: 'torque',
  [MOTEUS.withinKpScale]: 'kpScale',
  [MOTEUS.withinKdScale]: 'kdScale',
  [MOTEUS.withinMaxTorque]: 'maxTorque',
  [MOTEUS.withinTimeout]: 'timeoutS',
};

/** Writeable, without meaning here: the other modes' set-points, GPIO and PWM outputs, ilimit scale, overrides. */
export const isIgnored = (register: number): boolean =>
  ignored.some(([first, last]) => register >= first && register <= last);
const ignored = [
  [0x010, 0x01e],
  [0x02a, 0x02d],
  [0x047, 0x048],
  [0x05c, 0x05d],
  [0x071, 0x071],
  [0x076, 0x07f],
  [MOTEUS.requireReindex, MOTEUS.requireReindex],
] as const;

/** Without meaning here and read as 0: further encoders, GPIO, analogue and PWM inputs. */
export const readsZero = (register: number): boolean => zeros.some(([first, last]) => register >= first && register <= last);
const zeros = [
  [0x052, 0x055],
  [0x05e, 0x064],
  [0x068, 0x06c],
  [0x072, 0x075],
] as const;
