import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cobsDecode,
  cobsEncode,
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
  HUB_HEARTBEAT_BYTES,
  HUB_STATE,
  HubFrameReader,
  HubFrameWriter,
  hubStateBytes,
} from '../../../protocols/wire/sensor-hub.ts';

interface SeenFrame {
  type: number;
  sequence: number;
  timeUs: number;
  payload: number[];
}

function collect() {
  const seen: SeenFrame[] = [];
  let discarded = 0;
  const reader = new HubFrameReader({
    onHubFrame: (type, sequence, timeUs, payload) => seen.push({ type, sequence, timeUs, payload: [...payload] }),
    onDiscarded: (count) => (discarded += count),
  });
  return { reader, seen, discarded: () => discarded };
}

const frameOf = (writer: HubFrameWriter, type: number, timeUs: number, payload: Uint8Array): Uint8Array => {
  const out = new Uint8Array(HUB_FRAME_MAX_BYTES);
  return out.slice(0, writer.write(type, timeUs, payload, out));
};

describe('COBS', () => {
  // Cheshire & Baker 1999 and the examples of the Wikipedia article on COBS
  test.each([
    [[0x00], [1, 1, 0]],
    [[0x00, 0x00], [1, 1, 1, 0]],
    [[0x11, 0x22, 0x00, 0x33], [3, 0x11, 0x22, 2, 0x33, 0]],
    [[0x11, 0x00, 0x00, 0x00], [2, 0x11, 1, 1, 1, 0]],
  ])('%j becomes %j', (plain, stuffed) => {
    const out = new Uint8Array(8);
    expect([...out.subarray(0, cobsEncode(Uint8Array.from(plain), plain.length, out, 0))]).toEqual(stuffed);
  });

  test.each([253, 254, 255, 256, 508, 509])('%i bytes without a zero come back', (length) => {
    const plain = new Uint8Array(length).fill(7);
    const out = new Uint8Array(length + 8);
    const end = cobsEncode(plain, length, out, 0);
    const back = new Uint8Array(length + 8);
    expect(cobsDecode(out.subarray(0, end - 1), back)).toBe(length);
    expect(back.subarray(0, length)).toEqual(plain);
  });

  test('anything comes back, and the stuffed bytes hold no zero', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (plain) => {
        const out = new Uint8Array(plain.length + 8);
        const stuffed = out.subarray(0, cobsEncode(plain, plain.length, out, 0) - 1);
        expect(stuffed.includes(0)).toBe(false);
        const back = new Uint8Array(plain.length + 8);
        expect(cobsDecode(stuffed, back)).toBe(plain.length);
        expect(back.subarray(0, plain.length)).toEqual(plain);
      }),
    );
  });
});

const messages = fc.array(fc.record({ type: fc.integer({ min: 1, max: 255 }), timeUs: fc.nat(), payload: fc.uint8Array({ maxLength: 245 }) }), { maxLength: 8 });

describe('the frame reader', () => {
  test('frames in any chunking arrive whole, in order and numbered', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (list, sizes) => {
        const writer = new HubFrameWriter();
        const { reader, seen, discarded } = collect();
        const bytes = Uint8Array.from(list.flatMap(({ type, timeUs, payload }) => [...frameOf(writer, type, timeUs, payload)]));
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length]!;
          reader.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(seen).toEqual(list.map((message, i) => ({ ...message, sequence: i, payload: [...message.payload] })));
        expect(discarded()).toBe(0);
      }),
    );
  });

  test('after garbage, at most one valid frame is lost', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 40 }), (garbage, payload) => {
        const writer = new HubFrameWriter();
        const { reader, seen } = collect();
        reader.push(garbage);
        reader.push(frameOf(writer, HUB_STATE, 1, new Uint8Array(4)));
        reader.push(frameOf(writer, HUB_STATE, 2, payload));
        expect(seen.at(-1)).toEqual({ type: HUB_STATE, sequence: 1, timeUs: 2, payload: [...payload] });
      }),
    );
  });

  /** All that is no delimiter, and the delimiters that end it. */
  const framedBytes = (bytes: Uint8Array): number => bytes.filter((byte, i) => byte !== 0 || (i > 0 && bytes[i - 1] !== 0)).length;

  test('what noise leaves between frames takes none of them along', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 }), (noises) => {
        const writer = new HubFrameWriter();
        const { reader, seen, discarded } = collect();
        for (const noise of noises) {
          reader.push(noise);
          reader.push(frameOf(writer, HUB_STATE, 5, Uint8Array.of(1, 2, 3)));
        }
        expect(seen).toHaveLength(noises.length);
        expect(discarded()).toBe(noises.reduce((sum, noise) => sum + framedBytes(Uint8Array.of(...noise, 0)), 0));
      }),
    );
  });

  test('one flipped bit anywhere is caught and counted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), fc.nat(7), (payload, where, bit) => {
        const frame = frameOf(new HubFrameWriter(), HUB_STATE, 5, payload);
        const at = where % (frame.length - 1);
        frame[at] = frame[at]! ^ (1 << bit);
        const { reader, seen, discarded } = collect();
        reader.push(frame);
        expect(seen).toEqual([]);
        expect(discarded()).toBe(framedBytes(frame));
      }),
    );
  });

  test('an endless run without a delimiter is counted and forgotten', () => {
    const { reader, seen, discarded } = collect();
    for (let i = 0; i < 100; i++) reader.push(new Uint8Array(10_000).fill(9));
    reader.push(Uint8Array.of(0));
    reader.push(frameOf(new HubFrameWriter(), 3, 0, new Uint8Array(0)));
    expect(seen).toHaveLength(1);
    expect(discarded()).toBe(1_000_001);
  });

  test('time and sequence wrap at the width of their fields', () => {
    const writer = new HubFrameWriter();
    const { reader, seen } = collect();
    for (let i = 0; i < 65_537; i++) reader.push(frameOf(writer, HUB_STATE, 0x1_0000_0003, new Uint8Array(0)));
    expect(seen.at(-2)).toMatchObject({ sequence: 65_535, timeUs: 3 });
    expect(seen.at(-1)).toMatchObject({ sequence: 0 });
  });
});

describe('payloads', () => {
  test('a state survives within the resolution of its fields', () => {
    const states = fc.record({
      joints: fc.array(
        fc.record({
          positionRad: fc.double({ min: -7, max: 7, noNaN: true }),
          torqueNm: fc.double({ min: -300, max: 300, noNaN: true }),
          quality: fc.nat(255),
        }),
        { minLength: 4, maxLength: 4 },
      ),
      footLoadsN: fc.array(fc.double({ min: 0, max: 6000, noNaN: true }), { minLength: 4, maxLength: 4 }),
      estopClosed: fc.boolean(),
      patientButtonPressed: fc.boolean(),
      enableRelayClosed: fc.boolean(),
      brakeEngaged: fc.boolean(),
      challenge: fc.nat(0xffff_ffff),
    });
    fc.assert(
      fc.property(states, (state) => {
        const payload = new Uint8Array(hubStateBytes(4, 4));
        encodeHubState(state, payload);
        const back = emptyHubState(4, 4);
        expect(decodeHubState(payload, back)).toBe(true);
        back.joints.forEach((joint, i) => {
          expect(Math.abs(joint.positionRad - state.joints[i]!.positionRad)).toBeLessThanOrEqual(0.51e-6);
          expect(Math.abs(joint.torqueNm - state.joints[i]!.torqueNm)).toBeLessThanOrEqual(0.0051);
          expect(joint.quality).toBe(state.joints[i]!.quality);
        });
        back.footLoadsN.forEach((load, i) => expect(Math.abs(load - state.footLoadsN[i]!)).toBeLessThanOrEqual(0.051));
        const { joints: _, footLoadsN: __, ...inputs } = back;
        expect(state).toMatchObject(inputs);
      }),
    );
  });

  test('a state of 4 joints and 4 foot loads costs 53 bytes on the wire', () => {
    expect(frameOf(new HubFrameWriter(), HUB_STATE, 0, new Uint8Array(hubStateBytes(4, 4)).fill(1))).toHaveLength(53);
  });

  test('values beyond a field are saturated, and NaN becomes 0', () => {
    const state = emptyHubState(2, 0);
    Object.assign(state.joints[0]!, { positionRad: 1e9, torqueNm: -1e9, quality: 999 });
    Object.assign(state.joints[1]!, { positionRad: Number.NaN, torqueNm: Infinity });
    const payload = new Uint8Array(hubStateBytes(2, 0));
    encodeHubState(state, payload);
    const back = emptyHubState(2, 0);
    decodeHubState(payload, back);
    expect(back.joints).toEqual([
      { positionRad: 2147.483647, torqueNm: -327.68, quality: 255 },
      { positionRad: 0, torqueNm: 327.67, quality: 0 },
    ]);
  });

  test('a state of another hub is refused and changes nothing', () => {
    const back = emptyHubState(4, 4);
    expect(decodeHubState(new Uint8Array(hubStateBytes(4, 2)).fill(1), back)).toBe(false);
    expect(back).toEqual(emptyHubState(4, 4));
  });

  test('heartbeat, identity and request come back', () => {
    const heartbeat = new Uint8Array(HUB_HEARTBEAT_BYTES);
    encodeHubHeartbeat(0xfedc_ba98, heartbeat);
    expect(decodeHubHeartbeat(heartbeat)).toBe(0xfedc_ba98);
    expect(decodeHubHeartbeat(new Uint8Array(3))).toBe(-1);
    const identity = { firmwareVersion: 0x0102, calibrationHash: 0xdead_beef, joints: 4, footLoads: 4 };
    expect(decodeHubIdentity(encodeHubIdentity(identity))).toEqual(identity);
    expect(decodeHubIdentity(new Uint8Array(0))).toBeNull();
    const request = { holdRelayOpen: true, engageBrake: false };
    expect(decodeHubRequest(encodeHubRequest(request))).toEqual(request);
    expect(decodeHubRequest(new Uint8Array(2))).toBeNull();
  });
});
