import { describe, expect, test } from 'vitest';
import { checkFile } from '../../controller/cli/ports.ts';
import type { FoundDrive, PortAnswer } from '../../hal/identify/inquiry.ts';
import { addressHints, matchRobot, type AskedPort } from '../../hal/robot-match.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { bareCia402 } from '../../sim/drives/cia402-drive.ts';
import { gaitOrthosis } from './robot-rig.ts';

const drive = (protocol: FoundDrive['protocol'], address: number, more: Partial<FoundDrive> = {}): FoundDrive => ({ protocol, address, model: '', firmware: '', serialNumber: '', ...more });
const answer = (protocol: PortAnswer['protocol'], drives: readonly FoundDrive[] = [], more: Partial<PortAnswer> = {}): PortAnswer => ({ protocol, baud: 921_600, model: '', firmware: '', serialNumber: '', drives, ...more });
const leg = (path: string, ...addresses: number[]): AskedPort => ({ path, answer: answer('slcan', addresses.map((address) => drive('mit', address))) });
const profile = gaitOrthosis();
const hub = (path: string, joints = 4): AskedPort => ({ path, serialNumber: 'HUB1', answer: answer('sensor-hub', [], { hub: { joints, footLoads: profile.hub.footLoads, calibration: '0000ABCD' } }) });

/** As the shipped robot, but with addresses that differ from leg to leg. */
function numberedLegs(): RobotProfile {
  const numbered = gaitOrthosis();
  numbered.joints.forEach((joint, i) => (joint.drive.address = i + 1));
  return numbered;
}

describe('which port is which link', () => {
  test('is told by who answers there, whatever the ports are called, and given as a ports file with serial numbers where there are', () => {
    const match = matchRobot(numberedLegs(), [{ path: '/dev/ttyUSB0', answer: null }, hub('/dev/ttyUSB3'), leg('/dev/ttyUSB2', 3, 4), leg('/dev/ttyUSB1', 1, 2)]);
    expect(match.links.map(({ link, ports }) => [link, ports])).toEqual([
      ['leg-left', ['/dev/ttyUSB1']],
      ['leg-right', ['/dev/ttyUSB2']],
      ['hub', ['/dev/ttyUSB3']],
    ]);
    expect(match.portsFile).toEqual({ links: { 'leg-left': '/dev/ttyUSB1', 'leg-right': '/dev/ttyUSB2', hub: { usbSerial: 'HUB1' } } });
  });

  test('is left to a person where two answer alike', () => {
    const match = matchRobot(profile, [leg('/dev/ttyUSB0', 1, 2), leg('/dev/ttyUSB1', 1, 2), hub('/dev/ttyUSB2')]);
    expect(match.portsFile).toBeNull();
    expect(match.links[0]!.ports).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1']);
  });

  test('follows by exclusion where one port can only be one of the links', () => {
    const match = matchRobot(numberedLegs(), [leg('/dev/ttyUSB0'), leg('/dev/ttyUSB1', 3, 4), hub('/dev/ttyUSB2')]);
    expect(match.portsFile?.links).toMatchObject({ 'leg-left': '/dev/ttyUSB0', 'leg-right': '/dev/ttyUSB1' });
    expect(match.links[0]!.remarks.join()).toMatch(/ttyUSB1: no mit drive has address 1.*|ttyUSB0: no drive answers on its bus; they may have no power/);
  });

  test('is nobody for a hub of another robot and for drives with another number', () => {
    const other = gaitOrthosis();
    Object.assign(other.joints[0]!, { drive: { ...bareCia402(1), link: 'leg-left' } });
    const strange = { path: '/dev/ttyUSB0', answer: answer('slcan', [drive('cia402', 1, { vendorId: 7, productCode: 8 }), drive('mit', 2)]) };
    const match = matchRobot(other, [strange, hub('/dev/ttyUSB1', 6)]);
    expect(match.links[0]).toMatchObject({ ports: [], remarks: [expect.stringMatching(/address 1 has vendor 7, the profile says/)] });
    expect(match.links[2]).toMatchObject({ ports: [], remarks: ['/dev/ttyUSB1: the hub has 6 joints and 4 foot loads, the profile 4 and 4'] });
  });

  test('an adapter with two ports is named with its interface, one whose twin cannot be told apart by its path', () => {
    const twin = (path: string, interfaceNumber: number | undefined, ...addresses: number[]): AskedPort => ({ ...leg(path, ...addresses), serialNumber: 'FT2', ...(interfaceNumber === undefined ? {} : { interfaceNumber }) });
    const told = matchRobot(numberedLegs(), [twin('/dev/ttyUSB0', 0, 1, 2), twin('/dev/ttyUSB1', 1, 3, 4), hub('/dev/ttyUSB2')]);
    expect(told.portsFile?.links).toMatchObject({ 'leg-left': { usbSerial: 'FT2', interface: 0 }, 'leg-right': { usbSerial: 'FT2', interface: 1 } });
    const alike = matchRobot(numberedLegs(), [twin('/dev/ttyUSB0', undefined, 1, 2), twin('/dev/ttyUSB1', undefined, 3, 4), hub('/dev/ttyUSB2')]);
    expect(alike.portsFile?.links).toMatchObject({ 'leg-left': '/dev/ttyUSB0', 'leg-right': '/dev/ttyUSB1' });
  });
});

test('a ports file is checked link by link against who answers', () => {
  const numbered = numberedLegs();
  const ports = [leg('/dev/ttyUSB0', 3, 4), { ...leg('/dev/ttyUSB1', 3, 4), serialNumber: 'R' }, { path: '/dev/ttyUSB2', answer: null }];
  const check = (left: string, right: string, hubPort: string): string[] => checkFile(numbered, new Map([['leg-left', left], ['leg-right', right], ['hub', hubPort]]), ports);
  expect(check('/dev/ttyUSB0', 'usb:R', '/dev/ttyUSB2')).toEqual([expect.stringMatching(/^leg-left: .*another device: no mit drive has address 1/), expect.stringMatching(/^hub: nobody answers/)]);
  expect(check('/dev/ttyUSB9', 'usb:R', 'usb:HUB1')).toEqual([expect.stringMatching(/^leg-left: .*not there/), expect.stringMatching(/^hub: usb:HUB1 is not there/)]);
});

test('the addresses of a profile are hints for who to ask', () => {
  expect(Object.fromEntries(addressHints(numberedLegs()))).toEqual({ slcan: [1, 2, 3, 4], 'sensor-hub': [] });
});
