/** The virtual moteus and its line against lines as others' hosts send them. */
import { describe, expect, test } from 'vitest';
import { bareMoteus } from '../../../sim/drives/moteus-drive.ts';
import { createMoteusLine } from '../../../sim/drives/fdcanusb.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

const [STOP, POSITION, DAMPED] = [0, 10, 12];

/** A host of its own: writes lines, keeps what comes back; time passes only when it says so. */
function bench(count = 1, style: 'fdcanusb' | 'uart' = 'fdcanusb') {
  const loads = Array.from({ length: count }, () => new TestLoad());
  let received = '';
  let nowUs = 0;
  const line = createMoteusLine(
    loads.map((joint, i) => ({ drive: { ...bareMoteus(i + 1), line: style }, joint })),
    (bytes) => (received += String.fromCharCode(...bytes)),
  );
  const rig = {
    loads,
    line,
    drive: line.drives[0]!,
    now: () => nowUs,
    /** @returns the lines that come back */
    say: (text: string): string[] => {
      received = '';
      line.device.receive(new TextEncoder().encode(`${text}\n`), nowUs);
      return received.split('\r\n').slice(0, -1);
    },
    /** Data of the one answer to a frame to drive 1, as numbers. */
    ask: (hex: string): DataView => {
      const [ok, answer = ''] = rig.say(`can send 8001 ${hex}`);
      expect(ok).toBe('OK');
      const bytes = Uint8Array.from(answer.split(' ')[2]!.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      return new DataView(bytes.buffer);
    },
    mode: (): number => rig.ask('1100').getInt8(2),
    fault: (): number => rig.ask('110f').getInt8(2),
    run: (ms: number, each: () => void = () => {}): void => {
      for (let i = 0; i < ms; i++) {
        each();
        nowUs += 1_000;
        line.device.step(nowUs);
        for (const drive of line.drives) drive.step(nowUs, 0.001);
        for (const load of loads) load.step(0.001);
      }
    },
  };
  for (const drive of line.drives) drive.setPower(true, 0);
  rig.run(250);
  return rig;
}

const f32 = (...values: number[]): string => Array.from(new Uint8Array(Float32Array.from(values).buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

describe('to the moteus Python library', () => {
  test('a query with the default resolution is answered in the form that its parser reads', () => {
    const rig = bench();
    rig.loads[0]!.position = Math.PI;
    // Controller.make_query(), sent by FdcanusbDevice with its flags
    expect(rig.say('can send 8001 11001F01130D BF')).toEqual(['OK', 'rcv 100 2100002F010000003F0000000000000000230D3019005050 e B F r f-1']);
  });

  test('set_stop, set_position and rezero are obeyed', () => {
    const rig = bench();
    // make_position(position=0.25, velocity=0, maximum_torque=16), then NOPs
    const go = `can send 8001 01000A0E20${f32(0.25, 0)}0D25${f32(16)}11001F01130D50505050 BF`;
    rig.run(1_500, () => rig.say(go));
    expect(rig.mode()).toBe(POSITION);
    expect(rig.loads[0]!.position).toBeCloseTo(Math.PI / 2, 2);
    expect(rig.ask('110b').getInt8(2)).toBe(1);
    rig.say('can send 0001 010000 BF');
    rig.run(2);
    expect([rig.mode(), rig.loads[0]!.torqueNm, rig.drive.energised]).toEqual([STOP, 0, false]);
    rig.say(`can send 0001 0DB102${f32(-1)}`);
    expect(rig.ask('1D01').getFloat32(2, true)).toBeCloseTo(-1, 3);
  });

  test('newer hosts protect their lines on any port that is no adapter, and get protected ones back', () => {
    const rig = bench();
    expect(rig.say('can send 8001 01000011001F01130D505050 BF *CF')[0]).toBe('OK *BD');
    expect(rig.say('can send 8001 01000011001F01130D505050 BF *CF')[1]).toMatch(/^rcv 100 [0-9A-F]+ e B F r f-1 \*[0-9A-F]{2}$/);
    expect(rig.say('can send 8001 1100')[0]).toBe('OK');
    expect(rig.say('can send 8001 1100 *00')).toEqual(['ERR checksum']);
  });

  test('discovery asks everybody for their UUID', () => {
    const rig = bench(3);
    const answers = rig.say('can send 807f 1804D002 bF');
    expect(answers.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['OK', 'rcv 100', 'rcv 200', 'rcv 300']);
    expect(new Set(answers).size).toBe(4);
  });

  test('a UUID mask picks one of the controllers of a frame to everybody', () => {
    const rig = bench(2);
    const uuid = rig.say('can send 8002 1904D002'.replace('1904', '1804'))[1]!.split(' ')[2]!.slice(8, 40);
    expect(rig.say(`can send 807f 0804D402${uuid}1100`).map((line) => line.split(' ')[1])).toEqual([undefined, '200']);
  });

  test('the console behind the tunnel reads, sets, keeps and lists the configuration', () => {
    const rig = bench();
    const type = (text: string): string => {
      rig.say(`can send 0001 4001${text.length.toString(16).padStart(2, '0')}${Array.from(text, (letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`);
      let heard = '';
      for (;;) {
        const answer = rig.ask('42013d');
        const part = Array.from({ length: answer.getUint8(2) }, (_, i) => String.fromCharCode(answer.getUint8(3 + i))).join('');
        if (part === '') return heard;
        heard += part;
      }
    };
    expect(type('conf get servo.default_timeout_s\n')).toBe('0.100000\r\n');
    expect(type('conf set servo.timeout_mode 0\n')).toBe('OK\r\n');
    expect(type('conf get servo.timeout_mode\n')).toBe('0\r\n');
    expect(type('conf enumerate\n')).toMatch(/^id\.id 1\r\n[\s\S]*servo\.max_current_A 100\r\n[\s\S]*OK\r\n$/);
    expect(type('conf get servo.nothing\n')).toBe('ERR error reading\r\n');
    expect(type('what\n')).toBe('ERR unknown command\r\n');
    rig.drive.reset(rig.now());
    rig.run(250);
    expect(type('conf get servo.timeout_mode\n')).toBe('12\r\n');
    type('conf set servo.timeout_mode 15\nconf write\n');
    rig.drive.reset(rig.now());
    rig.run(250);
    expect(type('conf get servo.timeout_mode\n')).toBe('15\r\n');
    rig.say(`can send 0001 01000A0C06200000000000000000000000000000000000000000${f32(0)}`);
    rig.run(20);
    expect(type('d stop\n')).toBe('OK\r\n');
    rig.run(2);
    expect(rig.mode()).toBe(STOP);
  });
});

describe('the fdcanusb adapter', () => {
  test('knows its commands and its errors', () => {
    const rig = bench();
    expect(rig.say('can status')).toEqual(['mode:BUSON', 'OK']);
    expect(rig.say('can on')).toEqual(['ERR already in BusOn']);
    expect(rig.say('can off')).toEqual(['OK']);
    expect(rig.say('can std 8001 1100')).toEqual(['ERR not in BusOn state']);
    expect(rig.say('conf set can.bitrate 500000')).toEqual(['OK']);
    expect(rig.say('conf get can.bitrate')).toEqual(['500000', 'OK']);
    expect(rig.say('can on')).toEqual(['OK']);
    expect(rig.say('can ext 8001 1100')[1]).toMatch(/^rcv 100 210000/);
    expect(rig.say('can jump')).toEqual(['ERR unknown subcommand']);
    expect(rig.say('hello')).toEqual(['ERR unknown command']);
    expect(rig.say('can send 8001 110')).toEqual(['ERR data invalid length']);
    expect(rig.say('conf get no.such')).toEqual(['ERR error reading']);
  });

  test('acknowledges also when the controllers have no power, and each frame only finds its own', () => {
    const rig = bench(2);
    expect(rig.say('can send 8002 1100').map((line) => line.split(' ')[1])).toEqual([undefined, '200']);
    expect(rig.say('can send 8005 1100')).toEqual(['OK']);
    for (const drive of rig.line.drives) drive.setPower(false, rig.now());
    expect(rig.say('can send 8001 1100')).toEqual(['OK']);
  });
});

describe('a controller on its own UART', () => {
  test('always protects what it says and wants protection from the first protected line on', () => {
    const rig = bench(1, 'uart');
    expect(rig.say('can send 8001 1100')).toEqual([expect.stringMatching(/^OK \*BD$/), expect.stringMatching(/^rcv 00000100 210000 \*[0-9A-F]{2}$/)]);
    expect(rig.say('can send 8001 01000011001F01130D505050 BF *CF')[0]).toBe('OK *BD');
    expect(rig.say('can send 8001 1100')).toEqual([expect.stringMatching(/^ERR checksum \*[0-9A-F]{2}$/)]);
    rig.drive.reset(rig.now());
    expect(rig.say('can send 8001 1100')).toEqual([]);
    rig.run(250);
    expect(rig.say('can send 8001 1100')[0]).toBe('OK *BD');
  });

  test('is silent without power and knows only "can send"', () => {
    const rig = bench(1, 'uart');
    expect(rig.say('can status')[0]).toMatch(/^ERR unknown command/);
    rig.drive.setPower(false, rig.now());
    expect(rig.say('can send 8001 1100')).toEqual([]);
  });
});

describe('registers', () => {
  test('come in four types with their units, and NaN as the most negative integer', () => {
    const rig = bench();
    rig.loads[0]!.position = Math.PI / 2;
    expect(rig.ask('1101').getInt8(2)).toBe(25);
    expect(rig.ask('1501').getInt16(2, true)).toBe(2_500);
    expect(rig.ask('1901').getInt32(2, true)).toBe(25_000);
    expect(rig.ask('1D01').getFloat32(2, true)).toBeCloseTo(0.25);
    expect(rig.ask('1526').getInt16(2, true)).toBe(-32_768);
  });

  test('identity is told in 32 bits only', () => {
    const rig = bench();
    expect(rig.ask('1A8002').getInt32(3, true)).toBe(0x700);
    expect(rig.ask('118002').getUint8(0)).toBe(0x31);
  });

  test('an unknown or read-only register is an error: 30 for a write, 31 for a read, which also ends the frame', () => {
    const rig = bench();
    expect([0, 1, 2].map((i) => rig.ask('0165001100').getUint8(i))).toEqual([0x30, 0x65, 1]);
    expect([0, 1, 2].map((i) => rig.ask('010100').getUint8(i))).toEqual([0x30, 1, 2]);
    expect([0, 1, 2].map((i) => rig.ask('11651100').getUint8(i))).toEqual([0x31, 0x65, 1]);
    expect([0, 1, 2].map((i) => rig.ask('010063').getUint8(i))).toEqual([0x30, 0, 3]);
  });

  test('the milliseconds count from the start', () => {
    const rig = bench();
    const before = rig.ask('1970').getInt32(2, true);
    rig.run(100);
    expect(rig.ask('1970').getInt32(2, true) - before).toBe(100);
  });
});

describe('modes', () => {
  const go = (timeout: string): string => `01000A0C0620${f32(0.5, 0, 0, 1, 1, 3)}${timeout}`;

  test('position mode is entered through enabling, holds to the torque of the command and says so', () => {
    const rig = bench();
    rig.ask(go(''));
    rig.run(3);
    expect(rig.mode()).toBe(2);
    rig.run(20, () => rig.ask(go('')));
    expect(rig.mode()).toBe(POSITION);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(3, 5);
    expect(rig.fault()).toBe(102);
  });

  test('the watchdog latches the timeout mode, in which it brakes as shipped, until a stop', () => {
    const rig = bench();
    rig.run(30, () => rig.ask(go('')));
    rig.loads[0]!.velocity = 1;
    rig.run(110);
    expect(rig.mode()).toBe(11);
    expect(rig.loads[0]!.torqueNm * rig.loads[0]!.velocity).toBeLessThan(0);
    rig.run(10, () => rig.ask(go('')));
    expect(rig.mode()).toBe(11);
    rig.ask('010000');
    rig.run(2);
    rig.run(30, () => rig.ask(go('')));
    expect(rig.mode()).toBe(POSITION);
  });

  test('the timeout of a command counts: 20 ms trips after 20 ms, NaN never', () => {
    const rig = bench();
    rig.run(30, () => rig.ask(go(`0D27${f32(0.02)}`)));
    rig.run(19);
    expect(rig.mode()).toBe(POSITION);
    rig.run(3);
    expect(rig.mode()).toBe(11);
    rig.ask('010000');
    rig.run(2);
    rig.ask(go(`0D27${f32(NaN)}`));
    rig.run(2_000);
    expect(rig.mode()).toBe(POSITION);
  });

  test('position NaN stays where it is, and the derivative scale is held to the proportional one', () => {
    const rig = bench();
    rig.loads[0]!.position = 0.7;
    const hold = `01000A0D20${f32(NaN)}`;
    rig.run(200, () => rig.ask(hold));
    expect(rig.loads[0]!.position).toBeCloseTo(0.7, 3);
    rig.run(5, () => rig.ask(`01000A0C0520${f32(NaN, 0, 0, 0, 1)}`));
    rig.loads[0]!.velocity = 1;
    rig.run(1, () => rig.ask(`01000A0C0520${f32(NaN, 0, 0, 0, 1)}`));
    expect(rig.loads[0]!.torqueNm).toBe(0);
  });

  test('zero velocity, stay within and brake', () => {
    const rig = bench();
    rig.run(20, () => rig.ask('01000C'));
    rig.loads[0]!.velocity = 0.5;
    rig.run(2, () => rig.ask('01000C'));
    expect(rig.loads[0]!.torqueNm).toBeLessThan(0);
    rig.loads[0]!.velocity = 0;
    rig.loads[0]!.position = 0;
    const within = `01000D0E40${f32(0.1, 0.2)}`;
    rig.run(10, () => rig.ask(within));
    expect(rig.loads[0]!.torqueNm).toBeGreaterThan(0);
    rig.run(1_000, () => rig.ask(within));
    expect(rig.loads[0]!.position).toBeGreaterThan(0.1 * 2 * Math.PI - 0.02);
    rig.ask('01000F');
    rig.loads[0]!.velocity = 1;
    rig.run(2);
    expect([rig.mode(), rig.loads[0]!.torqueNm < 0]).toEqual([15, true]);
  });

  test('a fault has its code and is left only by a stop; started outside its bounds it faults with 39', () => {
    const rig = bench();
    const limit = 'conf set servopos.position_max -1\n';
    rig.say(`can send 0001 4001${limit.length.toString(16)}${Buffer.from(limit).toString('hex')}`);
    rig.run(30, () => rig.ask(go('')));
    expect([rig.mode(), rig.fault()]).toEqual([1, 39]);
    expect(rig.drive.energised).toBe(false);
    rig.ask('010000');
    rig.run(2);
    expect([rig.mode(), rig.fault()]).toEqual([STOP, 0]);
  });

  test('too hot, it faults with 38', () => {
    const rig = bench();
    const limit = 'conf set servo.fault_temperature 20\n';
    rig.say(`can send 0001 4001${limit.length.toString(16)}${Buffer.from(limit).toString('hex')}`);
    rig.run(30, () => rig.ask(go('')));
    expect([rig.mode(), rig.fault()]).toEqual([1, 38]);
  });

  test('the planned motion keeps the limits of velocity and acceleration', () => {
    const rig = bench();
    let fastest = 0;
    const slow = `01000A0E20${f32(0.5, 0)}0E28${f32(0.2, 1)}`;
    rig.run(4_000, () => {
      rig.ask(slow);
      fastest = Math.max(fastest, Math.abs(rig.ask('1D39').getFloat32(2, true)));
    });
    expect(fastest).toBeCloseTo(0.2, 3);
    expect(rig.loads[0]!.position).toBeCloseTo(Math.PI, 1);
    expect(rig.ask('110b').getInt8(2)).toBe(1);
  });
});

describe('what can be wrong inside', () => {
  const go = `01000A0C0620${f32(0.5, 0, 0, 1, 1, 3)}`;

  test('frozen report, ignored commands, another mode, another identity', () => {
    const rig = bench();
    rig.drive.faults.frozenReport = true;
    rig.loads[0]!.position = 1;
    expect(rig.ask('1D01').getFloat32(2, true)).toBe(0);
    rig.drive.faults.frozenReport = false;
    rig.drive.faults.ignoresCommands = true;
    rig.run(30, () => rig.ask(go));
    expect([rig.mode(), rig.loads[0]!.torqueNm]).toEqual([STOP, 0]);
    rig.drive.faults.ignoresCommands = false;
    rig.drive.faults.wrongMode = true;
    rig.run(30, () => rig.ask(go));
    expect(rig.mode()).toBe(DAMPED);
    rig.drive.faults.wrongIdentity = true;
    expect(rig.ask('198002').getInt32(3, true)).not.toBe(0x700);
  });

  test('after a reset it is silent while it boots, then stopped, and does not move by itself', () => {
    const rig = bench();
    rig.run(30, () => rig.ask(go));
    rig.drive.reset(rig.now());
    expect(rig.say('can send 8001 1100')).toEqual(['OK']);
    rig.run(250);
    expect([rig.mode(), rig.loads[0]!.torqueNm]).toEqual([STOP, 0]);
  });
});
