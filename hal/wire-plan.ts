/**
 * What one control cycle takes of each serial wire, and the highest rate that the wire can carry: requests and replies
 * one after the other, ten bit times per byte. Turnaround of drives and adapters comes on top, so a plan that is nearly
 * full does not hold.
 */
import { DariError } from '../protocols/errors.ts';
import { hubChannelsOf, type LinkProfile, type RobotProfile } from '../protocols/profile.ts';
import { EMG_BLOCK_SAMPLES, HUB_SETPOINT_BYTES } from '../protocols/wire/hub-inputs.ts';
import { HUB_HEARTBEAT_BYTES, hubFrameBytes, hubStateBytes } from '../protocols/wire/sensor-hub.ts';
import type { WireCost } from './drives/drive.ts';
import { createLineProtocol } from './drives/lines.ts';
import { seatsOn } from './drives/seats.ts';

/** Start, eight of data, stop. */
export const BITS_PER_BYTE = 10;
/** Payloads of the hub's other frames: a full EMG block with its head, and the longest of the rest (treadmill). */
const EMG_BLOCK_MAX_BYTES = 4 + 2 * EMG_BLOCK_SAMPLES;
const OTHER_INPUT_MAX_BYTES = 7;
/** Our own figure: what set-up, diagnosis and turnaround need beside the cycles. */
export const COMFORTABLE_SHARE = 0.8;

export interface LinkPlan {
  readonly link: LinkProfile;
  readonly drives: number;
  readonly cost: WireCost;
  /** Share of the wire's time that the profile's rate takes; above 1 it does not fit. */
  readonly utilisation: number;
  readonly highestHz: number;
  /** How often per second that cost comes: the control rate, or the hub's own. */
  readonly rateHz: number;
}

export interface WirePlan {
  readonly links: readonly LinkPlan[];
  /** Of the control loop, on the busiest drive link; Infinity without one. */
  readonly highestHz: number;
  readonly fits: boolean;
}

/** Cycles per second that fit on a wire. */
export const highestRateHz = ({ requestBytes, replyBytes }: WireCost, baud: number): number => baud / (BITS_PER_BYTE * (requestBytes + replyBytes));

/** @throws DariError `profileInvalid` for a drive that does not sit on its link */
export function planWires(profile: RobotProfile): WirePlan {
  const links = profile.links.map((link) => (link.id === profile.hub.link ? planHub(profile, link) : planDrives(profile, link)));
  return {
    links,
    highestHz: Math.min(Infinity, ...links.filter(({ drives }) => drives > 0).map(({ highestHz }) => highestHz)),
    fits: links.every(({ utilisation }) => utilisation <= 1),
  };
}

/**
 * What a wire cannot carry would wait in the system's buffers and reach the drives late, as commands of long ago.
 * @throws DariError `profileInvalid`
 */
export function requireWiresThatFit(profile: RobotProfile): void {
  const full = planWires(profile).links.find(({ utilisation }) => utilisation > 1);
  if (full === undefined) return;
  const { link, rateHz, highestHz, drives } = full;
  const advice = drives === 0 ? "Lower the hub's rates" : 'Lower controlRateHz, or share the drives among more ports';
  throw new DariError('profileInvalid', `The link "${link.id}" at ${link.baud} baud carries at most ${Math.floor(highestHz)} cycles per second, the profile ${profile.id} has ${rateHz}. ${advice}, or raise the baud rate in the devices and in the profile.`);
}

function planDrives(profile: RobotProfile, link: LinkProfile): LinkPlan {
  const seats = seatsOn(profile, link.id).map(({ seat }) => seat);
  const counters = { framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 };
  const { cost } = createLineProtocol(link, seats, counters);
  return plan(link, seats.length, cost, profile.controlRateHz);
}

/** The hub streams by its own clock; the heartbeat that answers it and the set-points are shorter than what they answer. */
function planHub(profile: RobotProfile, link: LinkProfile): LinkPlan {
  const channels = hubChannelsOf(profile);
  const setPoints = Number(profile.treadmill !== undefined) + Number(profile.bodyWeightSupport !== undefined) + Number(profile.armLift !== undefined);
  const cost = { requestBytes: hubFrameBytes(HUB_HEARTBEAT_BYTES) + setPoints * hubFrameBytes(HUB_SETPOINT_BYTES), replyBytes: hubFrameBytes(hubStateBytes(channels, profile.hub.footLoads)) };
  return plan(link, 0, cost, profile.hub.rateHz, inputBytesPerSec(profile.hub.inputs));
}

function inputBytesPerSec(inputs: RobotProfile['hub']['inputs']): number {
  const emgSamplesPerSec = (inputs?.emg?.channels ?? 0) * (inputs?.emg?.rateHz ?? 0);
  const emg = (emgSamplesPerSec / EMG_BLOCK_SAMPLES) * hubFrameBytes(EMG_BLOCK_MAX_BYTES);
  const others = (inputs?.heartRate?.rateHz ?? 0) + (inputs?.grip?.rateHz ?? 0) + (inputs?.treadmill?.rateHz ?? 0) + (inputs?.bodyWeightSupport?.rateHz ?? 0) + (inputs?.armLift?.rateHz ?? 0);
  return emg + others * hubFrameBytes(OTHER_INPUT_MAX_BYTES);
}

/** @param otherBytesPerSec what shares the wire at a rate of its own */
function plan(link: LinkProfile, drives: number, cost: WireCost, rateHz: number, otherBytesPerSec = 0): LinkPlan {
  const otherShare = (otherBytesPerSec * BITS_PER_BYTE) / link.baud;
  const wholeHz = highestRateHz(cost, link.baud);
  return { link, drives, cost, utilisation: rateHz / wholeHz + otherShare, highestHz: wholeHz * Math.max(0, 1 - otherShare), rateHz };
}
