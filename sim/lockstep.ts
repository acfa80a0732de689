/** The virtual robot without real time and without ports: the device half of a lock-step session. */
import type { MemoryDeviceEnd } from '../hal/transport/memory.ts';
import { machineControls, type SimControls } from './controls.ts';
import { VirtualRobot, type VirtualRobotOptions } from './virtual-robot.ts';

export interface LockstepRobot {
  /** Device ends by link id; every link of the profile needs one. @throws RangeError for a missing or unknown link */
  connect(ends: ReadonlyMap<string, MemoryDeviceEnd>): void;
  /** Runs the robot on by virtual time; bytes for the host arrive during the call. */
  step(durationUs: number): void;
  readonly controls: SimControls;
  /** The truth behind the sensors. */
  readonly robot: VirtualRobot;
  dispose(): void;
}

/** Same profile, patient, seed and calls: the same bits. */
export async function createLockstepRobot(options: VirtualRobotOptions): Promise<LockstepRobot> {
  const robot = await VirtualRobot.create(options);
  const connected = new Map<string, MemoryDeviceEnd>();
  let nowUs = 0;

  const plug = (linkId: string, end: MemoryDeviceEnd): void => robot.connect(linkId, (bytes) => end.write(bytes));
  const endOf = (linkId: string): MemoryDeviceEnd => {
    const end = connected.get(linkId);
    if (end === undefined) throw new RangeError(`no device end is connected for link "${linkId}"`);
    return end;
  };

  return {
    robot,
    connect(ends) {
      for (const { id } of options.profile.links) if (!ends.has(id)) throw new RangeError(`link "${id}" has no device end`);
      for (const [linkId, end] of ends) {
        end.onBytes = (chunk) => robot.receive(linkId, chunk, nowUs);
        connected.set(linkId, end);
        plug(linkId, end);
      }
    },
    step(durationUs) {
      nowUs += durationUs;
      robot.advanceTo(nowUs);
    },
    controls: machineControls(robot, {
      unplug: (linkId) => {
        endOf(linkId).unplug();
        robot.disconnect(linkId);
      },
      plug: (linkId) => {
        endOf(linkId).plug();
        plug(linkId, endOf(linkId));
      },
    }),
    dispose: () => robot.dispose(),
  };
}
