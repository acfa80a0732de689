/** Faults that happen inside a process of ours: it is started with `mischief.ts` and told what to do through a file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MischiefOrders } from './mischief.ts';

export class Mischief {
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-mischief-'));
  readonly #orders = path.join(this.#folder, 'orders.json');
  readonly #url: URL;

  constructor(program: string) {
    this.#url = pathToFileURL(program);
    this.#url.searchParams.set('orders', this.#orders);
    this.#write({});
  }

  /** For a process of Node that may be told; its workers take them over. */
  get nodeOptions(): readonly string[] {
    return ['--import', this.#url.href];
  }

  /** Its event loop stands still for so long. */
  block(pid: number, blockMs: number): void {
    this.#write({ blockMs });
    process.kill(pid, 'SIGUSR2');
  }

  /** Wall clocks go wrong by so much, in all processes at once. */
  shiftClocks(shiftMs: number): void {
    this.#write({ shiftMs });
  }

  end(): void {
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** In one step: it may be read at any time. */
  #write(orders: MischiefOrders): void {
    fs.writeFileSync(`${this.#orders}.new`, JSON.stringify(orders));
    fs.renameSync(`${this.#orders}.new`, this.#orders);
  }
}
