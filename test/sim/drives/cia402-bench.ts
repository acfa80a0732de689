import { bareCia402, Cia402Drive } from '../../../sim/drives/cia402-drive.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';
import { CanBench } from './can-bench.ts';

export function bench(count = 1) {
  const loads = Array.from({ length: count }, () => new TestLoad());
  const drives = loads.map((load, i) => new Cia402Drive(bareCia402(i + 1), load));
  const bus = new CanBench(drives, loads);
  bus.ask('C\rS8\r\rO\rO');
  bus.run(400);
  return { bus, drive: drives[0]!, load: loads[0]! };
}

export const COUNTS = 655_360;
export const text = (bytes: number[] | string): string => (typeof bytes === 'string' ? bytes : String.fromCharCode(...bytes));

/** Start, then the walk of p402: 6, 7, F. */
export function enabled(mode: number) {
  const made = bench();
  made.bus.write(1, 0x6060, 0, mode, 1);
  made.bus.ask('t00020101');
  for (const word of ['06', '07', '0F']) made.bus.ask(`t2012${word}00`);
  return made;
}
