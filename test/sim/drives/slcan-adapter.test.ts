import { describe, expect, test } from 'vitest';
import { emptyCanFrame, type CanFrame } from '../../../protocols/wire/slcan.ts';
import type { CanNode, CanTransmit } from '../../../sim/drives/device.ts';
import { CAN_QUEUE_FRAMES, CanBus, canFrameBits } from '../../../sim/drives/can-bus.ts';
import { SlcanAdapter } from '../../../sim/drives/slcan-adapter.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Answers frames with id 1 with one byte, from id 0. */
class Echo implements CanNode {
  canBitRate = 1_000_000;
  #transmit: CanTransmit = () => false;

  attach(transmit: CanTransmit): void {
    this.#transmit = transmit;
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    const answer = { ...emptyCanFrame(), length: 1 };
    answer.data[0] = frame.data[0] ?? 0;
    if (frame.id === 1) this.#transmit(answer, nowUs);
  }
}

/** Says what it is told to say, and remembers what it hears. */
class Talker implements CanNode {
  canBitRate = 1_000_000;
  readonly heard: string[] = [];
  #transmit: CanTransmit = () => false;

  attach(transmit: CanTransmit): void {
    this.#transmit = transmit;
  }

  say(frame: Partial<CanFrame>, nowUs: number): void {
    this.#transmit({ ...emptyCanFrame(), ...frame }, nowUs);
  }

  onCanFrame({ id, remote }: CanFrame): void {
    this.heard.push(`${id.toString(16)}${remote ? ' remote' : ''}`);
  }
}

function adapter(style: 'lawicel' | 'slcanpty' | 'canable'): { ask: (text: string, nowUs?: number) => string; device: SlcanAdapter; echo: Echo } {
  let answer = '';
  const echo = new Echo();
  const device = new SlcanAdapter(style, [echo], (bytes) => (answer += String.fromCharCode(...bytes)));
  return {
    device,
    echo,
    ask: (text, nowUs = 0) => {
      answer = '';
      device.receive(ascii(text), nowUs);
      device.step(nowUs + 1_000);
      return answer;
    },
  };
}

test.each([
  { style: 'lawicel', setUp: '\r\r', sent: 'z\rt00015A\r', extended: 'Z\r', unknown: '\u0007' },
  { style: 'slcanpty', setUp: '\r\r', sent: '\rt00015A\r', extended: '\r', unknown: '\u0007' },
  { style: 'canable', setUp: '', sent: 't00015A\r', extended: '', unknown: '' },
] as const)('a $style adapter acknowledges in its own way', ({ style, setUp, sent, extended, unknown }) => {
  const { ask } = adapter(style);
  expect(ask('S8\rO\r')).toBe(setUp);
  expect(ask('t00115A\r')).toBe(sent);
  expect(ask('T0000000215A\r')).toBe(extended);
  expect(ask('t0091\r')).toBe(unknown);
});

describe('a lawicel adapter', () => {
  test('sends nothing on the bus while its channel is closed', () => {
    const { ask } = adapter('lawicel');
    expect(ask('t00115A\r')).toBe('\u0007');
    expect(ask('O\r')).toBe('\u0007');
  });

  test('refuses a new bit rate while open, and takes it after closing', () => {
    const { ask } = adapter('lawicel');
    expect(ask('S8\rO\rS8\r')).toBe('\r\r\u0007');
    expect(ask('C\rS8\r')).toBe('\r\r');
  });

  test('acknowledges but brings no answer at a bit rate that the drives do not use', () => {
    const { ask } = adapter('lawicel');
    ask('S6\rO\r');
    expect(ask('t00115A\r')).toBe('z\r');
  });

  test('tells its version and serial number, and stamps received frames when told to', () => {
    const { ask } = adapter('lawicel');
    expect(ask('V\r')).toMatch(/^V[0-9A-F]{4}\r$/);
    expect(ask('N\r')).toMatch(/^N[0-9A-Z]{4}\r$/);
    ask('Z1\rS8\rO\r');
    expect(ask('t00115A\r', 61_002_000)).toBe('z\rt00015A03EA\r');
  });

  test('forgets its settings and half a line when its cable is pulled', () => {
    const { ask, device } = adapter('lawicel');
    ask('S8\rO\rt0011');
    device.unplugged();
    expect(ask('S8\rO\rt00115A\r')).toBe('\r\rz\rt00015A\r');
  });
});

describe('a lawicel adapter that is polled', () => {
  test('keeps frames until P asks for one or A for all of them, and acknowledges with a bare CR', () => {
    const { ask } = adapter('lawicel');
    expect(ask('P\r')).toBe('\u0007');
    ask('X0\rS8\rO\r');
    expect(ask('t00115A\rt00115B\rt00115C\r')).toBe('\r\r\r');
    expect(ask('P\r')).toBe('t00015A\r');
    expect(ask('A\r')).toBe('t00015B\rt00015C\rA\r');
    expect(ask('P\r')).toBe('\r');
    expect(ask('A\r')).toBe('A\r');
  });

  test('says in its flags, once, that frames were lost', () => {
    const { ask } = adapter('lawicel');
    ask('X0\rS8\rO\r');
    for (let i = 0; i < 40; i++) ask('t00115A\r', 1_000 * i);
    expect(ask('F\r')).toBe('F09\r');
    expect(ask('F\r')).toBe('F00\r');
    expect(ask('A\r')).toBe(`${'t00015A\r'.repeat(32)}A\r`);
  });
});

describe('the acceptance filter (SJA1000, dual filter mode)', () => {
  /** What comes back of frames with these identifiers, sent by another node. */
  function heard(setUp: string, frames: readonly Partial<CanFrame>[]): string {
    let answer = '';
    const talker = new Talker();
    const device = new SlcanAdapter('lawicel', [talker], (bytes) => (answer += String.fromCharCode(...bytes)));
    device.receive(ascii(`${setUp}S8\rO\r`), 0);
    answer = '';
    for (const frame of frames) talker.say(frame, 0);
    device.step(100_000);
    return answer;
  }

  test('lets everything through until it is set', () => {
    expect(heard('', [{ id: 0x123 }, { id: 0x1234_5678, extended: true }])).toBe('t1230\rT123456780\r');
  });

  test('lets one 11-bit identifier through on each of its two filters', () => {
    // 0x123 << 5 = 0x2460 in AC0 and AC1, 0x456 << 5 = 0x8AC0 in AC2 and AC3; remote and data bits may be anything.
    const frames = [0x123, 0x124, 0x456, 0x457].map((id) => ({ id, length: 1 }));
    expect(heard('M24608AC0\rm001F001F\r', frames)).toBe('t123100\rt456100\r');
  });

  test('looks at the upper 16 bits of a 29-bit identifier', () => {
    const frames = [0x1234_5678, 0x1234_4000, 0x0234_5678].map((id) => ({ id, extended: true }));
    const upper = (0x1234_5678 >>> 13).toString(16).toUpperCase().padStart(4, '0');
    expect(heard(`M${upper}${upper}\rm00000000\r`, frames)).toBe('T123456780\rT123440000\r');
  });
});

describe('what an adapter can do at all', () => {
  test("python-can's opening works in every style: C, S8, an empty line, O, and O again", () => {
    expect(adapter('lawicel').ask('C\rS8\r\rO\rO\r')).toBe('\r\r\r\u0007');
    expect(adapter('slcanpty').ask('C\rS8\r\rO\rO\r')).toBe('\r\r\r\r');
    expect(adapter('canable').ask('C\rS8\r\rO\rO\r')).toBe('');
  });

  test.each(['lawicel', 'slcanpty', 'canable'] as const)('a %s adapter refuses what it does not have', (style) => {
    const { ask } = adapter(style);
    expect(ask('S9\rQ\rY5\r')).toBe(style === 'canable' ? '' : '\u0007\u0007\u0007');
  });

  test('slcanpty sends in any state, but hears only when open', () => {
    const { ask } = adapter('slcanpty');
    expect(ask('t00115A\r')).toBe('\r');
    expect(ask('O\rt00115A\r')).toBe('\r\rt00015A\r');
    expect(ask('P\rX0\rX1\rU0\r')).toBe('\u0007\u0007\r\u0007');
  });

  test('the bit timing registers set the rate as well as S does', () => {
    const { ask } = adapter('lawicel');
    expect(ask('s0014\rO\rt00115A\r')).toBe('\r\rz\rt00015A\r');
  });

  test('a listening adapter hears others, but does not send', () => {
    let answer = '';
    const [talker, echo] = [new Talker(), new Echo()];
    const device = new SlcanAdapter('lawicel', [talker, echo], (bytes) => (answer += String.fromCharCode(...bytes)));
    device.receive(ascii('S8\rL\rt00115A\r'), 0);
    talker.say({ id: 1, length: 1 }, 0);
    device.step(10_000);
    expect(answer).toBe('\r\r\u0007t001100\rt000100\r');
  });

  test('when nobody acknowledges, its queue fills, it refuses more, and its flags tell why', () => {
    const { ask, echo } = adapter('lawicel');
    echo.canBitRate = 0;
    ask('S8\rO\r');
    const answers = Array.from({ length: CAN_QUEUE_FRAMES + 2 }, (_, i) => ask('t00115A\r', 2_000 * i));
    expect(answers.filter((text) => text === 'z\r')).toHaveLength(CAN_QUEUE_FRAMES);
    expect(answers.slice(-2)).toEqual(['\u0007', '\u0007']);
    expect(ask('F\r', 50_000)).toBe('FA6\r');
    echo.canBitRate = 1_000_000;
    expect(ask('F\r', 60_000)).toContain('t00015A\r');
  });

  test('a frame takes its time on the bus: 55 bits and their stuffing, each way', () => {
    const { ask, device } = adapter('lawicel');
    ask('S8\rO\r');
    let heard = '';
    const timed = new SlcanAdapter('lawicel', [new Echo()], (bytes) => (heard += String.fromCharCode(...bytes)));
    timed.receive(ascii('S8\rO\rt00115A\r'), 0);
    heard = '';
    // 34 + 8 bits, up to 10 stuffed, and 13 that are not: 65 µs at 1 Mbit/s.
    timed.step(129);
    expect(heard).toBe('');
    timed.step(130);
    expect(heard).toBe('t00015A\r');
    expect(device.canBitRate).toBe(1_000_000);
  });
});

describe('the bus', () => {
  test('gives way to the lowest identifier, an 11-bit one before a 29-bit one, data before a request for it', () => {
    const nodes = Array.from({ length: 5 }, () => new Talker());
    const listener = new Talker();
    const bus = new CanBus([listener, ...nodes]);
    nodes[0]!.say({ id: 0x200 }, 0);
    nodes[1]!.say({ id: 0x100 << 18, extended: true }, 0);
    nodes[2]!.say({ id: 0x100 }, 0);
    nodes[3]!.say({ id: 0x0ff, remote: true }, 0);
    nodes[4]!.say({ id: 0x0ff }, 0);
    bus.advance(10_000);
    expect(listener.heard).toEqual(['ff', 'ff remote', '100', '4000000', '200']);
  });

  test('keeps the order of one sender, whatever the identifiers', () => {
    const [a, b] = [new Talker(), new Talker()];
    const bus = new CanBus([a, b]);
    for (const id of [3, 1, 2]) a.say({ id }, 0);
    bus.advance(10_000);
    expect(b.heard).toEqual(['3', '1', '2']);
    expect(a.heard).toEqual([]);
  });

  test('is not heard by nodes at another rate, and what a node without power had to say is gone', () => {
    const [a, b, c] = [new Talker(), new Talker(), new Talker()];
    const bus = new CanBus([a, b, c]);
    b.canBitRate = 500_000;
    a.say({ id: 1 }, 0);
    bus.advance(1_000);
    expect([b.heard, c.heard]).toEqual([[], ['1']]);
    c.canBitRate = 0;
    c.say({ id: 2 }, 1_000);
    a.say({ id: 3 }, 1_000);
    bus.advance(2_000);
    c.canBitRate = 1_000_000;
    bus.advance(3_000);
    expect([a.heard, c.heard]).toEqual([[], ['1', '3']]);
  });

  test('counts bits as the worst case of stuffing has it (Davis et al. 2007: 135 and 160 for 8 bytes)', () => {
    expect([canFrameBits({ ...emptyCanFrame(), length: 8 }), canFrameBits({ ...emptyCanFrame(), extended: true, length: 8 })]).toEqual([135, 160]);
  });
});
