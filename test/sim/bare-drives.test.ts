import { describe, expect, test } from 'vitest';
import { BareDrives, bareKindNames, mostBareDrives, type BareKindName } from '../../sim/bare-drives.ts';
import { LINE_STEP_US } from '../../sim/drives/device.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (byte) => parseInt(byte, 16));

/** A host that speaks text: what it says now is answered within `ms`. */
class TextHost {
  constructor(
    private readonly bench: BareDrives,
    private readonly link: string,
  ) {
    bench.connect(link, (bytes) => (this.#heard += String.fromCharCode(...bytes)));
  }

  #heard = '';

  ask(text: string, ms = 5): string {
    this.#heard = '';
    this.bench.receive(this.link, latin1(text), this.bench.nowUs);
    this.bench.advanceTo(this.bench.nowUs + ms * 1_000);
    return this.#heard;
  }
}

describe.each(bareKindNames)('%s', (kind) => {
  test('serves one drive and as many as it says, each with a name of its own for its port', () => {
    for (const count of [1, 2, mostBareDrives(kind)]) {
      const { links, loads } = new BareDrives({ kind, count, seed: 1 });
      expect(loads).toHaveLength(count);
      expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
      for (const { id } of links) expect(id).toMatch(/^[a-z][A-Za-z0-9-]*$/);
    }
  });

  test('stands still for as long as nobody asks for anything', () => {
    const bench = new BareDrives({ kind, count: 2, seed: 1 });
    bench.advanceTo(bench.nowUs + 500_000);
    expect(bench.loads.map((load) => load.positionRad())).toEqual([0, 0]);
  });

  test('runs at the baud rate of the product, or at the one that is asked for', () => {
    expect(new BareDrives({ kind, count: 1, seed: 1 }).links[0]!.baud).toBeGreaterThanOrEqual(57_600);
    expect(new BareDrives({ kind, count: 1, seed: 1, baud: 57_600 }).links[0]!.baud).toBe(57_600);
  });
});

/** The first thing that a public host of each protocol asks, and how the answer begins. Sources beside each. */
const firstQuestions: Readonly<Partial<Record<BareKindName, readonly [question: Uint8Array, answer: RegExp]>>> = {
  // COMM_GET_VALUES; packet of 1 + 73 bytes (vedderb/bldc commands.c)
  vesc: [bytes('02 01 04 40 84 03'), /^02 4a 04 /],
  'cubemars-v1': [bytes('02 01 04 40 84 03'), /^02 [0-9a-f]{2} 04 /],
  // COMM_GET_VALUES of the AK V3 manual, 4.3.2
  'cubemars-v3': [bytes('AA 01 45 18 61 BB'), /^aa 55 45 /],
  // ODrive ascii-protocol.rst
  'odrive-ascii': [latin1('r vbus_voltage\n'), /^3[0-9] 3[0-9] 2e .* 0d 0a$/],
  // SDO upload of the statusword (canopen-python p402.py): 4B 41 60 00
  'slcan-402': [latin1('S8\rO\rt60184041600000000000\r'), /74 35 38 31 38 34 42 34 31 36 30 30 30/],
  // MIT set-point in the layout of the AK V3 manual to motor 1 (id 0x801): it uploads its state at 500 Hz by itself, under id 0x2901
  'slcan-mit-v3': [latin1('S8\rO\rT00000801800066667FF8F57FF\r'), /54 30 30 30 30 32 39 30 31 38 /],
  // moteus, docs/integration/uart.md
  moteus: [latin1('can send 8001 01000a07206000200150ff140400130d\n'), /^4f 4b .* 0a 72 63 76 20 /],
  // Ping of servo 1 (e-manual): status with model number 1020
  dynamixel2: [bytes('FF FF FD 00 01 03 00 01 19 4E'), /^ff ff fd 00 01 07 00 55 00 fc 03 /],
  // Read object 6041h of node 1 (Communication Guide): no error, "switch on disabled" and "target reached"
  epos4: [bytes('90 02 60 02 01 41 60 00 22 D1'), /^90 02 00 04 00 00 00 00 50 04 00 00 /],
  // A frame of the vendor's library to motor 1
  unitree: [bytes('FE EE 11 40 00 FF 00 5F 14 00 00 80 02 0C 00 3C 6F'), /^fd ee 11 /],
};

test.each(Object.entries(firstQuestions))('%s answers the first question of a host that has just opened the port', (kind, [question, answer]) => {
  const bench = new BareDrives({ kind: kind as BareKindName, count: 1, seed: 1 });
  let heard = '';
  bench.connect(bench.links[0]!.id, (chunk) => (heard += Buffer.from(chunk).toString('hex')));
  bench.receive(bench.links[0]!.id, question, bench.nowUs);
  bench.advanceTo(bench.nowUs + 20_000);
  expect(heard.replaceAll(/(..)(?=.)/g, '$1 ')).toMatch(answer);
});

test('two axes share the port of an ODrive, a third has a second board', () => {
  const bench = new BareDrives({ kind: 'odrive-ascii', count: 3, seed: 1 });
  expect(bench.links.map(({ id }) => id)).toEqual(['odrive-ascii-1', 'odrive-ascii-2']);
  expect(new TextHost(bench, 'odrive-ascii-1').ask('f 0\nf 1\n', 20)).toMatch(/^-?0\.0+ -?0\.0+\r\n-?0\.0+ -?0\.0+\r\n$/);
});

describe('slcan-mit', () => {
  // FF×7 FC: enter motor mode; the answer is id, position, velocity, torque, temperature, error (CubeMars manual, MIT mode).
  const ENTER = 't0018FFFFFFFFFFFFFFFC\r';
  const EXIT = 't0018FFFFFFFFFFFFFFFD\r';
  const ANSWER = /t000801[0-9A-F]{10}1900\r/;
  // AK80-9: p = 0.3 rad, kp = 10, kd = 0.5, from the TMotorCANControl library.
  const GO = 't00188312800051199800\r';

  test('drive 1 is silent while the channel is closed, then enters, goes where it is sent and releases', () => {
    const bench = new BareDrives({ kind: 'slcan-mit', count: 2, seed: 1 });
    const host = new TextHost(bench, 'slcan-mit');
    expect(host.ask(ENTER)).toBe('\u0007');
    expect(host.ask('S8\rO\r')).toBe('\r\r');
    expect(host.ask(ENTER)).toMatch(ANSWER);
    // No watchdog as delivered: one set-point lasts.
    expect(host.ask(GO, 1_000)).toMatch(/t000801/);
    expect(bench.loads[0]!.positionRad()).toBeCloseTo(0.3, 1);
    expect(bench.loads[1]!.positionRad()).toBe(0);
    host.ask(EXIT);
    const restsAtRad = bench.loads[0]!.positionRad();
    host.ask(GO, 1_000);
    expect(bench.loads[0]!.positionRad()).toBeCloseTo(restsAtRad, 3);
  });

  test('without its supply the drive is silent and the adapter is not; afterwards it boots released', () => {
    const bench = new BareDrives({ kind: 'slcan-mit', count: 1, seed: 1 });
    const host = new TextHost(bench, 'slcan-mit');
    host.ask(`S8\rO\r${ENTER}`);
    bench.setEstop(true);
    host.ask('', 10);
    expect(host.ask(ENTER)).not.toContain('t0008');
    // Nobody acknowledged that frame: the adapter repeats it until it is closed, and the drive would obey it.
    host.ask('C\r');
    bench.setEstop(false);
    host.ask('', 500);
    host.ask('S8\rO\r');
    host.ask(GO, 200);
    expect(bench.loads[0]!.positionRad()).toBe(0);
    expect(host.ask(ENTER)).toMatch(ANSWER);
  });

  test('a frozen drive answers the same, an obstinate one does not move, a reset one has left motor mode', () => {
    const bench = new BareDrives({ kind: 'slcan-mit', count: 1, seed: 1 });
    const host = new TextHost(bench, 'slcan-mit');
    const answerTo = (text: string, ms?: number): string => /t0008\w+/.exec(host.ask(text, ms))![0];
    host.ask('S8\rO\r');
    host.ask(ENTER);
    bench.fault({ kind: 'ignoreCommands', link: 'slcan-mit', address: 1 });
    answerTo(GO, 500);
    expect(bench.loads[0]!.positionRad()).toBe(0);
    bench.clearFaults(null);
    bench.fault({ kind: 'freezeRegisters', link: 'slcan-mit' });
    const before = answerTo(GO, 500);
    expect(bench.loads[0]!.positionRad()).toBeGreaterThan(0.2);
    expect(answerTo(GO)).toBe(before);
    bench.clearFaults(null);
    expect(answerTo(GO)).not.toBe(before);
    bench.fault({ kind: 'reset', link: 'slcan-mit' });
    host.ask('', 500);
    const restsAtRad = bench.loads[0]!.positionRad();
    host.ask('t00187FFF7FF0000007FF\r'.replace('7FFF', 'FFFF'), 500);
    expect(bench.loads[0]!.positionRad()).toBeCloseTo(restsAtRad, 3);
  });
});

test('the same seed, orders and bytes give the same answers', () => {
  const run = (): string => {
    const bench = new BareDrives({ kind: 'slcan-mit', count: 2, seed: 4 });
    const host = new TextHost(bench, 'slcan-mit');
    host.ask('S8\rO\r');
    bench.fault({ kind: 'flipBits', link: 'slcan-mit', rate: 0.002 });
    return Array.from({ length: 50 }, () => host.ask('t0018FFFFFFFFFFFFFFFC\rt0028FFFFFFFFFFFFFFFC\r')).join('');
  };
  expect(run()).toBe(run());
});

test('a bench has a supply to cut, and neither patient nor brake', () => {
  const bench = new BareDrives({ kind: 'slcan-mit', count: 1, seed: 1 });
  expect(() => bench.setPatientButton()).toThrow(/no patient button/);
  expect(() => bench.setBrake()).toThrow(/no brake/);
  expect(() => bench.connect('nowhere', () => {})).toThrow(/no link "nowhere"; there are slcan-mit/);
  bench.advanceTo(bench.nowUs + LINE_STEP_US);
  bench.dispose();
});
