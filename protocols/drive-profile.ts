/**
 * What the robot profile says of each joint's motor controller. Units, ranges and scalings are data of the device: they
 * differ by model and firmware, and manuals contradict each other. The joint's side of gear and linkage is meant
 * wherever a name does not say motor.
 */
import { z } from 'zod/mini';
import { degToRad } from './units.ts';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const positive = finite.check(z.positive());
const address = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

/**
 * Who releases the joint when the host falls silent.
 * `readBack`: the drive's own watchdog, set by Dari and read back. `proof`: the drive's own, which the wire cannot
 * show; it is proven by letting it trip. `hubRelay`: the drive has none; the hub's enable relay cuts its power.
 */
export const watchdogKinds = ['readBack', 'proof', 'hubRelay'] as const;

const common = {
  model: z.string(),
  /** The link (serial port) that the drive sits on. */
  link: z.string(),
  /** Greatest values that its frames can carry, or that it can reach where they carry more. */
  positionRangeRad: positive,
  velocityRangeRadPerSec: positive,
  torqueRangeNm: positive,
  /** Greatest gains that are rendered stably: by the drive where it has an impedance loop, else by the host. */
  stiffnessMaxNmPerRad: positive,
  dampingMaxNmsPerRad: positive,
  /** +1 when the drive's positive direction is flexion. */
  direction: z.union([z.literal(1), z.literal(-1)]),
  /** Joint angle when the drive reads 0. */
  zeroOffsetDeg: finite,
  continuousTorqueNm: positive,
  peakTorqueNm: positive,
  /** How long the drive gives its peak torque from cold, s (its data sheet): the budget of I²t. */
  peakTimeSec: positive,
  /** The drive's own command watchdog. */
  watchdogMs: positive,
  tempWarnC: positive,
  tempLimitC: positive,
};

/** What turns the electrical and motor-side numbers of a drive into those of the joint. */
const motor = {
  /** Torque at the joint per ampere of motor (quadrature) current. */
  torqueConstantNmPerA: positive,
  /** Motor turns per turn of the joint. */
  gearRatio: positive,
};

const unprovable = z.enum(['proof', 'hubRelay']);
const readBack = z.literal('readBack');
const cyclic = z.enum(['torque', 'velocity', 'position']);

/** MIT frames on CAN (mini-cheetah, CubeMars AK). Two float scalings exist, one LSB apart. */
const mitSchema = z.strictObject({
  protocol: z.literal('mit'),
  ...common,
  address: address(1, 127),
  setPoint: z.literal('impedance'),
  watchdog: unprovable,
  scaling: z.enum(['2^n-1', '2^n']),
  /**
   * What a reply has behind position, velocity and torque: temperature and error (newer AK firmware, and when this is
   * not given), the bus voltage (mini-cheetah), or nothing (older AK firmware, 6 bytes).
   */
  reply: z.optional(z.enum(['temperature', 'busVoltage', 'short'])),
  /** For AK drives of the third version: 29-bit frames of another layout, answered in servo units at a rate of their own. */
  v3: z.optional(z.strictObject({ ...motor, polePairs: positive, uploadHz: positive.check(z.maximum(500)) })),
});

/** CANopen CiA 402 in a cyclic synchronous mode, on CAN. */
const cia402Schema = z.strictObject({
  protocol: z.literal('cia402'),
  ...common,
  /** Node number; 127 is the host's own, whose heartbeat the drives watch. */
  address: address(1, 126),
  setPoint: cyclic,
  watchdog: readBack,
  /** Encoder counts per turn of the joint. */
  countsPerTurn: positive,
  /** What velocities (606Ch, 60FFh) read at one turn of the joint per second: `countsPerTurn` where they are in counts/s, ten times that at Copley. */
  velocityUnitsPerTurnPerSec: positive,
  /** Motor turns per turn of the joint: 6080h is in motor rpm, 6076h at the motor's shaft. */
  gearRatio: positive,
  /** What 1 000 ‰ of object 6071h is at the joint: object 6076h times the gear ratio. */
  ratedTorqueNm: positive,
  /** Mode of operation (6060h) for torque: 10 = CST, 4 = profile torque (Copley, Kinco). */
  torqueMode: z.union([z.literal(4), z.literal(10)]),
  vendorId: z.int(),
  productCode: z.int(),
  /** Object 1018h sub 4; left out where any drive of the kind may sit here. */
  serialNumber: z.optional(z.int()),
});

/**
 * `model` is the hardware name that the controller tells. To be set with VESC Tool: 10 ms less than `watchdogMs` as its command timeout,
 * because it looks only every 10 ms whether that is over (`timeout.c`), and `gearRatio` as the angle division of its position loop, so that positions are those of one turn of the joint.
 */
const vescSchema = z.strictObject({ protocol: z.literal('vesc'), ...common, ...motor, address: address(0, 253), setPoint: z.literal('torque'), watchdog: unprovable, polePairs: positive });
const cubemarsV1Schema = z.strictObject({ protocol: z.literal('cubemars-v1'), ...common, ...motor, address: address(0, 253), setPoint: z.literal('torque'), watchdog: unprovable, polePairs: positive });

/** The manual contradicts itself, so its two readings are data: length of a status reply and the type of a position. */
const cubemarsV3Schema = z.strictObject({
  protocol: z.literal('cubemars-v3'),
  ...common,
  ...motor,
  address: address(0, 253),
  setPoint: z.literal('impedance'),
  watchdog: unprovable,
  polePairs: positive,
  statusBytes: z.union([z.literal(73), z.literal(85)]),
  positionType: z.enum(['float', 'microDegrees']),
  /** The manual gives no unit for the gains: of a torque at the joint, as MIT frames have them, or of the command's current. */
  gainUnit: z.enum(['nmPerRad', 'amperePerRad']),
});

const odriveSchema = z.strictObject({
  protocol: z.literal('odrive-ascii'),
  ...common,
  ...motor,
  /** Axis 0 or 1. */
  address: address(0, 1),
  setPoint: cyclic,
  watchdog: readBack,
  /** Names of properties moved between 0.5.x and 0.6. */
  firmware: z.enum(['0.5', '0.6']),
});

const moteusSchema = z.strictObject({
  protocol: z.literal('moteus'),
  ...common,
  address: address(1, 126),
  setPoint: z.literal('impedance'),
  watchdog: readBack,
  /** Turns that the controller counts per turn of the joint; its own `rotor_to_output_ratio` is not counted again. */
  gearRatio: positive,
  /** On a CAN bus behind an fdcanusb adapter, or alone on its own UART, where lines have checksums. */
  line: z.enum(['fdcanusb', 'uart']),
  /** Register 0x100. */
  modelNumber: z.int(),
  /**
   * Its `servo.pid_position.kp` and `.kd` where its console cannot be reached; else they are read from it, and it is told
   * to let go after its watchdog, which else is for who configures it (`servo.timeout_mode` 0).
   */
  gains: z.optional(z.strictObject({ kpNmPerTurn: positive, kdNmPerTurnPerSec: positive })),
});

export const dynamixelSchema = z.strictObject({
  protocol: z.literal('dynamixel2'),
  ...common,
  address: address(1, 252),
  /**
   * `torque`: current mode. `position`: current-based position mode, in which a servo whose watchdog has tripped does not
   * release: it holds its place with at most the current that was set.
   */
  setPoint: z.enum(['torque', 'position']),
  watchdog: readBack,
  modelNumber: z.int(),
  torqueConstantNmPerA: positive,
  /** Unit of the current registers (X series: 2.69 or 1.0 mA). */
  currentUnitMa: positive,
});

/**
 * maxon EPOS4 on RS232 or USB. Nothing there makes it release when its host falls silent: the frame timeouts 2005h and
 * 2006h only give up half a frame, and 1016h with 6007h work on CAN. So the hub's relay is its watchdog.
 */
const epos4Schema = z.strictObject({
  protocol: z.literal('epos4'),
  ...common,
  /** Node number; other numbers than that of the drive on the port are reached through it, over its CAN bus. */
  address: address(1, 127),
  setPoint: cyclic,
  watchdog: z.literal('hubRelay'),
  /** Encoder counts per turn of the joint. */
  countsPerTurn: positive,
  /** Motor turns per turn of the joint: velocities are in motor rpm, 6076h at the motor's shaft. */
  gearRatio: positive,
  /** What 1 000 ‰ of object 6071h is at the joint: object 6076h times the gear ratio. */
  ratedTorqueNm: positive,
  /** Object 1018h sub 2. */
  productCode: z.int(),
});

/** The maker documents no command watchdog, and the motor is known to run on without a host: only the hub's relay stops it. */
const unitreeSchema = z.strictObject({ protocol: z.literal('unitree'), ...common, address: address(0, 14), setPoint: z.literal('impedance'), watchdog: z.literal('hubRelay'), gearRatio: positive });

export const driveSchema = z.discriminatedUnion('protocol', [
  mitSchema,
  cia402Schema,
  vescSchema,
  cubemarsV1Schema,
  cubemarsV3Schema,
  odriveSchema,
  moteusSchema,
  dynamixelSchema,
  epos4Schema,
  unitreeSchema,
]);

export type DriveProfile = z.infer<typeof driveSchema>;
export type DriveProtocol = DriveProfile['protocol'];
export type DriveProfileOf<P extends DriveProtocol> = Extract<DriveProfile, { protocol: P }>;
export type MitDriveProfile = DriveProfileOf<'mit'>;

/** What a link speaks; drives of the CAN protocols share an SLCAN adapter, the others have their protocol's line. */
export const linkProtocols = ['slcan', 'sensor-hub', 'vesc', 'cubemars-v1', 'cubemars-v3', 'odrive-ascii', 'moteus', 'dynamixel2', 'epos4', 'unitree'] as const;
export type LinkProtocol = (typeof linkProtocols)[number];

/** Of the speed that a motor reaches by itself. Own value: a person's kick took an ankle of 8 rad/s to 12. */
const OVERHAULED = 2;
/**
 * The fastest motion that it can tell of, rad/s at the joint. Frames whose range the profile does not set carry more than the motor can reach, and
 * a limb that is pushed drives it faster: to doubt it then would take away the torque that brakes the limb.
 */
export const fastestToldRadPerSec = (drive: DriveProfile): number => drive.velocityRangeRadPerSec * (drive.protocol === 'mit' || drive.protocol === 'unitree' ? 1 : OVERHAULED);

export const linkProtocolOf = (drive: DriveProfile): LinkProtocol => (drive.protocol === 'mit' || drive.protocol === 'cia402' ? 'slcan' : drive.protocol);

/** A servo that only measures tells where its joint can be and how fast it goes, and is not believed for longer than it waits for its host. @returns what is wrong */
export function checkServo(
  { zeroOffsetDeg, positionRangeRad, velocityRangeRadPerSec, watchdogMs }: DriveProfile,
  stopDeg: { readonly min: number; readonly max: number },
  speedDegPerSec: number,
  { watchdogs, controlRateHz }: { readonly watchdogs: { readonly inputMaxAgeMs: number; readonly overrunPeriods: number }; readonly controlRateHz: number },
): string[] {
  const furthestDeg = Math.max(Math.abs(stopDeg.min - zeroOffsetDeg), Math.abs(stopDeg.max - zeroOffsetDeg));
  const toleratedMs = watchdogs.inputMaxAgeMs + (watchdogs.overrunPeriods * 1_000) / controlRateHz;
  return [
    ...(degToRad(furthestDeg) > positionRangeRad ? ['mechanicalStopDeg is beyond what the servo can report (positionRangeRad)'] : []),
    ...(degToRad(speedDegPerSec) > velocityRangeRadPerSec ? ['speedLimitDegPerSec is beyond what the servo can report (velocityRangeRadPerSec)'] : []),
    ...(watchdogMs > toleratedMs ? [] : [`watchdogMs ${watchdogMs} must be longer than what the host tolerates, inputMaxAgeMs + overrunPeriods (${toleratedMs} ms)`]),
  ];
}
