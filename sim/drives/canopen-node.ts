/**
 * A virtual CANopen slave (CiA 301): NMT states, SDO server, PDOs, heartbeat (produced and consumed), node guarding and
 * EMCY, over an object dictionary that its application fills.
 */
import { emptyCanFrame, type CanFrame } from '../../protocols/wire/slcan.ts';
import { canDataFrame, COB, decodeHeartbeat, encodeEmcy, encodeHeartbeat, isDataFrame, NMT, NMT_STATE, SDO_BYTES } from '../../protocols/wire/canopen.ts';
import { CIA402_ERROR, OD } from '../../protocols/wire/cia402.ts';
import type { CanTransmit } from './device.ts';
import { Pdo } from './canopen-pdo.ts';
import type { ObjectDictionary, OdEntry } from './object-dictionary.ts';
import { SdoServer } from './sdo-server.ts';

/** From a reset of the communication to the boot-up message. */
const COMMUNICATION_RESET_US = 20_000;
const PDO_LENGTH_ERROR = 0x8210;
/** Bits of the error register. */
const GENERIC_ERROR = 0x01;
const COMMUNICATION_ERROR = 0x10;
const HISTORY = 4;

export interface NodeApplication {
  /** Fills the objects that PDOs report: they are about to be sent. */
  onSample(): void;
  /** Heartbeat lost, stopped or reset: the abort connection option applies. */
  onConnectionLost(errorCode: number, nowUs: number): void;
  /** NMT reset node: as after power. */
  onNodeReset(nowUs: number): void;
}

export interface PdoDefaults {
  readonly type: number;
  readonly entries: readonly number[];
}

export class CanopenNode {
  readonly #server: SdoServer;
  readonly #frame = emptyCanFrame();
  readonly #rpdos: readonly Pdo[];
  readonly #tpdos: readonly Pdo[];
  readonly #errorRegister: OdEntry;
  readonly #producerMs: OdEntry;
  readonly #consumer: OdEntry;
  readonly #errorBehaviour: OdEntry;
  readonly #history: readonly OdEntry[];
  #state: number = NMT_STATE.bootUp;
  #readyUs = Infinity;
  #beatUs = 0;
  /** When the watched node was heard; −1 before the first time. */
  #heardUs = -1;
  #lost = false;
  #guardToggle = 0;

  constructor(
    readonly nodeId: number,
    private readonly dictionary: ObjectDictionary,
    pdos: { readonly rpdo: readonly PdoDefaults[]; readonly tpdo: readonly PdoDefaults[] },
    private readonly application: NodeApplication,
    private readonly transmit: CanTransmit,
  ) {
    const object = (index: number, sub: number, bytes: 1 | 2 | 4): { index: number; sub: number; bytes: 1 | 2 | 4; signed: boolean } => ({ index, sub, bytes, signed: false });
    this.#errorRegister = dictionary.add(OD.errorRegister, { pdo: 'tx' });
    const count = dictionary.add(object(0x1003, 0, 1), { access: 'rw', high: 0, onWrite: () => this.#history.forEach((entry) => (entry.value = 0)) });
    this.#history = [count, ...Array.from({ length: HISTORY }, (_, i) => dictionary.add(object(0x1003, i + 1, 4)))];
    dictionary.add(object(0x1005, 0, 4), { value: COB.sync });
    dictionary.add(object(0x1014, 0, 4), { value: COB.emcy + nodeId });
    dictionary.addCount(OD.consumerHeartbeat.index, 1);
    this.#consumer = dictionary.add(OD.consumerHeartbeat, { access: 'rw', onWrite: () => this.#forgetHeartbeat() });
    this.#producerMs = dictionary.add(OD.producerHeartbeat, { access: 'rw' });
    dictionary.addCount(0x1029, 1);
    this.#errorBehaviour = dictionary.add(object(0x1029, 1, 1), { access: 'rw', high: 2 });
    dictionary.addCount(0x1200, 2);
    dictionary.add(object(0x1200, 1, 4), { value: COB.sdoRequest + nodeId });
    dictionary.add(object(0x1200, 2, 4), { value: COB.sdoReply + nodeId });
    this.#rpdos = pdos.rpdo.map((defaults, i) => new Pdo(dictionary, 'rx', i, (COB.rpdo[i] ?? 0) + nodeId, defaults));
    this.#tpdos = pdos.tpdo.map((defaults, i) => new Pdo(dictionary, 'tx', i, (COB.tpdo[i] ?? 0) + nodeId, defaults));
    this.#server = new SdoServer(dictionary);
  }

  /** It has booted: it hears the bus. */
  get listens(): boolean {
    return this.#state !== NMT_STATE.bootUp;
  }

  get operational(): boolean {
    return this.#state === NMT_STATE.operational;
  }

  /** Without power. */
  off(): void {
    this.#state = NMT_STATE.bootUp;
    this.#readyUs = Infinity;
  }

  /** Power came, or a reset: the boot-up message follows at `readyUs`. */
  boot(readyUs: number, whole: boolean): void {
    this.dictionary.restoreDefaults(whole);
    for (const pdo of [...this.#rpdos, ...this.#tpdos]) pdo.restart();
    this.#server.reset();
    this.#forgetHeartbeat();
    this.#errorRegister.value = 0;
    this.#state = NMT_STATE.bootUp;
    this.#readyUs = readyUs;
  }

  /** Time goes on: boot-up, heartbeat, the watched node's silence, PDOs whose content changed. */
  step(nowUs: number): void {
    if (this.#state === NMT_STATE.bootUp) {
      if (nowUs >= this.#readyUs) this.#finishBoot(nowUs);
      return;
    }
    const periodUs = 1_000 * this.#producerMs.value;
    if (periodUs > 0 && nowUs - this.#beatUs >= periodUs) this.#beat(nowUs);
    const patienceUs = 1_000 * (this.#consumer.value & 0xffff);
    if (patienceUs > 0 && this.#heardUs >= 0 && !this.#lost && nowUs - this.#heardUs >= patienceUs) this.#onHeartbeatLost(nowUs);
    if (this.operational) this.#sendEvents(nowUs);
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    if (!this.listens) return;
    if (isDataFrame(frame, COB.nmt)) this.#onNmt(frame.data[0] ?? 0, frame.length === 2 ? (frame.data[1] ?? 0) : -1, nowUs);
    else if (isDataFrame(frame, COB.sdoRequest + this.nodeId)) this.#onSdo(frame, nowUs);
    else if (isDataFrame(frame, COB.sync)) this.#onSync(nowUs);
    else if (frame.id === COB.heartbeat + this.nodeId && frame.remote) this.#onGuard(nowUs);
    else if (!this.#onHeartbeat(frame, nowUs) && this.operational) this.#onPdo(frame, nowUs);
  }

  /** Once per error, however often it is noticed (CiA 301, 7.2.7.1). @param errorCode 0: no error any more */
  emergency(errorCode: number, nowUs: number, registerBit = GENERIC_ERROR): void {
    const register = this.#errorRegister;
    if (errorCode !== 0 && (register.value & registerBit) !== 0 && this.#history.some((entry) => entry.sub === 1 && entry.value === errorCode)) return;
    const others = register.value & ~(registerBit | GENERIC_ERROR);
    if (errorCode !== 0) register.value |= registerBit | GENERIC_ERROR;
    else register.value = others === 0 ? 0 : others | GENERIC_ERROR;
    if (errorCode !== 0) this.#remember(errorCode);
    if (!this.listens || this.#state === NMT_STATE.stopped) return;
    encodeEmcy(this.#frame, this.nodeId, errorCode, register.value);
    this.transmit(this.#frame, nowUs);
  }

  #remember(errorCode: number): void {
    let newer = errorCode;
    for (const entry of this.#history) {
      const older = entry.value;
      entry.value = entry.sub === 0 ? Math.min(HISTORY, older + 1) : newer;
      if (entry.sub !== 0) newer = older;
    }
  }

  #finishBoot(nowUs: number): void {
    this.#state = NMT_STATE.preOperational;
    this.#beatUs = nowUs;
    encodeHeartbeat(this.#frame, this.nodeId, NMT_STATE.bootUp);
    this.transmit(this.#frame, nowUs);
  }

  #beat(nowUs: number): void {
    this.#beatUs = nowUs;
    encodeHeartbeat(this.#frame, this.nodeId, this.#state);
    this.transmit(this.#frame, nowUs);
  }

  /** Node guarding: the state with a bit that changes at each answer. */
  #onGuard(nowUs: number): void {
    encodeHeartbeat(this.#frame, this.nodeId, this.#state | this.#guardToggle);
    this.#guardToggle ^= 0x80;
    this.transmit(this.#frame, nowUs);
  }

  #onNmt(command: number, node: number, nowUs: number): void {
    if (node !== 0 && node !== this.nodeId) return;
    switch (command) {
      case NMT.start:
        if (!this.operational) for (const pdo of [...this.#rpdos, ...this.#tpdos]) pdo.restart();
        this.#state = NMT_STATE.operational;
        break;
      case NMT.preOperational:
        this.#state = NMT_STATE.preOperational;
        break;
      case NMT.stop:
        this.#state = NMT_STATE.stopped;
        this.application.onConnectionLost(0, nowUs);
        break;
      case NMT.resetNode:
        this.application.onNodeReset(nowUs);
        break;
      case NMT.resetCommunication:
        this.application.onConnectionLost(0, nowUs);
        this.boot(nowUs + COMMUNICATION_RESET_US, false);
        break;
    }
  }

  #onSdo(frame: CanFrame, nowUs: number): void {
    if (this.#state === NMT_STATE.stopped || frame.length !== SDO_BYTES) return;
    this.application.onSample();
    canDataFrame(this.#frame, COB.sdoReply + this.nodeId, SDO_BYTES);
    if (this.#server.answer(frame.data, this.#frame.data)) this.transmit(this.#frame, nowUs);
    if (this.operational) this.#sendEvents(nowUs);
  }

  #onSync(nowUs: number): void {
    if (!this.operational) return;
    for (const pdo of this.#rpdos) pdo.onSyncReceive();
    this.application.onSample();
    for (const pdo of this.#tpdos) if (pdo.isDueAtSync(this.#frame)) this.#send(pdo, nowUs);
  }

  #sendEvents(nowUs: number): void {
    this.application.onSample();
    for (const pdo of this.#tpdos) if (pdo.isDueByEvent(this.#frame, nowUs)) this.#send(pdo, nowUs);
  }

  #send(pdo: Pdo, nowUs: number): void {
    if (this.transmit(this.#frame, nowUs)) pdo.onSent(this.#frame, nowUs);
  }

  #onPdo(frame: CanFrame, nowUs: number): void {
    for (const pdo of this.#rpdos) {
      if (!pdo.valid || !isDataFrame(frame, pdo.id)) continue;
      if (!pdo.receive(frame, nowUs)) this.emergency(PDO_LENGTH_ERROR, nowUs, COMMUNICATION_ERROR);
      this.#sendEvents(nowUs);
      return;
    }
  }

  /** @returns whether it is the watched node's heartbeat */
  #onHeartbeat(frame: CanFrame, nowUs: number): boolean {
    const watched = (this.#consumer.value >>> 16) & 0x7f;
    if (watched === 0 || decodeHeartbeat(frame, watched) < 0) return false;
    this.#heardUs = nowUs;
    if (this.#lost) {
      this.#lost = false;
      this.emergency(0, nowUs, COMMUNICATION_ERROR);
    }
    return true;
  }

  #onHeartbeatLost(nowUs: number): void {
    this.#lost = true;
    this.emergency(CIA402_ERROR.heartbeatLost, nowUs, COMMUNICATION_ERROR);
    this.application.onConnectionLost(CIA402_ERROR.heartbeatLost, nowUs);
    if (this.#errorBehaviour.value === 0 && this.operational) this.#state = NMT_STATE.preOperational;
    if (this.#errorBehaviour.value === 2) this.#state = NMT_STATE.stopped;
  }

  #forgetHeartbeat(): void {
    this.#heardUs = -1;
    this.#lost = false;
  }
}
