import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePipeFrame, PIPE_MAX_PAYLOAD_BYTES, PipeReader } from '../../protocols/pipe.ts';

test('frames in any chunking come whole and in order', () => {
  const frames = fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 300 })), { maxLength: 10 });
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 100 }), (list, size) => {
      const seen: [number, number[]][] = [];
      const reader = new PipeReader((kind, payload) => seen.push([kind, [...payload]]));
      const bytes = Uint8Array.from(list.flatMap(([kind, payload]) => [...encodePipeFrame(kind, payload)]));
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      expect(seen).toEqual(list.map(([kind, payload]) => [kind, [...payload]]));
    }),
  );
});

test('an impossible length ends the pipe', () => {
  const header = new Uint8Array(5);
  new DataView(header.buffer).setUint32(0, PIPE_MAX_PAYLOAD_BYTES + 1, true);
  expect(() => new PipeReader(() => {}).push(header)).toThrow(expect.objectContaining({ code: 'pipeProtocol' }));
});
