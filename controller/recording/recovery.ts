/** Makes a whole file of a cut or damaged one: everything up to the last whole chunk, sealed, in one rename. */
import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MessageIndex } from '@mcap/core';
import { AppendFile, syncFolder } from './append-file.ts';
import { McapContainer, type PackedChunk } from './mcap-container.ts';
import { forEachMessage, type OpenChunk } from './mcap-records.ts';
import { readSession, type SessionReading } from './read-session.ts';
import { RECOVERY_METADATA, sessionChannels, sessionMetadata, sessionSchemas } from './session-channels.ts';
import type { SealedSession } from './session-file.ts';

export interface RecoveredSession extends SealedSession {
  readonly corruptChunks: number;
  /** Bytes of the old file that were left behind, without its damaged chunks. */
  readonly lostBytes: number;
}

/**
 * The new file says that it was recovered and what is missing.
 * @throws DariError `logUnreadable` when nothing can be saved; `diskFull`; the old file is then untouched
 */
export async function recoverSession(path: string): Promise<RecoveredSession> {
  const reading = await readSession(path);
  const temporary = `${path}.recovering`;
  rmSync(temporary, { force: true });
  const file = new AppendFile(temporary);
  try {
    const cycles = await copyChunks(reading, file);
    const { corruptChunks, lostBytes } = reading.condition;
    const sha256 = file.finish();
    renameSync(temporary, path);
    syncFolder(dirname(path));
    return { sha256, bytes: file.bytes, cycles, corruptChunks, lostBytes };
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

async function copyChunks(reading: SessionReading, file: AppendFile): Promise<number> {
  const container = new McapContainer(file, { schemas: sessionSchemas(), channels: sessionChannels(reading.header.profile) });
  container.addMetadata(sessionMetadata(reading.header));
  let cycles = 0;
  for await (const batch of reading.batches()) {
    container.addChunk(repack(batch.chunk));
    cycles += batch.rowCount;
  }
  const { corruptChunks, lostBytes } = reading.condition;
  container.addMetadata({ name: RECOVERY_METADATA, metadata: new Map([['corruptChunks', String(corruptChunks)], ['lostBytes', String(lostBytes)]]) });
  container.finish();
  return cycles;
}

/** The compressed bytes stay as they are; what no checksum covers is made anew from the messages. */
function repack(chunk: OpenChunk): PackedChunk {
  const indexes = new Map<number, MessageIndex>();
  let startNs: bigint | undefined;
  let endNs = 0n;
  forEachMessage(chunk.plain, (channelId, _data, offset, logNs) => {
    const atNs = logNs();
    if (startNs === undefined || atNs < startNs) startNs = atNs;
    if (atNs > endNs) endNs = atNs;
    const index = indexes.get(channelId) ?? { channelId, records: [] };
    index.records.push([atNs, BigInt(offset)]);
    indexes.set(channelId, index);
  });
  return {
    startNs: startNs ?? 0n,
    endNs,
    uncompressedSize: chunk.plain.byteLength,
    uncompressedCrc: chunk.uncompressedCrc,
    records: chunk.packed,
    indexes: [...indexes.values()],
  };
}
