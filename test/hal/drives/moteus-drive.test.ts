/** The host's moteus against the virtual controller, over an fdcanusb and over a UART, and byte for byte. */
import { describe, expect, test } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareMoteus } from '../../../sim/drives/moteus-drive.ts';
import { createLineRig } from './line-rig.ts';

const bare = bareMoteus(1);
const uart: DriveProfileOf<'moteus'> = { ...bare, line: 'uart' };
const geared: DriveProfileOf<'moteus'> = { ...bareMoteus(2), gearRatio: 6, direction: -1, zeroOffsetDeg: 20, stiffnessMaxNmPerRad: 200, dampingMaxNmsPerRad: 10, peakTorqueNm: 60, torqueRangeNm: 80 };

const lines = (sent: number[]): string[] => String.fromCharCode(...sent).split('\n').slice(0, -1);
type Rig = ReturnType<typeof createLineRig>;

/** The line to the host as a text, each of its lines as `rewrite` makes it. */
function rewriteLines(rig: Rig, rewrite: (line: string) => string): void {
  const write = rig.memory.device.write.bind(rig.memory.device);
  let rest = '';
  rig.memory.device.write = (chunk) => {
    const texts = (rest + String.fromCharCode(...chunk)).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) write(new TextEncoder().encode(`${rewrite(text)}\n`));
  };
}

async function rearm(rig: Rig): Promise<void> {
  rig.command.enable = false;
  await rig.ticks(2);
  await rig.enable();
}

describe.each([
  ['one controller on its UART', [uart]],
  ['two controllers behind an fdcanusb, one geared and reversed', [bare, geared]],
])('%s', (_name, drives) => {
  test('comes up disabled with its identity, obeys an impedance and is released again', async () => {
    const rig = createLineRig(drives);
    await rig.enable();
    expect(rig.drives[0]!.identity).toEqual({ model: '0x700', firmware: '0.1.10', serialNumber: '4d5002014d5001014d500001' });
    for (let i = 0; i < drives.length; i++) rig.set(i, { positionRad: 0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 4 });
    await rig.ticks(500);
    for (let i = 0; i < drives.length; i++) {
      expect(rig.joint(i).motorPositionRad).toBeCloseTo(0.3, 2);
      expect(rig.loads[i]!.position).toBeCloseTo(0.3, 2);
    }
    rig.command.enable = false;
    await rig.ticks(3);
    expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(drives.map(() => 'disabled'));
    expect(rig.virtual.drives.map((drive) => drive.energised)).toEqual(drives.map(() => false));
    expect(rig.notices).toEqual([]);
    expect(rig.link.stats).toMatchObject({ bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 });
    expect(rig.drives.every(({ statistics }) => statistics.refused === 0)).toBe(true);
  });

  test('answers every cycle at 250 Hz', async () => {
    const rig = createLineRig(drives);
    await rig.enable();
    const before = rig.joint().driveSequence;
    await rig.ticks(250);
    expect(rig.joint().driveSequence - before).toBe(250);
    expect(rig.joint().driveAgeUs).toBeLessThanOrEqual(4_000);
  });
});

test('what is sent is the frame of the manual: mode, set-point, watchdog and the question for the status', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rig.set(0, { positionRad: Math.PI / 2, stiffnessNmPerRad: 50, dampingNmsPerRad: 1, torqueNm: 1.5 });
  await rig.ticks(2);
  rig.sent.length = 0;
  await rig.ticks(1);
  expect(lines(rig.sent)).toEqual([
    // 01 00 0A position mode; 0C 06 20 six floats: 0.25 turns, 0, 1.5 Nm, 0.5, 0.2, 16 Nm; 02 28 no limits
    'can send 8001 01000A0C06200000803E000000000000C03F0000003FCDCC4C3E000080410228F6EC0527640011001F01120E15271970',
  ]);
  rig.command.enable = false;
  await rig.ticks(1);
  rig.sent.length = 0;
  await rig.ticks(1);
  // Stopped: the mode is written until it is seen, then only the watchdog and the question; 50 fills up to a CAN FD length.
  expect(lines(rig.sent)).toEqual(['can send 8001 0100000527640011001F01120E15271970505050']);
  await rig.ticks(2);
  rig.sent.length = 0;
  await rig.ticks(1);
  expect(lines(rig.sent)).toEqual(['can send 8001 0527640011001F01120E152719705050']);
});

test.each([
  ['fdcanusb', bare],
  ['UART', uart],
])('a cycle over %s costs what is planned for', async (_style, drive) => {
  const rig = createLineRig([drive]);
  await rig.enable();
  const device = rig.memory.device;
  let replyBytes = 0;
  const write = device.write.bind(device);
  device.write = (chunk) => {
    replyBytes += chunk.length;
    write(chunk);
  };
  rig.sent.length = 0;
  await rig.ticks(10);
  expect(rig.sent.length).toBe(10 * rig.protocol.cost.requestBytes);
  expect(replyBytes).toBe(10 * rig.protocol.cost.replyBytes);
});

test('a UART gets its checksum with every line, and a line without one is not believed', async () => {
  const rig = createLineRig([uart]);
  await rig.enable();
  expect(lines(rig.sent).slice(1).every((line) => / \*[0-9A-F]{2}$/.test(line))).toBe(true);
  const before = rig.joint().driveSequence;
  rig.memory.device.write(new TextEncoder().encode('rcv 00000100 2100012f01000000000000000000000000220e190025276400\r\n'));
  await rig.ticks(1);
  expect(rig.joint().driveState).toBe('enabled');
  expect(rig.link.stats.checksumErrors).toBe(1);
  expect(rig.joint().driveSequence).toBe(before + 1);
});

test('damping beyond the share that the drive allows is closed by the host', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rig.set(0, { dampingNmsPerRad: 4 });
  rig.loads[0]!.velocity = 1;
  await rig.ticks(2);
  rig.loads[0]!.velocity = 1;
  await rig.ticks(2);
  expect(rig.loads[0]!.torqueNm).toBeLessThan(-3);
  expect(rig.loads[0]!.torqueNm).toBeGreaterThan(-5);
});

describe('a drive that is not what the profile says is refused with a reason', () => {
  test('another model', async () => {
    const rig = createLineRig([bare], { deviceDrives: [{ ...bare, modelNumber: 0x800 }] });
    await rig.ticks(300);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.drives[0]!.refusal).toBe('its model number is 0x800 where the profile has 0x700. Check which drive has this address, or correct the profile.');
    expect(rig.notices.map(({ code }) => code)).toContain('driveRefused');
  });

  test('gains too small for the profile', async () => {
    const rig = createLineRig([bare], { deviceDrives: [{ ...bare, stiffnessMaxNmPerRad: 30 }] });
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toMatch(/^its servo\.pid_position\.kp is 188\.4955\d+, which at the joint is less than the greatest stiffness of the profile\. Raise it/);
  });

  test('one that does not tell its gains', async () => {
    const rig = createLineRig([bare]);
    rewriteLines(rig, (line) => line.replace(/rcv 100 4101[0-9A-F]+/, 'rcv 100 50'));
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toBe('it does not tell its console. Update its firmware, or where its console cannot be reached write its gains in the profile.');
    expect(rig.joint().driveState).toBe('absent');
  });
});

test('gains of the profile stand for a console that cannot be reached', async () => {
  const rig = createLineRig([{ ...bare, gains: { kpNmPerTurn: 2 * Math.PI * 100, kdNmPerTurnPerSec: 2 * Math.PI * 5 } }]);
  await rig.enable();
  expect(lines(rig.sent).some((line) => / 40/.test(line))).toBe(false);
  rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 4 });
  await rig.ticks(500);
  expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
});

describe('what is said once', () => {
  test('does not make a drive unfit: only the same answer again does', async () => {
    const rig = createLineRig([bare]);
    let identities = 0;
    rewriteLines(rig, (line) => line.replace('2A800200070000', () => (identities++ === 0 ? '2A800200080000' : '2A800200070000')));
    await rig.enable();
    expect(identities).toBe(2);
    expect(rig.drives[0]!.refusal).toBeNull();
  });
});

test('a value that the drive cannot have is refused and counted, and told as none from the answer on that has it', async () => {
  const rig = createLineRig([{ ...bare, positionRangeRad: 1 }]);
  await rig.enable();
  const { driveSequence } = rig.joint();
  rig.loads[0]!.position = 1.5;
  await rig.ticks(2);
  expect(rig.joint().motorPositionRad).toBeNaN();
  expect(rig.joint().driveSequence).toBeGreaterThan(driveSequence);
  await rig.ticks(8);
  expect(rig.joint().motorPositionRad).toBeNaN();
  expect(rig.joint().driveAgeUs).toBeGreaterThanOrEqual(36_000);
  expect(rig.drives[0]!.statistics.refused).toBeGreaterThanOrEqual(9);
});

test('answers of a clock that stands are old answers', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  let frozen = '';
  rewriteLines(rig, (line) => line.replace(/29 ?70[0-9A-F]{8}50 /, (clock) => (frozen === '' ? (frozen = clock) : frozen)));
  await rig.ticks(20);
  expect(rig.joint().driveAgeUs).toBeGreaterThan(40_000);
  expect(rig.drives[0]!.statistics.refused).toBeGreaterThan(10);
});

test('firmware without a clock register is used without it', async () => {
  const rig = createLineRig([bare]);
  rewriteLines(rig, (line) => line.replace(/2970[0-9A-F]{8}50 /, '31700150505050 '));
  await rig.enable();
  rig.sent.length = 0;
  await rig.ticks(3);
  expect(lines(rig.sent).every((line) => !line.includes('1970'))).toBe(true);
  expect(rig.joint().driveState).toBe('enabled');
});

test('an answer without the watchdog that was set is refused', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rewriteLines(rig, (line) => line.replace('25276400', '25270080'));
  await rig.ticks(20);
  expect(rig.joint().driveAgeUs).toBeGreaterThan(40_000);
});

test('two drives cannot share a UART', () => {
  expect(() => createLineRig([uart, { ...bareMoteus(2), line: 'uart' }])).toThrow('The moteus of joint0 is alone on its UART, but other drives have the same link. Give each a link of its own, or use an fdcanusb.');
});

test('a reset in mid-run shows as absent, is set up anew and does not move by itself afterwards', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rig.virtual.drives[0]!.reset(rig.clock.nowUs());
  await rig.until(() => rig.joint().driveState === 'absent');
  await rig.until(() => rig.joint().driveState === 'disabled');
  await rig.ticks(50);
  expect(rig.virtual.drives[0]!.energised).toBe(false);
  await rearm(rig);
  expect(rig.virtual.drives[0]!.energised).toBe(true);
});

test('a drive left alone lets go when its watchdog is over, and stays so until disarmed and armed', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rig.set(0, { torqueNm: 5 });
  rig.loads[0]!.held = true;
  await rig.ticks(5);
  expect(rig.loads[0]!.torqueNm).toBeCloseTo(5, 1);
  rig.advance(120_000);
  expect(rig.loads[0]!.torqueNm).toBe(0);
  await rig.ticks(10);
  expect(rig.joint().driveState).toBe('disabled');
  expect(rig.virtual.drives[0]!.energised).toBe(false);
  await rearm(rig);
});

test('another mode than commanded shows as not enabled', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rig.virtual.drives[0]!.faults.wrongMode = true;
  await rig.ticks(5);
  expect(rig.joint().driveState).toBe('disabled');
});

test('a drive that ignores commands is shown as it is: still enabled, with the torque it makes', async () => {
  const rig = createLineRig([bare]);
  await rig.enable();
  rig.loads[0]!.held = true;
  rig.set(0, { torqueNm: 3 });
  await rig.ticks(5);
  rig.virtual.drives[0]!.faults.ignoresCommands = true;
  rig.set(0, { torqueNm: -3 });
  await rig.ticks(60);
  expect(rig.joint().motorTorqueNm).toBeCloseTo(3, 1);
  rig.command.enable = false;
  await rig.ticks(60);
  expect(rig.joint().driveState).toBe('enabled');
});

test('a fault stays until it is cleared by disarming after arming', async () => {
  const rig = createLineRig([{ ...bare, tempLimitC: 80, tempWarnC: 60 }], { deviceDrives: [{ ...bare, tempLimitC: 20, tempWarnC: 15 }] });
  rig.command.enable = false;
  await rig.until(() => rig.joint().driveState === 'disabled');
  rig.command.enable = true;
  await rig.until(() => rig.joint().driveState === 'fault');
  expect(rig.joint().driveErrorCode).toBe(38);
  await rig.ticks(20);
  expect(rig.joint().driveState).toBe('fault');
  rig.command.enable = false;
  await rig.ticks(3);
  expect(rig.joint().driveState).toBe('disabled');
});

test('leaving the port leaves the drive stopped', async () => {
  const rig = createLineRig([uart]);
  await rig.enable();
  rig.sent.length = 0;
  await rig.link.close();
  expect(lines(rig.sent)).toEqual(['can send 8001 010000 *FF']);
  rig.advance(5_000);
  expect(rig.virtual.drives[0]!.energised).toBe(false);
});
