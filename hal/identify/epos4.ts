/** maxon EPOS4 on RS232 or USB: asked for its identity object, one question after the other. */
import { OD, type CanopenObject } from '../../protocols/wire/cia402.ts';
import { decodeEpos4Response, emptyEpos4Response, encodeEpos4Read, Epos4Splitter, Epos4Writer, epos4ValueOf } from '../../protocols/wire/epos4.ts';
import { bytesOf, hex, lone, PATIENCE_MS, type AddressHints, type Conversation, type Found, type FoundDrive, type Inquiry, type Round } from './inquiry.ts';

/** A controller as delivered. */
const USUAL_NODE = 1;
/** Node numbers of switches; asked only where the usual one is refused, for then an EPOS4 is there under another. */
const NODES_MOST = 16;

function start(hints: AddressHints): Conversation {
  const response = emptyEpos4Response();
  const heard = { answers: 0 };
  const splitter = new Epos4Splitter({
    onFrame: (frame) => {
      if (decodeEpos4Response(frame, response)) heard.answers++;
    },
    onDiscarded: () => {},
  });
  const writer = new Epos4Writer();
  const usual = [...new Set([USUAL_NODE, ...(hints.get('epos4') ?? [])])];
  const rest = Array.from({ length: NODES_MOST }, (_, i) => i + 1).filter((node) => !usual.includes(node));
  function* read(node: number, object: CanopenObject): Generator<Round, number | null, void> {
    const before = heard.answers;
    yield { bytes: bytesOf((out, at) => encodeEpos4Read(writer, node, object, out, at)), patienceMs: PATIENCE_MS, answered: () => heard.answers > before };
    return heard.answers > before && response.error === 0 && response.hasValue ? epos4ValueOf(object, response.raw) : null;
  }
  function* talk(): Generator<Round, Found | null, void> {
    const drives: FoundDrive[] = [];
    for (const address of [...usual, ...rest]) {
      const silentOrFound = heard.answers === 0 || drives.length > 0;
      if (rest.includes(address) && silentOrFound) break;
      const vendorId = yield* read(address, OD.vendorId);
      if (vendorId === null) continue;
      const productCode = (yield* read(address, OD.productCode)) ?? 0;
      const revision = (yield* read(address, OD.revision)) ?? 0;
      const serialNumber = (yield* read(address, OD.serialNumber)) ?? 0;
      drives.push({ protocol: 'epos4', address, model: `EPOS4 ${hex(productCode, 8)}`, firmware: `revision ${hex(revision, 8)}`, serialNumber: hex(serialNumber, 8), vendorId, productCode });
    }
    return drives.length === 0 ? null : lone('epos4', drives);
  }
  return { listen: (chunk) => splitter.push(chunk), talk: talk() };
}

export const epos4Inquiry: Inquiry = { protocols: ['epos4'], bauds: [115_200], start };
