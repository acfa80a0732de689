import { describe, expect, it } from 'vitest';
import { encodeServoUpload, SERVO_UPLOAD_ID } from '../../../protocols/wire/servo-can.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { profile as gaitOrthosis } from './fixtures.ts';
import { MonitorRig, withDrive } from './monitor-rig.ts';

describe('frames of drives', () => {
  /** Does this frame make the left hip pushed, so that it may not leave its range? */
  const pushes = (profile: RobotProfile, send: (rig: MonitorRig) => void): boolean => {
    const rig = new MonitorRig(profile);
    rig.torqueNm.fill(null);
    rig.run(0.1);
    rig.move(0, 89.9);
    send(rig);
    return rig.move(0, 91.5) === 'range';
  };
  const mit = gaitOrthosis;
  const reply = (rig: MonitorRig): Uint8Array => rig.mitReply(rig.profile.joints[0]!.drive, 20);

  it('of MIT drives count when they are replies of that drive', () => {
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { data: reply(rig) }))).toBe(true);
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { id: 1, data: reply(rig) }))).toBe(true);
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { id: 2, data: reply(rig) }))).toBe(false);
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { extended: true, data: reply(rig) }))).toBe(false);
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { remote: true, data: reply(rig) }))).toBe(false);
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { length: 6, data: reply(rig) }))).toBe(false);
    expect(pushes(mit, (rig) => rig.sendCan('leg-left', { data: Uint8Array.of(9, ...reply(rig).subarray(1)) }))).toBe(false);
    expect(pushes(mit, (rig) => rig.sendCan('leg-right', { data: reply(rig) }))).toBe(false);
  });

  it('count in any chunking, and between text, garbage and acknowledgements', () => {
    const text = (line: string): Uint8Array => Uint8Array.from(line, (letter) => letter.charCodeAt(0));
    const send = (rig: MonitorRig): void => {
      rig.push('leg-left', text('z\rV1013\r\u0007###\r'));
      const line = text(`t0008${Buffer.from(reply(rig)).toString('hex').toUpperCase()}\r`);
      for (const byte of line) rig.push('leg-left', Uint8Array.of(byte));
    };
    expect(pushes(mit, send)).toBe(true);
  });

  it('of the third version of MIT drives are their uploads', () => {
    const v3 = withDrive((drive) => ({ ...drive, v3: { torqueConstantNmPerA: 5, gearRatio: 64, polePairs: 21, uploadHz: 250 } }));
    const upload = new Uint8Array(8);
    encodeServoUpload({ positionDeg: 20, erpm: 0, currentA: 1, tempC: 30, errorCode: 0 }, upload);
    const whole = { id: SERVO_UPLOAD_ID | 1, extended: true, data: upload };
    expect(pushes(v3, (rig) => rig.sendCan('leg-left', whole))).toBe(true);
    expect(pushes(v3, (rig) => rig.sendCan('leg-left', { ...whole, id: SERVO_UPLOAD_ID | 2 }))).toBe(false);
    expect(pushes(v3, (rig) => rig.sendCan('leg-left', { ...whole, length: 7 }))).toBe(false);
    const weak = new Uint8Array(8);
    encodeServoUpload({ positionDeg: 20, erpm: 0, currentA: 0.2, tempC: 30, errorCode: 0 }, weak);
    expect(pushes(v3, (rig) => rig.sendCan('leg-left', { ...whole, data: weak }))).toBe(false);
    expect(pushes(v3, (rig) => rig.sendCan('leg-left', { ...whole, remote: true }))).toBe(false);
    expect(pushes(v3, (rig) => rig.sendCan('leg-left', { id: 0, data: reply(new MonitorRig()) }))).toBe(false);
  });

  it('of CiA 402 drives are their status, which tells by itself that they are enabled', () => {
    const cia402 = withDrive((drive) => ({ ...drive, protocol: 'cia402', ratedTorqueNm: 50 }));
    const status = (statusword: number, permille: number): Uint8Array => Uint8Array.of(statusword & 0xff, statusword >> 8, 0, 0, 0, 0, permille & 0xff, (permille >> 8) & 0xff);
    const whole = { id: 0x181, data: status(0x0237, 0) };
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', whole))).toBe(true);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { id: 0x181, data: status(0x0250, 0) }))).toBe(false);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { id: 0x181, data: status(0x0250, -21) }))).toBe(true);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { id: 0x181, data: status(0x0250, 19) }))).toBe(false);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { ...whole, id: 0x182 }))).toBe(false);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { ...whole, length: 7 }))).toBe(false);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { ...whole, extended: true }))).toBe(false);
    expect(pushes(cia402, (rig) => rig.sendCan('leg-left', { ...whole, remote: true }))).toBe(false);
  });

  it('of other protocols are not read: whatever comes on their port counts as pushing, once they have power', () => {
    const vesc = withDrive((drive) => ({ ...drive, protocol: 'vesc' }), 'vesc');
    expect(pushes(vesc, (rig) => rig.push('leg-left', Uint8Array.of(1)))).toBe(true);
    expect(pushes(vesc, (rig) => rig.push('leg-right', Uint8Array.of(1)))).toBe(false);
    const rig = new MonitorRig(vesc);
    rig.torqueNm.fill(null);
    rig.hub.enableRelayClosed = false;
    rig.run(0.1);
    rig.move(0, 89.9);
    rig.push('leg-left', Uint8Array.of(1));
    rig.hub.enableRelayClosed = true;
    expect(rig.move(0, 91.5)).toBe('none');
  });

  it('on a CAN link that names no CAN drive say nothing', () => {
    const odd = withDrive((drive) => ({ ...drive, protocol: 'vesc' }));
    expect(pushes(odd, (rig) => rig.sendCan('leg-left', { data: reply(new MonitorRig()) }))).toBe(false);
  });
});
