import { describe, expect, test } from 'vitest';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { DriveLine } from '../../../hal/drives/drive-line.ts';
import { emptyDriveStatistics, type Drive, type LineProtocol } from '../../../hal/drives/drive.ts';
import { Link } from '../../../hal/link.ts';
import type { Notice } from '../../../hal/notice.ts';
import type { PortInfo } from '../../../hal/ports.ts';
import { transportAt } from '../../../hal/transport/at-address.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import type { TransportFactory } from '../../../hal/transport/transport.ts';
import { PermittedCommand, type JointCommand } from '../../../protocols/joints.ts';
import { bareDynamixel } from '../../../sim/drives/dynamixel-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { createRobotRig, gaitOrthosis, PERIOD_US } from '../robot-rig.ts';
import { createLineRig, jointWith } from './line-rig.ts';

const REQUEST = [0x3f];
const REPLY = 0x21;

/** A drive that is asked with `?` and answers with `!`; nothing else is of interest to its line. */
class StubDrive implements Drive {
  readonly joint = jointWith(bareMit(1));
  readonly capability = { setPoint: 'impedance', watchdog: 'proof' } as const;
  readonly identity = null;
  refusal: string | null = null;
  readonly statistics = emptyDriveStatistics();
  readonly commands: [enable: boolean, torqueNm: number][] = [];
  sent = 0;

  onLinkOpen(): void {}
  onLinkClosed(): void {}
  command(enable: boolean, { torqueNm }: Readonly<JointCommand>): void {
    this.commands.push([enable, torqueNm]);
  }
  onSent(): void {
    this.sent++;
  }
  read(): void {}
}

class StubLine implements LineProtocol {
  readonly drives = [new StubDrive(), new StubDrive()];
  readonly cost = { requestBytes: 2, replyBytes: 2 };
  readonly hasAdapter = false;
  readonly silenceAdvice = 'Check the plug.';
  readonly replyPatienceUs = 10_000;
  awaitsReply = false;
  pushedBytes = 0;
  timeouts = 0;
  #turn = 0;
  #answered = 0;

  constructor(
    readonly turnTaking: boolean,
    private readonly counters: { framesReceived: number; bytesDiscarded: number },
  ) {}

  onOpen(): void {}
  encodeOpening(_out: Uint8Array, at: number): number {
    return at;
  }
  onClosed(): void {}
  beginCycle(): void {
    this.#turn = 0;
  }
  encode(_nowUs: number, out: Uint8Array, at: number): number {
    const drive = this.drives[this.#turn];
    if (drive === undefined) return at;
    this.#turn++;
    drive.statistics.requests++;
    this.awaitsReply = this.turnTaking;
    out.set(REQUEST, at);
    return at + REQUEST.length;
  }
  onReplyTimeout(): void {
    this.timeouts++;
    this.awaitsReply = false;
  }
  push(chunk: Uint8Array): void {
    this.pushedBytes += chunk.length;
    for (const byte of chunk) {
      if (byte === REPLY) {
        this.counters.framesReceived++;
        const answers = this.turnTaking ? Math.max(0, this.#turn - 1) : this.#answered++ % this.drives.length;
        this.drives[answers]!.statistics.replies++;
        this.awaitsReply = false;
      } else this.counters.bytesDiscarded++;
    }
  }
  encodeFarewell(out: Uint8Array, at: number): number {
    out[at] = 0x2e;
    return at + 1;
  }
}

/** @param answer what the device sends for a request; null: nothing */
function createStubRig(turnTaking: boolean, answer: Uint8Array | null = Uint8Array.of(REPLY)) {
  const clock = new ManualClock(1_000_000);
  const scheduler = new ManualScheduler(clock);
  const notices: Notice[] = [];
  const memory = createMemoryLink('line');
  const link = new Link({ id: 'line', factory: memory.factory, scheduler, onNotice: (notice) => notices.push(notice) });
  const protocol = new StubLine(turnTaking, link.stats);
  const line = new DriveLine(protocol, [0, 1], link, clock);
  const command = PermittedCommand.mint(2);
  const writes: number[] = [];
  const device = { answer, delayUs: 1_000 };
  memory.device.onBytes = (chunk) => {
    writes.push(chunk.length);
    for (let i = 0; i < chunk.length; i++) scheduler.after(device.delayUs / 1_000, () => device.answer !== null && memory.device.write(device.answer));
  };
  link.start(line);
  const tick = async (count = 1, eachStep = (): void => {}): Promise<void> => {
    for (let cycle = 0; cycle < count; cycle++) {
      for (let step = 0; step < 8; step++) {
        clock.advanceUs(PERIOD_US / 8);
        scheduler.runDue();
        eachStep();
        await Promise.resolve();
      }
      line.send(command, clock.nowUs(), true);
    }
  };
  return { clock, notices, link, memory, protocol, line, command, writes, device, tick };
}

const codes = (notices: readonly Notice[]): string[] => notices.map((notice) => notice.code);

describe('what a cycle sends', () => {
  test('goes out in one write where requests do not wait', async () => {
    const { tick, writes, protocol, command } = createStubRig(false);
    command.joints[1]!.torqueNm = 3;
    await tick(2);
    expect(writes).toEqual([2, 2]);
    expect(protocol.drives[1]!.commands.at(-1)).toEqual([false, 3]);
    expect(protocol.drives.map((drive) => drive.sent)).toEqual([2, 2]);
  });

  test('goes out one by one, each after the answer before it, where the wire is shared', async () => {
    const { tick, writes, protocol } = createStubRig(true);
    await tick(10);
    expect(new Set(writes)).toEqual(new Set([1]));
    expect(protocol.drives.map((drive) => drive.statistics.requests)).toEqual([10, 9]);
    expect(protocol.timeouts).toBe(0);
  });

  test('is asked again after an answer that did not come in time, and the line goes on', async () => {
    const { tick, protocol } = createStubRig(true, null);
    await tick(100);
    // Patience of 10 ms is over in every third cycle of 4 ms.
    expect(protocol.timeouts).toBe(33);
    expect(protocol.drives[0]!.statistics.requests).toBe(34);
  });

  test('does not run away from firmware that answers late: one request is on the wire at a time', async () => {
    const { tick, protocol, device, writes } = createStubRig(true);
    device.delayUs = 30_000;
    await tick(1_000);
    expect(writes.length).toBeLessThan(1_000);
    expect(protocol.timeouts).toBeGreaterThan(0);
    // Never more under way than the patience lets out.
    const [requests, replies] = ['requests', 'replies'].map((what) => protocol.drives.reduce((sum, drive) => sum + drive.statistics[what as 'requests' | 'replies'], 0));
    expect(requests! - replies!).toBeLessThanOrEqual(4);
  });
});

describe('what people are told', () => {
  test('of a line where nothing answers: once, with what to look at', async () => {
    const { tick, notices } = createStubRig(false, null);
    await tick(1_000);
    expect(notices).toEqual([expect.objectContaining({ code: 'adapterSilent', message: 'Nothing answers on line. Check the plug.' })]);
  });

  test('of a drive that is refused: its reason, once', async () => {
    const { tick, notices, protocol } = createStubRig(false);
    protocol.drives[0]!.refusal = 'its watchdog stays off. Check it.';
    await tick(600);
    expect(notices).toEqual([expect.objectContaining({ code: 'driveRefused', message: expect.stringContaining('its watchdog stays off. Check it.') })]);
  });

  test('of two drives with one address: once, with the counts', async () => {
    const { tick, notices } = createStubRig(true, Uint8Array.of(REPLY, REPLY));
    await tick(1_000);
    expect(codes(notices)).toEqual(['driveDoubled', 'driveDoubled']);
    expect(notices[0]!.message).toMatch(/answers \d+ times to \d+ requests: two drives have this address\. Give each drive an address of its own\./);
  });

  test('of something that speaks otherwise: once, instead of calling every drive silent; and not of text at boot', async () => {
    const { tick, notices, device } = createStubRig(false, Buffer.from('hello'));
    await tick(200);
    device.answer = Uint8Array.of(REPLY);
    await tick(1_000);
    expect(codes(notices)).toEqual([]);
    device.answer = Buffer.from('hello');
    await tick(2_000);
    expect(notices).toEqual([expect.objectContaining({ code: 'wrongDevice', message: expect.stringContaining('dari ports --identify') })]);
  });
});

describe('a device that sends a hundred times what it is asked for', () => {
  const flood = Buffer.alloc(2_000, REPLY);

  test('costs a bounded share of every cycle, is told once, and is told when it is over', async () => {
    const { tick, notices, protocol, link, memory } = createStubRig(false);
    const budgetBytes = 2_048 + 2 * protocol.cost.replyBytes;
    await tick(1_000, () => memory.device.write(flood));
    expect(protocol.pushedBytes / 1_000).toBeLessThanOrEqual(budgetBytes);
    expect(link.stats.bytesDiscarded).toBeGreaterThan(1_000 * (8 * flood.length - budgetBytes));
    expect(codes(notices).filter((code) => code === 'deviceBabbles')).toHaveLength(1);
    await tick(600);
    expect(codes(notices).filter((code) => code === 'deviceBabbles')).toHaveLength(1);
    expect(notices.at(-1)).toMatchObject({ code: 'linkUp', message: expect.stringContaining('no longer sends more') });
    await tick(300, () => memory.device.write(flood));
    expect(codes(notices).filter((code) => code === 'deviceBabbles')).toHaveLength(2);
  });

  test('is not blamed for what waited while this computer stood still', async () => {
    const { clock, links, ticks, notices } = createRobotRig();
    await ticks(20);
    clock.advanceUs(400_000);
    links.get('hub')!.device.write(Buffer.alloc(20_000, 0x55));
    await ticks(400);
    expect(notices.filter((notice) => notice.code === 'deviceBabbles')).toEqual([]);
  });

  test('is as bounded when it is the sensor hub: the drives keep answering, and the hub is named', async () => {
    const { links, ticks, tick, notices } = createRobotRig();
    await ticks(20);
    const noise = Buffer.alloc(100_000, 0x55);
    for (let cycle = 0; cycle < 500; cycle++) {
      links.get('hub')!.device.write(noise);
      await tick();
    }
    const inputs = await tick();
    expect(inputs.links[2]!.bytesDiscarded).toBeGreaterThan(490 * noise.length);
    expect(inputs.joints.map((joint) => joint.driveAgeUs)).toEqual([PERIOD_US, PERIOD_US, PERIOD_US, PERIOD_US]);
    expect(notices.filter((notice) => notice.code === 'deviceBabbles').map((notice) => notice.linkId)).toEqual(['hub']);
  });

  test('does not disturb the other links of the robot, and memory stays flat', async () => {
    const { links, ticks, tick, notices } = createRobotRig();
    await ticks(20);
    const noise = Buffer.alloc(10_000, 0x55);
    const before = process.memoryUsage().arrayBuffers;
    for (let cycle = 0; cycle < 1_500; cycle++) {
      links.get('leg-left')!.device.write(noise);
      await tick();
    }
    const inputs = await tick();
    expect(inputs.joints.slice(2).map((joint) => [joint.driveState, joint.driveAgeUs])).toEqual([['disabled', PERIOD_US], ['disabled', PERIOD_US]]);
    expect(notices.filter((notice) => notice.code === 'deviceBabbles').map((notice) => notice.linkId)).toEqual(['leg-left']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });
});

/** A machine on which the adapter gets another name with every plugging. */
function createRenamingMachine() {
  const ports: PortInfo[] = [];
  const opened: string[] = [];
  let number = 0;
  const plug = (): void => {
    ports[0] = { path: `/dev/ttyUSB${number++}`, serialNumber: 'A1B2' };
  };
  plug();
  const wrap =
    (factory: TransportFactory): TransportFactory =>
      transportAt('usb:A1B2', 921_600, {
        list: async () => ports,
        openDevice: (path) => {
          opened.push(path);
          return factory();
        },
      });
  return { opened, wrap, plug, unplug: () => (ports.length = 0) };
}

test.each([
  ['SLCAN', [bareMit(1), bareMit(2)]],
  ['Dynamixel', [bareDynamixel(1), bareDynamixel(2)]],
])('a %s line that is pulled and comes back under another name, 50 times, always ends connected, disarmed and correct', async (_name, drives) => {
  const machine = createRenamingMachine();
  const rig = createLineRig(drives, { wrap: machine.wrap });
  await rig.enable();
  for (let pull = 0; pull < 50; pull++) {
    machine.unplug();
    rig.memory.device.unplug();
    rig.virtual.device.unplugged();
    await rig.ticks(1 + (pull % 7));
    expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['absent', 'absent']);
    await rig.ticks(40);
    machine.plug();
    rig.memory.device.plug();
    // The command still says enable: nothing may follow it.
    await rig.until(() => rig.inputs.joints.every((joint) => joint.driveState === 'disabled'));
    await rig.ticks(20);
    expect(rig.virtual.drives.map((drive) => drive.energised)).toEqual([false, false]);
    rig.loads[0]!.position = 0.001 * pull;
    rig.loads[0]!.velocity = 0;
    rig.loads[0]!.held = true;
    await rig.ticks(20);
    expect(rig.joint(0).motorPositionRad).toBeCloseTo(0.001 * pull, 2);
  }
  expect(new Set(machine.opened).size).toBe(51);
  rig.command.enable = false;
  await rig.ticks(3);
  await rig.enable();
  expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['enabled', 'enabled']);
  expect(rig.notices.filter((notice) => notice.code !== 'portLost' && notice.code !== 'portNotFound' && notice.code !== 'linkUp')).toEqual([]);
});

test('another device on the port after a replug is named, and its drives stay absent', async () => {
  const rig = createLineRig(gaitOrthosis().joints.slice(0, 2).map((joint) => joint.drive));
  await rig.enable();
  rig.memory.device.unplug();
  await rig.ticks(10);
  rig.memory.device.onBytes = () => rig.memory.device.write(Buffer.from('invalid command format\r\n'));
  rig.memory.device.plug();
  await rig.ticks(900);
  expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['absent', 'absent']);
  expect(codes(rig.notices)).toContain('wrongDevice');
});
