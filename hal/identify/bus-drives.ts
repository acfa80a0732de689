/** Drives that share an RS-485 pair: Dynamixel, which all answer one ping, and GO-M8010-6 motors, asked one by one. */
import { DXL_BROADCAST_ID, DxlPacket, DxlSplitter, DxlWriter, dxlInstructions, encodeDxlPing } from '../../protocols/wire/dynamixel.ts';
import { decodeUnitreeReply, emptyUnitreeCommand, emptyUnitreeReply, encodeUnitreeCommand, UNITREE_BROADCAST_ID, UNITREE_LOCK, UnitreeSplitter } from '../../protocols/wire/unitree.ts';
import { bytesOf, lone, PATIENCE_MS, type Conversation, type Found, type FoundDrive, type Inquiry, type Round } from './inquiry.ts';

/** Servos answer a ping to everybody one after the other, up to 3 ms for each number (DynamixelSDK, broadcastPing). */
const PING_ALL_MS = 800;
/** Error, model number (2), firmware version. */
const PING_STATUS_PARAMETERS = 4;

function startDynamixel(): Conversation {
  const drives = new Map<number, FoundDrive>();
  const packet = new DxlPacket();
  const splitter = new DxlSplitter({
    onFrame: (frame) => {
      packet.load(frame);
      if (packet.instruction !== dxlInstructions.status || packet.count !== PING_STATUS_PARAMETERS) return;
      const modelNumber = packet.u16(1);
      drives.set(packet.id, { protocol: 'dynamixel2', address: packet.id, model: `Dynamixel model ${modelNumber}`, firmware: String(packet.u8(3)), serialNumber: '', modelNumber });
    },
    onDiscarded: () => {},
  });
  function* talk(): Generator<Round, Found | null, void> {
    let heard = 0;
    const moreOfThem = (): boolean => drives.size > heard;
    const ping = bytesOf((out, at) => encodeDxlPing(new DxlWriter(), DXL_BROADCAST_ID, out, at));
    yield { bytes: ping, patienceMs: PATIENCE_MS, answered: () => false };
    // Where one has answered, others with higher numbers may follow.
    while (moreOfThem()) {
      heard = drives.size;
      yield { bytes: new Uint8Array(0), patienceMs: PING_ALL_MS, answered: moreOfThem };
    }
    return drives.size === 0 ? null : lone('dynamixel2', [...drives.values()].sort((a, b) => a.address - b.address));
  }
  return { listen: (chunk) => splitter.push(chunk), talk: talk() };
}

export const dynamixelInquiry: Inquiry = { protocols: ['dynamixel2'], bauds: [57_600, 1_000_000, 115_200, 2_000_000, 3_000_000, 4_000_000], start: startDynamixel };

/** One answers within a millisecond; the rest is the adapter's and this computer's. */
const UNITREE_PATIENCE_MS = 20;

/** A motor only answers commands; this one, "lock" without any torque, is what it is in after power-on. */
function startUnitree(): Conversation {
  const found = new Set<number>();
  const reply = emptyUnitreeReply();
  const splitter = new UnitreeSplitter(
    {
      onFrame: (frame) => {
        if (decodeUnitreeReply(frame, reply)) found.add(reply.id);
      },
      onDiscarded: () => {},
    },
    'reply',
  );
  function* talk(): Generator<Round, Found | null, void> {
    for (let id = 0; id < UNITREE_BROADCAST_ID; id++) {
      const command = { ...emptyUnitreeCommand(), id, status: UNITREE_LOCK };
      yield { bytes: bytesOf((out, at) => encodeUnitreeCommand(command, out, at)), patienceMs: UNITREE_PATIENCE_MS, answered: () => found.has(id) };
    }
    if (found.size === 0) return null;
    return lone('unitree', [...found].sort((a, b) => a - b).map((address) => ({ protocol: 'unitree', address, model: 'GO-M8010-6', firmware: '', serialNumber: '' })));
  }
  return { listen: (chunk) => splitter.push(chunk), talk: talk() };
}

export const unitreeInquiry: Inquiry = { protocols: ['unitree'], bauds: [4_000_000], start: startUnitree };
