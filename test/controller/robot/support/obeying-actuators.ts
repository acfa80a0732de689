/** A treadmill and a support that do at once what they are told; null: nothing was told yet. */
import type { PermittedCommand, RobotInputs } from '../../../../protocols/joints.ts';

export function obey({ treadmill, support }: RobotInputs, command: PermittedCommand | null): void {
  const beltMps = command?.beltSpeedMps ?? 0;
  Object.assign(treadmill, { ageUs: 1_000, leftMps: beltMps, rightMps: beltMps, ready: true, stopRopePulled: false, fault: false });
  Object.assign(support, { ageUs: 1_000, unloadingN: command?.unloadingN ?? 0, locked: command?.lockSupport ?? true, fault: false });
}
