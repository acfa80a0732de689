/** The sensor hub's frames. */
import type { Random } from '../../../protocols/random.ts';
import {
  decodeBodyWeightSupport,
  decodeEmgBlock,
  decodeHeartRate,
  decodeLift,
  decodeLiftSetPoint,
  decodeSupportSetPoint,
  decodeTreadmill,
  decodeTreadmillSetPoint,
  EMG_BLOCK_SAMPLES,
  emptyBodyWeightSupport,
  emptyEmgBlock,
  emptyHeartRate,
  emptyLift,
  emptyTreadmill,
  encodeBodyWeightSupport,
  encodeEmgBlock,
  encodeHeartRate,
  encodeLift,
  encodeLiftSetPoint,
  encodeSupportSetPoint,
  encodeTreadmill,
  encodeTreadmillSetPoint,
  HUB_EMG,
  HUB_HEART_RATE,
  HUB_LIFT,
  HUB_LIFT_SETPOINT,
  HUB_SETPOINT_BYTES,
  HUB_SUPPORT,
  HUB_SUPPORT_SETPOINT,
  HUB_TREADMILL,
  HUB_TREADMILL_SETPOINT,
} from '../../../protocols/wire/hub-inputs.ts';
import {
  decodeHubHeartbeat,
  decodeHubIdentity,
  decodeHubRequest,
  decodeHubState,
  emptyHubState,
  encodeHubHeartbeat,
  encodeHubIdentity,
  encodeHubRequest,
  encodeHubState,
  HUB_FRAME_MAX_BYTES,
  HUB_HEARTBEAT,
  HUB_HEARTBEAT_BYTES,
  HUB_IDENTITY,
  HUB_REQUEST,
  HUB_STATE,
  HubFrameReader,
  HubFrameWriter,
  hubStateBytes,
} from '../../../protocols/wire/sensor-hub.ts';
import { anyBytes, anyNumber } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

const JOINTS = 4;
const LOADS = 4;
const STATE_BYTES = hubStateBytes(JOINTS, LOADS);
/** Type, sequence, time and CRC; one byte of stuffing and the delimiter. */
const FRAME_OVERHEAD_BYTES = 7 + 2 + 2;
const MOST_PAYLOAD_BYTES = 240;
/** A frame of more than 254 bytes may be stuffed with a second byte. */
const STUFFING_SPARE_BYTES = 3;

function randomPayload(random: Random): { type: number; payload: Uint8Array } {
  const type = 1 + random.int(HUB_LIFT_SETPOINT + 1);
  const payload = anyBytes(random, random.int(2) === 0 ? STATE_BYTES : random.int(MOST_PAYLOAD_BYTES));
  if (random.int(3) === 0) return { type, payload };
  const state = emptyHubState(JOINTS, LOADS);
  state.joints.forEach((joint) => Object.assign(joint, { positionRad: 8 * (random.next() - 0.5), torqueNm: 500 * (random.next() - 0.5), quality: random.int(256) }));
  state.challenge = random.int(2 ** 32);
  const bytes = new Uint8Array(STATE_BYTES);
  if (type === HUB_STATE) encodeHubState(state, bytes);
  else if (type === HUB_HEARTBEAT) {
    const heartbeat = bytes.subarray(0, HUB_HEARTBEAT_BYTES);
    encodeHubHeartbeat(state.challenge, heartbeat);
    return { type, payload: heartbeat };
  } else if (type === HUB_IDENTITY) return { type, payload: encodeHubIdentity({ firmwareVersion: random.int(65_536), calibrationHash: random.int(2 ** 32), joints: JOINTS, footLoads: LOADS }) };
  else if (type === HUB_REQUEST) return { type, payload: encodeHubRequest({ holdRelayOpen: random.int(2) === 0, engageBrake: random.int(2) === 0 }) };
  return optionalInput(random, type) ?? { type, payload: bytes };
}

const EMG_CHANNELS = 2;

function optionalInput(random: Random, type: number): { type: number; payload: Uint8Array } | null {
  if (type === HUB_EMG) {
    const block = { ...emptyEmgBlock(), channels: EMG_CHANNELS, rateHz: random.int(5_000), samplesPerChannel: 1 + random.int(EMG_BLOCK_SAMPLES / EMG_CHANNELS) };
    for (let i = 0; i < EMG_BLOCK_SAMPLES; i++) block.samplesUv[i] = anyNumber(random, 40_000);
    return { type, payload: encodeEmgBlock(block) };
  }
  if (type === HUB_HEART_RATE) return { type, payload: encodeHeartRate({ perMin: anyNumber(random, 200), beatIntervalMs: random.int(3_000), skinContact: random.int(2) === 0 }) };
  if (type === HUB_TREADMILL) return { type, payload: encodeTreadmill({ ...emptyTreadmill(), leftMps: anyNumber(random, 3), rightMps: anyNumber(random, 3), inclineDeg: anyNumber(random, 20), ready: true }) };
  if (type === HUB_SUPPORT) return { type, payload: encodeBodyWeightSupport({ ...emptyBodyWeightSupport(), unloadingN: anyNumber(random, 600), heightM: anyNumber(random, 2) }) };
  if (type === HUB_LIFT) return { type, payload: encodeLift({ heightM: anyNumber(random, 2), moving: random.int(2) === 0, fault: random.int(2) === 0 }) };
  const setPoint = new Uint8Array(HUB_SETPOINT_BYTES);
  if (type === HUB_TREADMILL_SETPOINT) encodeTreadmillSetPoint(anyNumber(random, 3), random.int(2) === 0, setPoint);
  else if (type === HUB_SUPPORT_SETPOINT) encodeSupportSetPoint(anyNumber(random, 600), random.int(2) === 0, setPoint);
  else if (type === HUB_LIFT_SETPOINT) encodeLiftSetPoint(anyNumber(random, 2), random.int(2) === 0, setPoint);
  else return null;
  return { type, payload: setPoint };
}

/** Every payload to every decoder. */
function inputChecker(oracle: Oracle): (payload: Uint8Array) => void {
  const [emg, heartRate, treadmill, support] = [emptyEmgBlock(), emptyHeartRate(), emptyTreadmill(), emptyBodyWeightSupport()];
  const [belt, winch, column] = [{ speedMps: 0, enable: false }, { unloadingN: 0, lock: false }, { heightM: 0, enable: false }];
  const lift = emptyLift();
  return (payload) => {
    if (decodeTreadmillSetPoint(payload, belt)) oracle.value('belt set-point', belt.speedMps, 0, 65.535);
    if (decodeSupportSetPoint(payload, winch)) oracle.value('unloading set-point', winch.unloadingN, 0, 6_553.5);
    if (decodeLiftSetPoint(payload, column)) oracle.value('lift set-point', column.heightM, 0, 6.5535);
    if (decodeLift(payload, lift)) oracle.value('lift height', lift.heightM, 0, 6.5535);
    if (decodeEmgBlock(payload, emg, EMG_CHANNELS)) {
      oracle.value('EMG samples', emg.channels * emg.samplesPerChannel, 1, EMG_BLOCK_SAMPLES);
      for (const sampleUv of emg.samplesUv) oracle.value('EMG sample', sampleUv, -0x8000, 0x7fff);
    }
    if (decodeHeartRate(payload, heartRate)) oracle.value('heart rate', heartRate.perMin, heartRate.skinContact ? 20 : 0, heartRate.skinContact ? 250 : 6_553.5);
    if (decodeTreadmill(payload, treadmill)) {
      oracle.value('belt', treadmill.leftMps, -32.768, 32.767);
      oracle.value('belt', treadmill.rightMps, -32.768, 32.767);
      oracle.value('incline', treadmill.inclineDeg, -327.68, 327.67);
    }
    if (!decodeBodyWeightSupport(payload, support)) return;
    oracle.value('unloading', support.unloadingN, 0, 6_553.5);
    oracle.value('support height', support.heightM, -32.768, 32.767);
  };
}

function open(oracle: Oracle): FuzzSubject {
  const state = emptyHubState(JOINTS, LOADS);
  const checkInputs = inputChecker(oracle);
  const writer = new HubFrameWriter();
  const frame = new Uint8Array(HUB_FRAME_MAX_BYTES);
  const reader = new HubFrameReader({
    onHubFrame: (type, sequence, timeUs, payload) => {
      const least = payload.length + FRAME_OVERHEAD_BYTES;
      oracle.framed(least, least + STUFFING_SPARE_BYTES);
      oracle.value('hub type', type, 1, 0xff);
      oracle.value('hub sequence', sequence, 0, 0xffff);
      oracle.value('hub time', timeUs, 0, 0xffff_ffff);
      if (decodeHubState(payload, state)) {
        for (const { positionRad, torqueNm, quality } of state.joints) {
          oracle.value('hub angle', positionRad, -2_148, 2_148);
          oracle.value('hub torque', torqueNm, -327.68, 327.67);
          oracle.value('hub quality', quality, 0, 255);
        }
        for (const loadN of state.footLoadsN) oracle.value('hub load', loadN, 0, 6_553.5);
        oracle.value('hub challenge', state.challenge, 0, 0xffff_ffff);
      }
      checkInputs(payload);
      oracle.value('hub heartbeat', decodeHubHeartbeat(payload), -1, 0xffff_ffff);
      decodeHubRequest(payload);
      const identity = decodeHubIdentity(payload);
      if (identity !== null) oracle.value('hub calibration', identity.calibrationHash, 0, 0xffff_ffff);
    },
    onDiscarded: (bytes) => oracle.discarded(bytes),
  });
  return {
    encode: (random, out, at) => {
      const { type, payload } = randomPayload(random);
      const length = writer.write(type, random.int(2 ** 32), payload, frame);
      out.set(frame.subarray(0, length), at);
      return at + length;
    },
    push: (chunk) => reader.push(chunk),
    reset: () => reader.reset(),
  };
}

export const hubTargets: readonly FuzzTarget[] = [{ protocol: 'sensor-hub', side: 'codec', capacityBytes: HUB_FRAME_MAX_BYTES, account: 'loose', open }];
