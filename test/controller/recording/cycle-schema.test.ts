import descriptor from 'protobufjs/ext/descriptor.js';
import protobuf from 'protobufjs/light.js';
import { expect, test } from 'vitest';
import { cycleCodec, cycleCodecOf, cycleDescriptor } from '../../../controller/recording/cycle-schema.ts';
import { cycleFields } from '../../../protocols/session-log.ts';
import { firstDifference, layout, makeRows } from './fixtures.ts';

const row = makeRows(1);
const message = cycleCodec(layout).encode(row, 0).slice();

/** A schema as an earlier version might have written it. */
function descriptorOf(fields: readonly { key: string; repeated: boolean }[]): Uint8Array {
  const entries = fields.map(({ key, repeated }, i) => [key, { type: 'double', id: i + 1, ...(repeated ? { rule: 'repeated' } : {}) }]);
  const root = protobuf.Root.fromJSON({ nested: { dari: { nested: { Cycle: { edition: 'proto3', fields: Object.fromEntries(entries) as Record<string, protobuf.IField> } } } } });
  root.resolveAll();
  return descriptor.FileDescriptorSet.encode(root.toDescriptor('proto3')).finish();
}

const named = cycleFields.map((field) => ({ key: field.key, repeated: field.group !== 'cycle' }));

test('the codec from the schema in the file reads what the codec of this version writes', () => {
  const back = new Float64Array(layout.width);
  expect(cycleCodecOf(cycleDescriptor(), layout)?.decode(message, back, 0)).toBe(true);
  expect(firstDifference(back, row)).toBe(-1);
});

test('a file from before a field existed still reads, and leaves that column alone', () => {
  const old = cycleCodecOf(descriptorOf(named.filter(({ key }) => key !== 'blend')), layout);
  expect(old).not.toBeNull();
  const oldRow = makeRows(1);
  const back = new Float64Array(layout.width).fill(7);
  expect(old?.decode(old.encode(oldRow, 0), back, 0)).toBe(true);
  const blend = layout.cycle.findIndex((field) => field.key === 'blend');
  expect(back[blend]).toBe(7);
  oldRow[blend] = 7;
  expect(firstDifference(back, oldRow)).toBe(-1);
});

test('a message of another shape is refused and changes nothing', () => {
  const codec = cycleCodec(layout);
  const back = new Float64Array(layout.width).fill(7);
  const wrongTag = message.slice();
  wrongTag[0] = 0x7f;
  expect(codec.decode(message.subarray(1), back, 0)).toBe(false);
  expect(codec.decode(wrongTag, back, 0)).toBe(false);
  expect(back.every((value) => value === 7)).toBe(true);
});

test('bytes that are no schema give no codec', () => {
  expect(cycleCodecOf(Uint8Array.of(1, 2, 3), layout)).toBeNull();
});
