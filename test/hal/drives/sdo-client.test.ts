import { describe, expect, test } from 'vitest';
import { SdoClient } from '../../../hal/drives/sdo-client.ts';
import { OD } from '../../../protocols/wire/cia402.ts';
import { canDataFrame, SDO_ABORT } from '../../../protocols/wire/canopen.ts';
import { emptyCanFrame, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { type Cia402Drive as VirtualCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bare } from './cia402-double.ts';
import { createLineRig } from './line-rig.ts';

describe('the SDO client', () => {
  test('writes a value of any length to a real server, and reads it back', () => {
    const drive = createLineRig([bare()]).virtual.drives[0] as VirtualCia402;
    drive.step(2_000_000, 0.001);
    const answers: CanFrame[] = [];
    drive.attach((frame) => answers.push({ ...frame, data: frame.data.slice() }) > 0);
    const client = new SdoClient(1);
    const frame = emptyCanFrame();
    const run = (): string => {
      for (let i = 0; i < 30; i++) {
        client.encode(frame);
        drive.onCanFrame(frame, 2_000_000);
        const progress = client.accept(answers.pop()!);
        if (progress !== 'going') return progress;
      }
      return 'endless';
    };
    client.begin(OD.profileVelocity.index, 0, Uint8Array.of(1, 2, 3, 4));
    expect(run()).toBe('done');
    client.begin(OD.profileVelocity.index, 0, null);
    expect([run(), ...client.received]).toEqual(['done', 1, 2, 3, 4]);
    client.begin(0x1008, 0, null);
    expect([run(), String.fromCharCode(...client.received)]).toEqual(['done', 'EPOS4 50/15']);
    client.begin(OD.profileVelocity.index, 0, new Uint8Array(9));
    expect([run(), client.abortCode]).toEqual(['aborted', SDO_ABORT.tooLong]);
  });

  test('takes no answer that is not to its question', () => {
    const client = new SdoClient(1);
    client.begin(0x6041, 0, null);
    const frame = emptyCanFrame();
    canDataFrame(frame, 0x581, 8);
    frame.data.set([0x43, 0x40, 0x60, 0]);
    expect(client.accept(frame)).toBe('other');
    frame.data.set([0x60, 0x41, 0x60, 0]);
    expect(client.accept(frame)).toBe('other');
    frame.data.set([0x80, 0x40, 0x60, 0]);
    expect(client.accept(frame)).toBe('other');
    frame.data.set([0x4b, 0x41, 0x60, 0]);
    expect(client.accept(frame)).toBe('done');
    expect(client.accept(frame)).toBe('other');
  });
});
