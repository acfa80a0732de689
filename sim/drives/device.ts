/** Contracts of the virtual hardware. Devices never ask for the time and never wait: time is an argument. */
import type { CanFrame } from '../../protocols/wire/slcan.ts';

/**
 * Rhythm of the physics and of every drive's control loop. 1 kHz keeps an impedance of 400 Nm/rad on 0.35 kg·m² well
 * inside stability.
 */
export const STEP_US = 1_000;
/**
 * Rhythm of the serial lines. Who takes turns on a wire (Dynamixel, EPOS4, Unitree) waits for the other's last byte, so
 * that each step costs twice per exchange.
 */
export const LINE_STEP_US = 250;

/** What sits at the far end of one serial line. It answers through the `send` it was made with. */
export interface VirtualDevice {
  /** Bytes that have crossed the wire; valid only during the call. */
  receive(bytes: Uint8Array, nowUs: number): void;
  /** Time goes on (every `LINE_STEP_US`): late answers and streams leave now. */
  step(nowUs: number): void;
  /** The cable was pulled: half a frame is forgotten, and what the cable powered starts anew. */
  unplugged(): void;
}

export type SendBytes = (bytes: Uint8Array) => void;

/** What can be wrong inside a drive; a drive obeys its own record at once. */
export interface DriveFaults {
  /** What it reports (position, velocity, torque, temperature) stays as it was when this became true. */
  frozenReport: boolean;
  /** Set-points and state commands are acknowledged as always, and not obeyed. */
  ignoresCommands: boolean;
  /** It runs, and reports, another mode of operation than it was told. */
  wrongMode: boolean;
  /** It says that it is another model, and where the protocol tells them, has another serial number. */
  wrongIdentity: boolean;
}

export const noDriveFaults = (): DriveFaults => ({ frozenReport: false, ignoresCommands: false, wrongMode: false, wrongIdentity: false });

/** The motor side of a drive, whatever it speaks. */
export interface VirtualDrive {
  /** It makes torque by command: motor mode, torque enabled, operation enabled. */
  readonly energised: boolean;
  readonly faults: DriveFaults;
  /** Without power it is silent; with it, it boots and stays released. */
  setPower(on: boolean, nowUs: number): void;
  /** As after a brown-out: registers at their defaults, then booting. Nothing when it has no power. */
  reset(nowUs: number): void;
  /** Its winding is this warm now, with power or without, and cools as it would. */
  heatTo(tempC: number): void;
  /** Sets the torque of the coming physics step: watchdog, limits, heat, control loop. */
  step(nowUs: number, durationS: number): void;
}

/** One serial line as a robot has it: the device at its end and the drives that this device leads to. */
export interface VirtualLine {
  readonly device: VirtualDevice;
  /** In the order in which they were asked for. */
  readonly drives: readonly VirtualDrive[];
}

/** Puts a copy of the frame into the node's own send queue. @returns false when that is full */
export type CanTransmit = (frame: CanFrame, nowUs: number) => boolean;

/** What sits on a CAN bus: a drive, or the adapter that leads to the host. */
export interface CanNode {
  /** Bit rate of its controller; 0 without power and while booting: it then neither hears nor acknowledges. */
  readonly canBitRate: number;
  /** It hears, and neither acknowledges nor sends. */
  readonly listenOnly?: boolean;
  /** Its place on the bus, once. From then on it may transmit any number of frames at any time. */
  attach(transmit: CanTransmit): void;
  /** A frame of another node, at this node's bit rate, has passed at `nowUs`; valid only during the call. */
  onCanFrame(frame: CanFrame, nowUs: number): void;
}

/** One joint of the body as a drive meets it: true motion, motor torque at the joint before friction. */
export interface JointPort {
  positionRad(): number;
  velocityRadPerSec(): number;
  applyTorqueNm(torqueNm: number): void;
}
