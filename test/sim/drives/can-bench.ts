/** An SLCAN adapter with drives on its bus, spoken to in text as another's host would. */
import type { AdapterStyle } from '../../../protocols/wire/slcan.ts';
import type { CanNode, VirtualDrive } from '../../../sim/drives/device.ts';
import { SlcanAdapter } from '../../../sim/drives/slcan-adapter.ts';
import type { TestLoad } from '../../hal/drives/line-rig.ts';

const LINE_STEP_US = 250;
const PHYSICS_STEP_US = 1_000;

export class CanBench {
  nowUs = 0;
  readonly adapter: SlcanAdapter;
  #heard = '';

  constructor(
    readonly drives: readonly (CanNode & VirtualDrive)[],
    readonly loads: readonly TestLoad[],
    style: AdapterStyle = 'lawicel',
  ) {
    this.adapter = new SlcanAdapter(style, drives, (bytes) => (this.#heard += String.fromCharCode(...bytes)));
    for (const drive of drives) drive.setPower(true, 0);
  }

  /** Time goes on; @returns the lines that came meanwhile, acknowledgements left out */
  run(ms: number): string[] {
    for (const end = this.nowUs + 1_000 * ms; this.nowUs < end; ) {
      this.nowUs += LINE_STEP_US;
      this.adapter.step(this.nowUs);
      if (this.nowUs % PHYSICS_STEP_US !== 0) continue;
      for (const drive of this.drives) drive.step(this.nowUs, PHYSICS_STEP_US / 1e6);
      for (const load of this.loads) load.step(PHYSICS_STEP_US / 1e6);
    }
    const lines = this.#heard.split('\r').filter((text) => text !== '' && text !== 'z' && text !== 'Z');
    this.#heard = '';
    return lines;
  }

  /** Says a line and hears what comes of it within two milliseconds. */
  ask(text: string, ms = 2): string[] {
    this.adapter.receive(
      Uint8Array.from(`${text}\r`, (letter) => letter.charCodeAt(0)),
      this.nowUs,
    );
    return this.run(ms);
  }

  /** SDO upload as canopen-python does it: expedited, or segment by segment. @returns the value's bytes, or the abort code as text */
  upload(node: number, index: number, sub = 0): number[] | string {
    const reply = this.#sdo(node, [0x40, index & 0xff, index >> 8, sub, 0, 0, 0, 0]);
    if (reply[0] === 0x80) return abortOf(reply);
    if ((reply[0]! & 2) !== 0) return reply.slice(4, 8 - ((reply[0]! >> 2) & 3));
    const bytes: number[] = [];
    for (let toggle = 0; ; toggle ^= 0x10) {
      const segment = this.#sdo(node, [0x60 | toggle, 0, 0, 0, 0, 0, 0, 0]);
      if (segment[0] === 0x80) return abortOf(segment);
      bytes.push(...segment.slice(1, 8 - ((segment[0]! >> 1) & 7)));
      if ((segment[0]! & 1) !== 0) return bytes;
    }
  }

  read(node: number, index: number, sub = 0): number {
    const value = this.upload(node, index, sub);
    if (typeof value === 'string') throw new Error(value);
    return value.reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0);
  }

  /** SDO download, expedited. @returns '' or the abort code as text */
  write(node: number, index: number, sub: number, value: number, bytes: number): string {
    const data = Array.from({ length: 4 }, (_, i) => (i < bytes ? Math.floor(value / 2 ** (8 * i)) & 0xff : 0));
    const reply = this.#sdo(node, [0x23 | ((4 - bytes) << 2), index & 0xff, index >> 8, sub, ...data]);
    return reply[0] === 0x80 ? abortOf(reply) : '';
  }

  #sdo(node: number, data: readonly number[]): number[] {
    const hex = data.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
    const id = (0x580 + node).toString(16).toUpperCase();
    const answer = this.ask(`t${(0x600 + node).toString(16).toUpperCase()}8${hex}`).find((text) => text.startsWith(`t${id}8`));
    if (answer === undefined) throw new Error('no SDO answer');
    return [...Buffer.from(answer.slice(5), 'hex')];
  }
}

const abortOf = (reply: readonly number[]): string =>
  reply
    .slice(4, 8)
    .reverse()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
