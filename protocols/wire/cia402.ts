/**
 * CiA 402, the CANopen profile of drives: object numbers, the power state machine with its control and status words,
 * and modes of operation. Host and device share this file. Sources: CiA 402-2 v4.0 (IEC 61800-7-201);
 * canopen-python `profiles/p402.py`; CORC `core/robot/Drive.cpp`, `hardware/drives/`.
 *
 * Units: positions in counts of the encoder, torques in ‰ of the motor's rated torque (6076h, mNm). The unit of
 * velocities (606Ch, 60FFh, 607Fh, 6081h) is the manufacturer's: counts/s, 0.1 counts/s at Copley, rpm at EPOS4. Object
 * 6080h is always in motor rpm.
 */

/** An object, or one entry of it, with what its value looks like. */
export interface CanopenObject {
  readonly index: number;
  readonly sub: number;
  readonly bytes: 1 | 2 | 4;
  readonly signed: boolean;
}

const u = (bytes: 1 | 2 | 4, index: number, sub = 0): CanopenObject => ({ index, sub, bytes, signed: false });
const i = (bytes: 1 | 2 | 4, index: number, sub = 0): CanopenObject => ({ index, sub, bytes, signed: true });

export const OD = {
  deviceType: u(4, 0x1000),
  errorRegister: u(1, 0x1001),
  /** Bits 16 … 23 the node whose heartbeat is awaited, bits 0 … 15 for how many ms; 0 = not at all. */
  consumerHeartbeat: u(4, 0x1016, 1),
  /** ms; 0 = none. */
  producerHeartbeat: u(2, 0x1017),
  vendorId: u(4, 0x1018, 1),
  productCode: u(4, 0x1018, 2),
  revision: u(4, 0x1018, 3),
  serialNumber: u(4, 0x1018, 4),
  /** What happens when the connection is lost: see `ABORT_CONNECTION`. */
  abortConnection: i(2, 0x6007),
  errorCode: u(2, 0x603f),
  controlword: u(2, 0x6040),
  statusword: u(2, 0x6041),
  quickStopOption: i(2, 0x605a),
  mode: i(1, 0x6060),
  modeDisplay: i(1, 0x6061),
  position: i(4, 0x6064),
  velocity: i(4, 0x606c),
  targetTorque: i(2, 0x6071),
  maxTorque: u(2, 0x6072),
  ratedTorque: u(4, 0x6076),
  torque: i(2, 0x6077),
  targetPosition: i(4, 0x607a),
  maxProfileVelocity: u(4, 0x607f),
  maxMotorSpeed: u(4, 0x6080),
  profileVelocity: u(4, 0x6081),
  profileAcceleration: u(4, 0x6083),
  profileDeceleration: u(4, 0x6084),
  quickStopDeceleration: u(4, 0x6085),
  torqueSlope: u(4, 0x6087),
  torqueOffset: i(2, 0x60b2),
  targetVelocity: i(4, 0x60ff),
  supportedModes: u(4, 0x6502),
} as const;

/** Strings, read in segments. */
export const DEVICE_NAME_INDEX = 0x1008;
export const SOFTWARE_VERSION_INDEX = 0x100a;

/** Object 6007h. */
export const ABORT_CONNECTION = { nothing: 0, fault: 1, disableVoltage: 2, quickStop: 3 } as const;

export const MODE = { profilePosition: 1, profileVelocity: 3, profileTorque: 4, homing: 6, cyclicPosition: 8, cyclicVelocity: 9, cyclicTorque: 10 } as const;

/** Bit of a mode in object 6502h. */
export const modeBit = (mode: number): number => (mode > 0 ? 2 ** (mode - 1) : 0);

export type PowerState = 'notReady' | 'switchOnDisabled' | 'readyToSwitchOn' | 'switchedOn' | 'operationEnabled' | 'quickStop' | 'faultReaction' | 'fault';

/** Bits 0 … 3, 5 and 6 of the status word; where bit 5 (quick stop, low active) says nothing, the mask leaves it out. */
const STATES: readonly { readonly state: PowerState; readonly mask: number; readonly bits: number }[] = [
  { state: 'notReady', mask: 0x4f, bits: 0x00 },
  { state: 'switchOnDisabled', mask: 0x4f, bits: 0x40 },
  { state: 'readyToSwitchOn', mask: 0x6f, bits: 0x21 },
  { state: 'switchedOn', mask: 0x6f, bits: 0x23 },
  { state: 'operationEnabled', mask: 0x6f, bits: 0x27 },
  { state: 'quickStop', mask: 0x6f, bits: 0x07 },
  { state: 'faultReaction', mask: 0x4f, bits: 0x0f },
  { state: 'fault', mask: 0x4f, bits: 0x08 },
];

/** @returns null for a combination that means nothing */
export function powerStateOf(statusword: number): PowerState | null {
  for (const known of STATES) if ((statusword & known.mask) === known.bits) return known.state;
  return null;
}

const STATE_BITS: Readonly<Record<PowerState, number>> = { notReady: 0x00, switchOnDisabled: 0x40, readyToSwitchOn: 0x21, switchedOn: 0x23, operationEnabled: 0x27, quickStop: 0x07, faultReaction: 0x0f, fault: 0x08 };

/** The status word's bits for a state; the bits below are added to it. */
export const stateBits = (state: PowerState): number => STATE_BITS[state];

export const STATUS = { voltageEnabled: 0x10, warning: 0x80, remote: 0x200, targetReached: 0x400, internalLimit: 0x800, modeSpecific: 0x1000, followingError: 0x2000 } as const;

/** Control words that ask for a state. Fault reset works on the rising edge of its bit. */
export const CONTROL = { disableVoltage: 0x00, quickStop: 0x02, shutdown: 0x06, switchOn: 0x07, enableOperation: 0x0f, newSetPoint: 0x10, changeImmediately: 0x20, relative: 0x40, faultReset: 0x80, halt: 0x100 } as const;

export type PowerCommand = 'disableVoltage' | 'quickStop' | 'shutdown' | 'switchOn' | 'enableOperation';

/** Bits 0 … 3; fault reset is the caller's, because it is an edge. */
export function powerCommandOf(controlword: number): PowerCommand {
  if ((controlword & 0x02) === 0) return 'disableVoltage';
  if ((controlword & 0x04) === 0) return 'quickStop';
  if ((controlword & 0x01) === 0) return 'shutdown';
  return (controlword & 0x08) === 0 ? 'switchOn' : 'enableOperation';
}

/** @returns the control word that leads one step from `state` toward operation; a fault is not reset by it */
export function controlwordToward(state: PowerState | null): number {
  if (state === 'switchOnDisabled') return CONTROL.shutdown;
  if (state === 'readyToSwitchOn') return CONTROL.switchOn;
  if (state === 'switchedOn' || state === 'operationEnabled') return CONTROL.enableOperation;
  return CONTROL.disableVoltage;
}

/** Error codes (603Fh, EMCY) of CiA 402-2 and CiA 301 that a virtual drive raises and people meet. */
export const CIA402_ERROR = { overCurrent: 0x2310, overVoltage: 0x3210, underVoltage: 0x3220, motorTemperature: 0x4310, encoder: 0x7305, heartbeatLost: 0x8130, followingError: 0x8611 } as const;

/** Groups 42xxh (of the device) and 43xxh (of the drive). */
export const isTemperatureError = (code: number): boolean => code >> 8 === 0x42 || code >> 8 === 0x43;
