/** A whole robot on memory links and virtual time. */
import { readFileSync } from 'node:fs';
import { MonitorInProcess } from '../../controller/robot/monitor-in-process.ts';
import { ManualClock, ManualScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import type { Notice } from '../../hal/notice.ts';
import { createMemoryLink, type MemoryLink } from '../../hal/transport/memory.ts';
import { PermittedCommand, type RelayOrder, type RobotInputs } from '../../protocols/joints.ts';
import { parseProfile } from '../../protocols/profile-text.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { AdapterStyle } from '../../protocols/wire/slcan.ts';
import { AdapterDouble, HubDouble, type DriveDouble } from './device-double.ts';

const file = new URL('../../hal/profiles/gait-orthosis.json', import.meta.url);
export const gaitOrthosis = (): RobotProfile => parseProfile(readFileSync(file, 'utf8'), 'gait-orthosis.json');

export const PERIOD_US = 4_000;

export function createRobotRig(options: { profile?: RobotProfile; style?: AdapterStyle; start?: boolean } = {}) {
  const profile = options.profile ?? gaitOrthosis();
  const clock = new ManualClock(1_000_000);
  const scheduler = new ManualScheduler(clock);
  const notices: Notice[] = [];
  const links = new Map<string, MemoryLink>(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
  const factories = new Map([...links].map(([id, link]) => [id, link.factory]));
  const io = createDriveRobotIo({ profile, factories, clock, scheduler, onNotice: (notice) => notices.push(notice), guard: new MonitorInProcess(profile) });
  const adapters = profile.links
    .filter((link) => link.protocol === 'slcan')
    .map((link) => new AdapterDouble(links.get(link.id)!.device, profile.joints.filter((joint) => joint.drive.link === link.id), options.style));
  const hub = new HubDouble(links.get(profile.hub.link)!.device, profile);
  hub.state.estopClosed = true;
  const drives: DriveDouble[] = profile.joints.map((joint) => adapters.flatMap((adapter) => adapter.drives).find((drive) => drive.joint === joint)!);
  const command = PermittedCommand.mint(profile.joints.length);
  let cycle = 0;
  if (options.start !== false) io.start();
  /** One control cycle: time, hub, read, write. */
  const tick = async (relay: RelayOrder = 'keepClosed'): Promise<RobotInputs> => {
    clock.advanceUs(PERIOD_US);
    scheduler.runDue();
    await Promise.resolve();
    await Promise.resolve();
    hub.state.challenge = (hub.state.challenge * 1_664_525 + 1_013_904_223) >>> 0;
    hub.sendState(clock.nowUs());
    const inputs = io.read(++cycle, clock.nowUs(), 0);
    io.write(command, clock.nowUs(), relay);
    return inputs;
  };
  const ticks = async (count: number): Promise<RobotInputs> => {
    for (let i = 1; i < count; i++) await tick();
    return tick();
  };
  const enable = async (): Promise<RobotInputs> => {
    command.enable = false;
    await ticks(3);
    command.enable = true;
    return ticks(4);
  };
  return { profile, clock, scheduler, notices, links, io, adapters, hub, drives, command, tick, ticks, enable };
}
