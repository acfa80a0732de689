import { describe, expect, test } from 'vitest';
import { Cables } from '../../sim/cables.ts';
import { LINE_STEP_US, noDriveFaults, type DriveFaults, type SendBytes, type VirtualDrive } from '../../sim/drives/device.ts';
import type { CableFaultOrder } from '../../sim/faults/catalogue.ts';

const BAUD = 921_600;
const PING = Uint8Array.from({ length: 8 }, (_, i) => i + 1);

class FakeDrive implements VirtualDrive {
  readonly energised = false;
  readonly faults: DriveFaults = noDriveFaults();
  resets = 0;

  setPower(): void {}
  heatTo(): void {}
  step(): void {}
  reset(): void {
    this.resets++;
  }
}

/** Two cables; each device echoes what it hears. */
class Rig {
  readonly drives = [new FakeDrive(), new FakeDrive()];
  readonly heard: Record<string, number[]> = { leg: [], hub: [] };
  readonly host: Record<string, number[]> = { leg: [], hub: [] };
  readonly hostAtUs: number[] = [];
  readonly cables: Cables;
  nowUs = 0;
  unplugged = 0;

  constructor(seed = 1) {
    const links = [
      { id: 'leg', protocol: 'slcan', baud: BAUD },
      { id: 'hub', protocol: 'sensor-hub', baud: BAUD },
    ] as const;
    this.cables = new Cables(links, seed, ({ id }, send) => ({ device: this.#echo(id, send), drives: id === 'hub' ? [] : this.drives.map((drive, i) => ({ drive, address: i + 1 })) }));
    for (const { id } of links) this.connect(id);
  }

  connect(id: string): void {
    this.cables.connect(id, (bytes) => {
      this.host[id]!.push(...bytes);
      this.hostAtUs.push(this.nowUs);
    });
  }

  say(id: string, bytes = PING): void {
    this.cables.receive(id, bytes, this.nowUs);
  }

  steps(count: number): void {
    for (let i = 0; i < count; i++) {
      this.cables.arrive(this.nowUs);
      this.nowUs += LINE_STEP_US;
      this.cables.leave(this.nowUs);
    }
  }

  #echo(id: string, send: SendBytes) {
    return {
      receive: (bytes: Uint8Array) => {
        this.heard[id]!.push(...bytes);
        send(bytes);
      },
      step: () => {},
      unplugged: () => void this.unplugged++,
    };
  }
}

test('a question is answered in the line step in which its last byte arrives', () => {
  const rig = new Rig();
  rig.say('leg');
  rig.steps(2);
  // 8 bytes need 87 µs each way: heard in the step at 250 µs, back by its end.
  expect(rig.host['leg']).toEqual([...PING]);
  expect(rig.hostAtUs).toEqual([2 * LINE_STEP_US]);
});

test('a pulled cable loses what is on its way and tells the device', () => {
  const rig = new Rig();
  rig.say('leg');
  rig.steps(1);
  rig.cables.disconnect('leg');
  rig.steps(10);
  expect(rig.unplugged).toBe(1);
  expect(rig.host['leg']).toEqual([]);
  rig.say('leg');
  rig.steps(10);
  expect(rig.heard['leg']).toEqual([]);
  rig.connect('leg');
  rig.say('leg');
  rig.steps(10);
  expect(rig.host['leg']).toEqual([...PING]);
});

describe('faults of a line', () => {
  test('stay on their link and in their direction, until they are lifted', () => {
    const rig = new Rig();
    rig.cables.fault({ kind: 'mute', link: 'leg', direction: 'toHost' });
    rig.say('leg');
    rig.say('hub');
    rig.steps(4);
    expect(rig.heard['leg']).toEqual([...PING]);
    expect(rig.host['leg']).toEqual([]);
    expect(rig.host['hub']).toEqual([...PING]);
    rig.cables.clearFaults('leg');
    rig.say('leg');
    rig.steps(4);
    expect(rig.host['leg']).toEqual([...PING]);
  });

  test('without a direction both are meant', () => {
    const rig = new Rig();
    rig.cables.fault({ kind: 'duplicate', link: 'leg', rate: 1 });
    rig.say('leg');
    rig.steps(8);
    expect(rig.heard['leg']).toHaveLength(2 * PING.length);
    // Both copies may arrive as one chunk or two; each chunk that is echoed comes back twice.
    expect(rig.host['leg']).toHaveLength(4 * PING.length);
  });

  test('stack: the last ordered stands nearest to the sender', () => {
    const rig = new Rig();
    rig.cables.fault({ kind: 'duplicate', link: 'leg', rate: 1, direction: 'toDevice' });
    rig.cables.fault({ kind: 'delay', link: 'leg', delayMs: 2, direction: 'toDevice' });
    rig.say('leg');
    rig.steps(8);
    expect(rig.heard['leg']).toEqual([]);
    rig.steps(4);
    expect(rig.heard['leg']).toEqual([...PING, ...PING]);
  });

  test('lifting them lets go what they hold back', () => {
    const rig = new Rig();
    rig.cables.fault({ kind: 'delay', link: 'leg', delayMs: 5_000 });
    rig.say('leg');
    rig.steps(8);
    rig.cables.clearFaults(null);
    rig.steps(4);
    expect(rig.host['leg']).toEqual([...PING]);
  });

  test('the same seed spoils the same bits, another seed others', () => {
    const spoilt = (seed: number): string => {
      const rig = new Rig(seed);
      rig.cables.fault({ kind: 'flipBits', link: 'leg', rate: 0.05 });
      rig.cables.fault({ kind: 'drop', link: 'leg', rate: 0.05 });
      for (let i = 0; i < 50; i++) {
        rig.say('leg');
        rig.steps(2);
      }
      return rig.host['leg']!.join();
    };
    expect(spoilt(3)).toBe(spoilt(3));
    expect(spoilt(3)).not.toBe(spoilt(4));
  });
});

describe('faults of a drive', () => {
  test.each([
    ['freezeRegisters', 'frozenReport'],
    ['ignoreCommands', 'ignoresCommands'],
    ['wrongMode', 'wrongMode'],
    ['swapIdentity', 'wrongIdentity'],
  ] as const)('%s is switched on in the drive that is named, and off again', (kind, flag) => {
    const rig = new Rig();
    rig.cables.fault({ kind, link: 'leg', address: 2 });
    expect(rig.drives.map(({ faults }) => faults)).toEqual([noDriveFaults(), { ...noDriveFaults(), [flag]: true }]);
    rig.cables.clearFaults(null);
    expect(rig.drives.map(({ faults }) => faults)).toEqual([noDriveFaults(), noDriveFaults()]);
  });

  test('reset happens once, and to all drives of the link when none is named', () => {
    const rig = new Rig();
    rig.cables.fault({ kind: 'reset', link: 'leg' });
    rig.cables.clearFaults('leg');
    expect(rig.drives.map(({ resets }) => resets)).toEqual([1, 1]);
  });
});

test.each<[CableFaultOrder, RegExp]>([
  [{ kind: 'mute', link: 'nowhere' }, /no link "nowhere"; there are leg, hub/],
  [{ kind: 'reset', link: 'leg', address: 9 }, /no drive 9 on the link "leg"/],
  [{ kind: 'reset', link: 'hub' }, /no drive on the link "hub"/],
])('%j is refused', (order, message) => {
  const { cables } = new Rig();
  expect(() => cables.fault(order)).toThrow(message);
  expect(() => cables.clearFaults('nowhere')).toThrow(/nowhere/);
});
