/**
 * Drives with frames of the VESC family: VESC and CubeMars V1/V2, which speak the same commands and are told apart by
 * what they answer, and CubeMars V3. Asked for version and measured values only.
 */
import { CUBEMARS_V3, CUBEMARS_VALUES_MASK, CubemarsV3Splitter } from '../../protocols/wire/cubemars.ts';
import { VESC_PAYLOAD_MAX_BYTES } from '../../protocols/wire/vesc-frame.ts';
import { bytesOfMask, emptyServoValues, getServoValues } from '../../protocols/wire/vesc-values.ts';
import { decodeVescFirmware, encodeServoCommand, VESC, VESC_VALUES_MASK, VescSplitter, type VescFirmware } from '../../protocols/wire/vesc.ts';
import { bytesOf, lone, PATIENCE_MS, type Conversation, type Found, type Inquiry, type Round } from './inquiry.ts';

/** What was asked before may look like the head of a long frame, whose rest the drive then waits for. */
const REST = new Uint8Array(VESC_PAYLOAD_MAX_BYTES + 8);
const afterRest = (question: Uint8Array): Uint8Array => Uint8Array.of(...REST, ...question);

function startVesc(): Conversation {
  const heard: { firmware: VescFirmware | null; values: Uint8Array | null } = { firmware: null, values: null };
  const splitter = new VescSplitter({
    onFrame: (payload) => {
      if (payload[0] === VESC.firmware) heard.firmware = decodeVescFirmware(payload);
      else if (payload[0] === VESC.getValues && payload.length >= 1 + bytesOfMask(CUBEMARS_VALUES_MASK)) heard.values = payload.slice();
    },
    onDiscarded: () => {},
  });
  function* talk(): Generator<Round, Found | null, void> {
    yield { bytes: afterRest(bytesOf((out, at) => encodeServoCommand(VESC.frames, VESC.getValues, out, at))), patienceMs: PATIENCE_MS, answered: () => heard.values !== null };
    const { values } = heard;
    if (values === null) return null;
    yield { bytes: bytesOf((out, at) => encodeServoCommand(VESC.frames, VESC.firmware, out, at)), patienceMs: PATIENCE_MS, answered: () => heard.firmware !== null };
    return describeVesc(values, heard.firmware);
  }
  return { listen: (chunk) => splitter.push(chunk), talk: talk() };
}

/** A VESC tells its hardware, and one field more; an AK drive of the first generations neither. */
function describeVesc(payload: Uint8Array, firmware: VescFirmware | null): Found {
  const isVesc = firmware !== null || payload.length >= 1 + bytesOfMask(VESC_VALUES_MASK);
  const protocol = isVesc ? 'vesc' : 'cubemars-v1';
  const values = emptyServoValues();
  getServoValues(payload, 1, isVesc ? VESC_VALUES_MASK : CUBEMARS_VALUES_MASK, values);
  const model = firmware?.hardware ?? (isVesc ? 'VESC' : 'CubeMars AK V1/V2');
  const version = firmware === null ? '' : `${firmware.major}.${String(firmware.minor).padStart(2, '0')}`;
  return lone(protocol, [{ protocol, address: values.controllerId, model, firmware: version, serialNumber: firmware?.uuid ?? '' }]);
}

export const vescInquiry: Inquiry = { protocols: ['vesc', 'cubemars-v1'], bauds: [115_200, 921_600], start: startVesc };

/** Up to the controller's id both readings of the manual have a status alike. */
const V3_STATUS_LEAST_BYTES = 1 + bytesOfMask(CUBEMARS_VALUES_MASK);

function startCubemarsV3(): Conversation {
  const heard: { status: Uint8Array | null } = { status: null };
  const splitter = new CubemarsV3Splitter({
    onFrame: (payload) => {
      if (payload[0] === CUBEMARS_V3.getValues && payload.length >= V3_STATUS_LEAST_BYTES) heard.status = payload.slice();
    },
    onDiscarded: () => {},
  });
  function* talk(): Generator<Round, Found | null, void> {
    yield { bytes: afterRest(bytesOf((out, at) => encodeServoCommand(CUBEMARS_V3.frames, CUBEMARS_V3.getValues, out, at))), patienceMs: PATIENCE_MS, answered: () => heard.status !== null };
    const { status } = heard;
    if (status === null) return null;
    const values = emptyServoValues();
    getServoValues(status, 1, CUBEMARS_VALUES_MASK, values);
    return lone('cubemars-v3', [{ protocol: 'cubemars-v3', address: values.controllerId, model: 'CubeMars AK V3', firmware: '', serialNumber: '' }]);
  }
  return { listen: (chunk) => splitter.push(chunk), talk: talk() };
}

export const cubemarsV3Inquiry: Inquiry = { protocols: ['cubemars-v3'], bauds: [921_600], start: startCubemarsV3 };
