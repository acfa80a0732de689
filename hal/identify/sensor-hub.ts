/** A sensor hub speaks by itself, and tells who it is when asked. */
import { decodeHubIdentity, HUB_FRAME_MAX_BYTES, HUB_IDENTITY, HUB_STATE, HubFrameReader, HubFrameWriter, type HubIdentity } from '../../protocols/wire/sensor-hub.ts';
import { hex, PATIENCE_MS, type Conversation, type Found, type Inquiry, type Round } from './inquiry.ts';

function question(): Uint8Array {
  const out = new Uint8Array(HUB_FRAME_MAX_BYTES);
  return out.subarray(0, new HubFrameWriter().write(HUB_IDENTITY, 0, new Uint8Array(0), out));
}

function start(): Conversation {
  let speaks = false;
  let identity: HubIdentity | null = null;
  const reader = new HubFrameReader({
    onHubFrame: (type, _sequence, _timeUs, payload) => {
      if (type === HUB_IDENTITY) identity = decodeHubIdentity(payload) ?? identity;
      // The question itself, sent back by something else, is no sign of a hub.
      speaks ||= type === HUB_STATE || identity !== null;
    },
    onDiscarded: () => {},
  });
  function* talk(): Generator<Round, Found | null, void> {
    yield { bytes: new Uint8Array(0), patienceMs: PATIENCE_MS / 2, answered: () => speaks };
    yield { bytes: question(), patienceMs: PATIENCE_MS, answered: () => identity !== null };
    return speaks ? describe(identity) : null;
  }
  return { listen: (chunk) => reader.push(chunk), talk: talk() };
}

function describe(identity: HubIdentity | null): Found {
  const hub = { protocol: 'sensor-hub', model: 'sensor hub', firmware: '', serialNumber: '', drives: [] } as const;
  if (identity === null) return hub;
  return { ...hub, firmware: hex(identity.firmwareVersion, 4), hub: { joints: identity.joints, footLoads: identity.footLoads, calibration: hex(identity.calibrationHash, 8) } };
}

export const sensorHubInquiry: Inquiry = { protocols: ['sensor-hub'], bauds: [921_600], start };
