/**
 * The Protobuf message of one cycle, generated from the field table of `protocols/session-log.ts`. Every field is a
 * double (per joint, link and sensed joint: packed repeated double, in the profile's order), so every message of a session has
 * the same length and the same bytes between the values: encoding is one pass over a template, without garbage.
 */
import protobuf from 'protobufjs/light.js';
import descriptor from 'protobufjs/ext/descriptor.js';
import { cycleFields, fieldPlace, type CycleLayout } from '../../protocols/session-log.ts';

export const CYCLE_MESSAGE = 'dari.Cycle';
const PACKAGE = 'dari';
const MESSAGE = 'Cycle';
const WIRE_FIXED64 = 1;
const WIRE_BYTES = 2;
const DOUBLE_BYTES = 8;

export interface CycleCodec {
  readonly messageBytes: number;
  /** @returns the same buffer each time */
  encode(row: Float64Array, start: number): Uint8Array;
  /** @returns false when the bytes are not a message of this schema; the row is then untouched */
  decode(message: Uint8Array, row: Float64Array, start: number): boolean;
}

interface MessageField {
  readonly key: string;
  readonly number: number;
  readonly repeated: boolean;
}

/** FileDescriptorSet, from which any MCAP reader decodes the cycles. */
export function cycleDescriptor(): Uint8Array {
  const fields = Object.fromEntries(currentFields().map(({ key, number, repeated }) => [key, { type: 'double', id: number, ...(repeated ? { rule: 'repeated' } : {}) }]));
  const root = protobuf.Root.fromJSON({ nested: { [PACKAGE]: { nested: { [MESSAGE]: { edition: 'proto3', fields } } } } });
  root.resolveAll();
  return descriptor.FileDescriptorSet.encode(root.toDescriptor('proto3')).finish();
}

/** The codec of files written now. */
export const cycleCodec = (layout: CycleLayout): CycleCodec => createCodec(layout, currentFields());

/**
 * The codec of a file with the schema it carries: fields are matched by name, so a file from before a field existed
 * still reads (that column keeps what the row held).
 * @returns null when the schema holds no cycle message
 */
export function cycleCodecOf(schema: Uint8Array, layout: CycleLayout): CycleCodec | null {
  try {
    const root = protobuf.Root.fromDescriptor(schema);
    const fields = root.lookupType(CYCLE_MESSAGE).fieldsArray.map((field) => ({ key: field.name, number: field.id, repeated: field.repeated }));
    return createCodec(layout, fields);
  } catch {
    return null;
  }
}

const currentFields = (): MessageField[] =>
  cycleFields.map((field, index) => ({ key: field.key, number: index + 1, repeated: field.group !== 'cycle' }));

/** Bytes between the values, and where in the row each value belongs (−1: nowhere). */
interface Template {
  readonly bytes: Uint8Array;
  readonly valueAt: Int32Array;
  readonly rowIndex: Int32Array;
}

function createCodec(layout: CycleLayout, fields: readonly MessageField[]): CycleCodec {
  const template = makeTemplate(layout, fields);
  const { valueAt, rowIndex } = template;
  const count = valueAt.length;
  const buffer = template.bytes.slice();
  const out = new DataView(buffer.buffer);
  const fixedAt = positionsBetween(template);
  const encode = (row: Float64Array, start: number): Uint8Array => {
    for (let i = 0; i < count; i++) writeDouble(out, valueAt[i] ?? 0, row[start + (rowIndex[i] ?? 0)] ?? Number.NaN);
    return buffer;
  };
  const decode = (message: Uint8Array, row: Float64Array, start: number): boolean => {
    if (message.length !== buffer.length) return false;
    for (const at of fixedAt) if (message[at] !== template.bytes[at]) return false;
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    for (let i = 0; i < count; i++) {
      const index = rowIndex[i] ?? -1;
      if (index >= 0) row[start + index] = view.getFloat64(valueAt[i] ?? 0, true);
    }
    return true;
  };
  return { messageBytes: buffer.length, encode, decode };
}

/** NaN has many bit patterns and engines differ in which one they hand out; the file always holds the same. */
function writeDouble(out: DataView, at: number, value: number): void {
  if (value === value) {
    out.setFloat64(at, value, true);
    return;
  }
  out.setUint32(at, 0, true);
  out.setUint32(at + 4, 0x7ff80000, true);
}

function makeTemplate(layout: CycleLayout, fields: readonly MessageField[]): Template {
  const bytes: number[] = [];
  const valueAt: number[] = [];
  const rowIndex: number[] = [];
  for (const field of fields) {
    const place = fieldPlace(layout, field.key);
    const width = field.repeated ? (place?.count ?? 0) : 1;
    pushVarint(bytes, (field.number << 3) | (field.repeated ? WIRE_BYTES : WIRE_FIXED64));
    if (field.repeated) pushVarint(bytes, width * DOUBLE_BYTES);
    for (let i = 0; i < width; i++) {
      valueAt.push(bytes.length);
      rowIndex.push(place === null ? -1 : place.start + i * place.stride);
      for (let k = 0; k < DOUBLE_BYTES; k++) bytes.push(0);
    }
  }
  return { bytes: Uint8Array.from(bytes), valueAt: Int32Array.from(valueAt), rowIndex: Int32Array.from(rowIndex) };
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}

function positionsBetween(template: Template): number[] {
  const isValue = new Uint8Array(template.bytes.length);
  for (const at of template.valueAt) isValue.fill(1, at, at + DOUBLE_BYTES);
  return [...isValue.keys()].filter((at) => isValue[at] === 0);
}
