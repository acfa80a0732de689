/**
 * Brings a CANopen node up, one exchange after the other: NMT commands that a heartbeat confirms, objects that are read
 * and judged, objects that are written. Like `Setup`, for transfers that can need more than one frame. Half a transfer, a
 * wrong toggle bit, an abort code or silence end in words, never in a wait without end.
 */
import { COB, getLe, isDataFrame, putLe, SDO_ABORT, sdoAbortText } from '../../protocols/wire/canopen.ts';
import type { CanopenObject } from '../../protocols/wire/cia402.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { SdoClient } from './sdo-client.ts';

/** A node answers within its next few milliseconds; asked again and again, it is found soon after it has booted. */
const PATIENCE_US = 100_000;
/** After so many unanswered questions people are told; asking goes on. */
const QUESTIONS_BEFORE_TROUBLE = 20;
const BROKEN_BEFORE_REFUSAL = 3;
/** An adapter's serial line has no checksum: what speaks against a node is asked for so often before it is believed. */
const DOUBTS_BEFORE_REFUSAL = 3;
/** Answers that nobody asked for, before two nodes are suspected of one number; a late one now and then is none. */
const UNASKED_BEFORE_REFUSAL = 8;

/** null: fine; else why the node cannot be used, ending with what to do. */
export type Verdict = string | null;

export type CanopenStep =
  | { readonly kind: 'command'; readonly what: string; readonly patienceUs: number; readonly fill: (frame: CanFrame) => void; readonly confirms: (frame: CanFrame) => boolean }
  | { readonly kind: 'write'; readonly what: string; readonly object: CanopenObject; readonly value: number; readonly onAbort?: (code: number) => Verdict }
  | { readonly kind: 'read'; readonly what: string; readonly object: CanopenObject; readonly judge: (value: number) => Verdict; readonly onAbort?: (code: number) => Verdict }
  | { readonly kind: 'text'; readonly what: string; readonly index: number; readonly take: (text: string) => void };

export class CanopenSetup {
  readonly #client: SdoClient;
  #index = 0;
  #askedUs = -Infinity;
  #due = true;
  #abort = 0;
  #questions = 0;
  #broken = 0;
  #doubts = 0;
  #doubtful = -1;
  #unasked = 0;
  #refusal: string | null = null;
  /** Questions that had to be asked again, in total. */
  retries = 0;

  constructor(
    private readonly node: number,
    private readonly steps: readonly CanopenStep[],
  ) {
    this.#client = new SdoClient(node);
  }

  get done(): boolean {
    return this.#index >= this.steps.length && this.#refusal === null;
  }

  get refusal(): string | null {
    return this.#refusal;
  }

  /** What an otherwise living node has not answered for long; null: nothing. */
  get unanswered(): string | null {
    return this.#questions > QUESTIONS_BEFORE_TROUBLE ? (this.steps[this.#index]?.what ?? null) : null;
  }

  /** @param from the step to begin with */
  restart(from = 0): void {
    this.#refusal = null;
    this.#abort = 0;
    this.#doubtful = -1;
    this.#unasked = 0;
    this.#goTo(from);
  }

  /** The request that is due, if one is. */
  nextFrame(nowUs: number, frame: CanFrame): boolean {
    const step = this.steps[this.#index];
    if (step === undefined) return false;
    if (this.#abort !== 0) {
      this.#client.encodeAbort(frame, this.#abort);
      this.#abort = 0;
      return true;
    }
    if (this.#refusal !== null) return false;
    if (!this.#due && nowUs - this.#askedUs < (step.kind === 'command' ? step.patienceUs : PATIENCE_US)) return false;
    if (!this.#due) {
      this.retries++;
      if (this.#client.inSegments) return this.#giveUpHalf(frame);
      this.#begin(step);
    }
    this.#due = false;
    this.#questions++;
    this.#askedUs = nowUs;
    if (step.kind === 'command') step.fill(frame);
    else this.#client.encode(frame);
    return true;
  }

  /** @returns whether the frame answered the step that is under way */
  accept(frame: CanFrame): boolean {
    const step = this.steps[this.#index];
    if (step === undefined || this.#refusal !== null) return false;
    if (this.#due) {
      if (isDataFrame(frame, COB.sdoReply + this.node)) this.#onUnasked();
      return false;
    }
    if (step.kind === 'command') {
      if (!step.confirms(frame)) return false;
      this.#next();
      return true;
    }
    const progress = this.#client.accept(frame);
    if (progress === 'going') {
      this.#due = true;
      this.#questions = 0;
    } else if (progress === 'done') this.#onDone(step);
    else if (progress === 'aborted') this.#onAborted(step);
    else if (progress === 'broken') this.#onBroken(step);
    return progress !== 'other';
  }

  #onUnasked(): void {
    if (++this.#unasked >= UNASKED_BEFORE_REFUSAL) this.#refusal = `more than one drive answers to its node number ${this.node}, or another host speaks to it. Give each drive a number of its own, and stop the other host.`;
  }

  #onDone(step: Exclude<CanopenStep, { kind: 'command' }>): void {
    const { received } = this.#client;
    let verdict: Verdict = null;
    if (step.kind === 'text') step.take(String.fromCharCode(...received).replace(/[^\x20-\x7e]/g, ''));
    else if (step.kind === 'read') verdict = received.length < step.object.bytes ? `${step.what} is too short an answer. Check that the drive is the profile's.` : step.judge(getLe(received, 0, step.object.bytes, step.object.signed));
    if (verdict === null) this.#next();
    else this.#doubt(verdict);
  }

  /** Asks again, from the value that was written just before, if one was. */
  #doubt(verdict: string): void {
    if (this.#doubtful !== this.#index) this.#doubts = 0;
    this.#doubtful = this.#index;
    if (++this.#doubts >= DOUBTS_BEFORE_REFUSAL) this.#refusal = verdict;
    else this.#goTo(this.steps[this.#index - 1]?.kind === 'write' ? this.#index - 1 : this.#index);
  }

  #onAborted(step: Exclude<CanopenStep, { kind: 'command' }>): void {
    const { abortCode } = this.#client;
    if (abortCode === SDO_ABORT.timeout) {
      this.#begin(step);
      return;
    }
    const standard = (): string => `it refuses ${step.what} (${sdoAbortText(abortCode)}). Check that the drive is the profile's, and its firmware.`;
    const verdict = step.kind === 'text' ? null : step.onAbort === undefined ? standard() : step.onAbort(abortCode);
    if (verdict === null) this.#next();
    else this.#doubt(verdict);
  }

  #onBroken(step: Exclude<CanopenStep, { kind: 'command' }>): void {
    this.#abort = this.#client.abortCode;
    if (++this.#broken >= BROKEN_BEFORE_REFUSAL) this.#refusal = `its answers about ${step.what} break the SDO rules (${sdoAbortText(this.#abort)}). Check that no other host speaks to it, and its firmware.`;
    else this.#begin(step);
  }

  /** Half an answer came, and then nothing: the node is told, and the step starts again. */
  #giveUpHalf(frame: CanFrame): boolean {
    const step = this.steps[this.#index];
    this.#client.encodeAbort(frame, SDO_ABORT.timeout);
    if (step === undefined || step.kind === 'command') return true;
    if (++this.#broken >= BROKEN_BEFORE_REFUSAL) this.#refusal = `it sends only half of its answer about ${step.what} (${sdoAbortText(SDO_ABORT.timeout)}). Check its cable and its firmware.`;
    this.#begin(step);
    return true;
  }

  #next(): void {
    this.#goTo(this.#index + 1);
  }

  #goTo(index: number): void {
    this.#index = index;
    this.#askedUs = -Infinity;
    this.#questions = 0;
    this.#broken = 0;
    this.#due = true;
    this.#client.abandon();
    const step = this.steps[this.#index];
    if (step !== undefined) this.#begin(step);
  }

  #begin(step: CanopenStep): void {
    this.#due = true;
    if (step.kind === 'text') this.#client.begin(step.index, 0, null);
    else if (step.kind === 'read') this.#client.begin(step.object.index, step.object.sub, null);
    else if (step.kind === 'write') {
      const value = new Uint8Array(step.object.bytes);
      putLe(value, 0, value.length, step.value);
      this.#client.begin(step.object.index, step.object.sub, value);
    }
  }
}
