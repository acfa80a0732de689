/**
 * The MCAP container of a session (https://mcap.dev/spec): header, schemas, channels and metadata stand before the first
 * chunk, so that whatever is left of a cut file still explains itself; each chunk is followed by its message indexes;
 * the summary at the end lets readers jump. Only grows; knows nothing of what the messages mean.
 */
import { crc32 } from 'node:zlib';
import { McapRecordBuilder, Opcode, type Channel, type ChunkIndex, type MessageIndex, type Metadata, type MetadataIndex, type Schema, type Statistics } from '@mcap/core';
import type { AppendFile } from './append-file.ts';

/** A compressed chunk with what its index says of it. */
export interface PackedChunk {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly uncompressedSize: number;
  readonly uncompressedCrc: number;
  readonly records: Uint8Array;
  readonly indexes: readonly MessageIndex[];
}

export const COMPRESSION = 'zstd';
const LIBRARY = 'dari';
const PROFILE = '';

export class McapContainer {
  readonly #records = new McapRecordBuilder();
  readonly #schemas: readonly Schema[];
  readonly #channels: readonly Channel[];
  readonly #chunks: ChunkIndex[] = [];
  readonly #metadata: MetadataIndex[] = [];
  readonly #statistics: Statistics;
  #dataCrc = 0;

  constructor(
    private readonly file: AppendFile,
    content: { schemas: readonly Schema[]; channels: readonly Channel[] },
  ) {
    this.#schemas = content.schemas;
    this.#channels = content.channels;
    this.#statistics = {
      messageCount: 0n,
      schemaCount: this.#schemas.length,
      channelCount: this.#channels.length,
      attachmentCount: 0,
      metadataCount: 0,
      chunkCount: 0,
      messageStartTime: 0n,
      messageEndTime: 0n,
      channelMessageCounts: new Map(),
    };
    this.#records.writeMagic();
    this.#records.writeHeader({ profile: PROFILE, library: LIBRARY });
    for (const schema of this.#schemas) this.#records.writeSchema(schema);
    for (const channel of this.#channels) this.#records.writeChannel(channel);
    this.#appendData();
  }

  get chunkCount(): number {
    return this.#statistics.chunkCount;
  }

  addMetadata(metadata: Metadata): void {
    const offset = BigInt(this.file.bytes);
    const length = this.#records.writeMetadata(metadata);
    this.#appendData();
    this.#metadata.push({ offset, length, name: metadata.name });
    this.#statistics.metadataCount++;
  }

  /** One append, so that a failed write leaves no half of it. */
  addChunk(chunk: PackedChunk): void {
    const chunkStartOffset = BigInt(this.file.bytes);
    const chunkLength = this.#records.writeChunk({
      messageStartTime: chunk.startNs,
      messageEndTime: chunk.endNs,
      uncompressedSize: BigInt(chunk.uncompressedSize),
      uncompressedCrc: chunk.uncompressedCrc,
      compression: COMPRESSION,
      records: chunk.records,
    });
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const index of chunk.indexes) {
      messageIndexOffsets.set(index.channelId, chunkStartOffset + chunkLength + messageIndexLength);
      messageIndexLength += this.#records.writeMessageIndex(index);
    }
    this.#appendData();
    this.#chunks.push({
      messageStartTime: chunk.startNs,
      messageEndTime: chunk.endNs,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression: COMPRESSION,
      compressedSize: BigInt(chunk.records.byteLength),
      uncompressedSize: BigInt(chunk.uncompressedSize),
    });
    this.#count(chunk);
  }

  #count(chunk: PackedChunk): void {
    const statistics = this.#statistics;
    if (statistics.chunkCount === 0 || chunk.startNs < statistics.messageStartTime) statistics.messageStartTime = chunk.startNs;
    if (chunk.endNs > statistics.messageEndTime) statistics.messageEndTime = chunk.endNs;
    statistics.chunkCount++;
    for (const index of chunk.indexes) {
      const count = BigInt(index.records.length);
      statistics.messageCount += count;
      statistics.channelMessageCounts.set(index.channelId, (statistics.channelMessageCounts.get(index.channelId) ?? 0n) + count);
    }
  }

  /** Summary and footer. Nothing may be added afterwards. */
  finish(): void {
    this.#records.writeDataEnd({ dataSectionCrc: this.#dataCrc });
    const summaryStart = BigInt(this.file.bytes + this.#records.length);
    const dataEnd = this.#records.length;
    const groups = [
      this.#group(Opcode.SCHEMA, () => this.#schemas.forEach((schema) => this.#records.writeSchema(schema))),
      this.#group(Opcode.CHANNEL, () => this.#channels.forEach((channel) => this.#records.writeChannel(channel))),
      this.#group(Opcode.STATISTICS, () => this.#records.writeStatistics(this.#statistics)),
      this.#group(Opcode.METADATA_INDEX, () => this.#metadata.forEach((index) => this.#records.writeMetadataIndex(index))),
      this.#group(Opcode.CHUNK_INDEX, () => this.#chunks.forEach((index) => this.#records.writeChunkIndex(index))),
    ];
    const summaryOffsetStart = BigInt(this.file.bytes + this.#records.length);
    for (const group of groups) if (group.groupLength > 0n) this.#records.writeSummaryOffset(group);
    // The summary's CRC covers it and the footer up to the CRC itself.
    const footer = { summaryStart, summaryOffsetStart, summaryCrc: 0 };
    const beforeFooter = this.#records.buffer;
    this.#records.writeFooter(footer);
    const FOOTER_CRC_BYTES = 4;
    const covered = this.#records.buffer.subarray(dataEnd, this.#records.length - FOOTER_CRC_BYTES);
    footer.summaryCrc = crc32(covered);
    this.#records.reset();
    this.#records.writeFooter(footer);
    this.#records.writeMagic();
    this.file.append(Buffer.concat([beforeFooter, this.#records.buffer]));
    this.#records.reset();
  }

  #group(groupOpcode: Opcode, write: () => void): { groupOpcode: Opcode; groupStart: bigint; groupLength: bigint } {
    const before = this.#records.length;
    write();
    return { groupOpcode, groupStart: BigInt(this.file.bytes + before), groupLength: BigInt(this.#records.length - before) };
  }

  #appendData(): void {
    const bytes = this.#records.buffer;
    this.#records.reset();
    this.file.append(bytes);
    this.#dataCrc = crc32(bytes, this.#dataCrc);
  }
}
