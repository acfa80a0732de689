import { afterEach, expect, test } from 'vitest';
import { HUB_FRAME_MAX_BYTES, HUB_HEARTBEAT, HUB_STATE, HubFrameReader, HubFrameWriter, decodeHubState, emptyHubState, encodeHubHeartbeat } from '../../protocols/wire/sensor-hub.ts';
import { linkProtocolOf, type DriveProfile } from '../../protocols/drive-profile.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { bareCia402 } from '../../sim/drives/cia402-drive.ts';
import { bareCubemarsV3 } from '../../sim/drives/cubemars-v3-drive.ts';
import { LINE_STEP_US, STEP_US } from '../../sim/drives/device.ts';
import { bareDynamixel } from '../../sim/drives/dynamixel-drive.ts';
import { bareMit } from '../../sim/drives/mit-drive.ts';
import { bareMoteus } from '../../sim/drives/moteus-drive.ts';
import { VirtualRobot } from '../../sim/virtual-robot.ts';
import { averagePatient, gaitOrthosis } from './support/profile.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => parseInt(byte, 16));
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The shipped orthosis with a drive of another maker at each joint; every drive has a line named after what it speaks. */
function mixedProfile(drives: readonly DriveProfile[]): RobotProfile {
  const profile = gaitOrthosis();
  const protocols = [...new Set(drives.map(linkProtocolOf))];
  return {
    ...profile,
    links: [...protocols.map((protocol) => ({ id: protocol, protocol, baud: 921_600 })), { id: 'hub', protocol: 'sensor-hub', baud: 921_600 }],
    joints: profile.joints.map((joint, i) => ({ ...joint, drive: { ...drives[i]!, link: linkProtocolOf(drives[i]!) } })),
  };
}

const robots: VirtualRobot[] = [];
afterEach(() => {
  for (const robot of robots.splice(0)) robot.dispose();
});

/** Keeps the hub's relay closed, and hears what each line says. */
class MixedHost {
  readonly heard = new Map<string, number[]>();
  readonly #hub;
  readonly #writer = new HubFrameWriter();

  constructor(
    readonly robot: VirtualRobot,
    readonly profile: RobotProfile,
  ) {
    this.#hub = emptyHubState(profile.joints.length, profile.hub.footLoads);
    const reader = new HubFrameReader({ onHubFrame: (type, _sequence, _timeUs, payload) => void (type === HUB_STATE && decodeHubState(payload, this.#hub)), onDiscarded: () => {} });
    for (const { id } of profile.links) {
      this.heard.set(id, []);
      robot.connect(id, (bytes) => (id === profile.hub.link ? reader.push(bytes) : this.heard.get(id)!.push(...bytes)));
    }
  }

  say(link: string, bytes: Uint8Array): void {
    this.robot.receive(link, bytes, this.robot.nowUs);
  }

  run(ms: number): void {
    const untilUs = this.robot.nowUs + ms * 1_000;
    while (this.robot.nowUs < untilUs) {
      const payload = new Uint8Array(4);
      encodeHubHeartbeat(this.#hub.challenge, payload);
      const out = new Uint8Array(HUB_FRAME_MAX_BYTES);
      this.say(this.profile.hub.link, out.subarray(0, this.#writer.write(HUB_HEARTBEAT, this.robot.nowUs, payload, out)));
      this.robot.advanceTo(this.robot.nowUs + 4_000);
    }
  }

  ask(link: string, bytes: Uint8Array): string {
    const heard = this.heard.get(link)!;
    heard.length = 0;
    this.say(link, bytes);
    this.run(20);
    return Buffer.from(heard).toString('hex');
  }
}

async function mixedHost(drives: readonly DriveProfile[], seed = 1): Promise<MixedHost> {
  const profile = mixedProfile(drives);
  const robot = await VirtualRobot.create({ profile, seed, ...averagePatient });
  robots.push(robot);
  return new MixedHost(robot, profile);
}

/** AK V3 manual, 4.4: read all values; 5 A. */
const CUBEMARS_GET_VALUES = hex('AA 01 45 18 61 BB');
const CUBEMARS_5_A = hex('AA 05 47 00 00 13 88 30 1C BB');
/** Dynamixel e-manual, protocol 2.0, ping. */
const DYNAMIXEL_PING = hex('FF FF FD 00 01 03 00 01 19 4E');
const MOTEUS_QUERY = latin1('can send 8002 110011011f02\n');
const MIT_ENTER = latin1('S8\rO\rt0018FFFFFFFFFFFFFFFC\r');

const FOUR = [bareMit(1), bareMoteus(2), bareDynamixel(1), bareCubemarsV3(3)];

test('drives of four makers answer on their own lines, and only once the hub gives them power', async () => {
  const host = await mixedHost(FOUR);
  const questions = [
    ['slcan', MIT_ENTER, /7430303038303/],
    ['moteus', MOTEUS_QUERY, /^4f4b0a7263762032303020|^4f4b0d?0a72637620/],
    ['cubemars-v3', CUBEMARS_GET_VALUES, /^aa5545/],
    ['dynamixel2', DYNAMIXEL_PING, /^fffffd000107005500fc03/],
  ] as const;
  host.robot.setEstop(true);
  host.run(1_000);
  for (const [link, question, answer] of questions) expect(host.ask(link, question)).not.toMatch(answer);
  host.say('slcan', latin1('C\r'));
  host.robot.setEstop(false);
  host.run(1_500);
  for (const [link, question, answer] of questions) expect(host.ask(link, question)).toMatch(answer);
});

test('a set-point moves the joint that the drive sits on, and none but it is energised', async () => {
  const host = await mixedHost(FOUR);
  host.run(1_500);
  const before = host.profile.joints.map((_, i) => host.robot.body.positionRad(i));
  for (let i = 0; i < 10; i++) host.ask('cubemars-v3', CUBEMARS_5_A);
  const moved = host.profile.joints.map((_, i) => Math.abs(host.robot.body.positionRad(i) - before[i]!));
  expect(host.profile.joints.map((_, i) => host.robot.energised(i))).toEqual([false, false, false, true]);
  expect(moved[3]).toBeGreaterThan(0.05);
  expect(Math.max(moved[0]!, moved[1]!)).toBeLessThan(0.02);
});

test('wakes as often as its lines need it: those who take turns often, adapters and the hub once per physics step', async () => {
  const taking = await mixedHost(FOUR);
  expect(taking.robot.beatUs).toBe(LINE_STEP_US);
  const buffering = await mixedHost([bareMit(1), bareMit(2), bareCia402(3), bareCia402(4)]);
  expect(buffering.robot.beatUs).toBe(STEP_US);
});

test('the same seed gives the same bytes on every line, however often it is woken', async () => {
  const listen = async (stepUs: number): Promise<string> => {
    const host = await mixedHost(FOUR, 9);
    host.run(1_500);
    host.robot.fault({ kind: 'flipBits', link: 'moteus', rate: 0.002 });
    const lines: string[] = [];
    for (let i = 0; i < 20; i++) {
      host.say('moteus', MOTEUS_QUERY);
      host.say('dynamixel2', DYNAMIXEL_PING);
      const untilUs = host.robot.nowUs + 4_000;
      while (host.robot.nowUs < untilUs) host.robot.advanceTo(Math.min(untilUs, host.robot.nowUs + stepUs));
    }
    for (const [link, bytes] of host.heard) lines.push(`${link} ${Buffer.from(bytes).toString('hex')}`);
    return lines.join('\n');
  };
  const often = await listen(LINE_STEP_US);
  expect(often.length).toBeGreaterThan(1_000);
  expect(await listen(4_000)).toBe(often);
});
