import { describe, expect, it } from 'vitest';
import { encodeServoUpload, SERVO_UPLOAD_ID } from '../../../protocols/wire/servo-can.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { HIP, MonitorRig, PERIOD_US, pushing, verdict, withDrive } from './monitor-rig.ts';

describe('an encoder that leaps away from its motor', () => {
  /** Out of the hip's hard range from −30° to 90°, or of its stops 5° further, while the motor stays where it was, at 75°. */
  const leapt = (toDeg: number, profile?: RobotProfile): MonitorRig => {
    const rig = pushing(profile);
    rig.motorAheadDeg[HIP] = 7;
    rig.move(HIP, 75);
    rig.place(HIP, toDeg);
    rig.motorAheadDeg[HIP] = 75 + 7 - toDeg;
    rig.run(0.1);
    return rig;
  };
  /** The motor, and what it moves. */
  const turn = (rig: MonitorRig, byDeg: number, degPerSec = 50): string => {
    const stepDeg = (Math.sign(byDeg) * degPerSec * PERIOD_US) / 1e6;
    for (let n = Math.round(byDeg / stepDeg); n > 0 && rig.monitor.reason === 'none'; n--) {
      rig.motorAheadDeg[HIP]! += stepDeg;
      rig.tick();
    }
    return rig.monitor.reason;
  };

  it.each([92, 102, -34, -42])('to %f° leaves the power on for as long as a joint may go unseen', (toDeg) => {
    const [swinging, held] = [leapt(toDeg), leapt(toDeg)];
    swinging.radPerSec[HIP] = -1;
    for (const [rig, sec] of [[swinging, 0.5], [held, 2.9]] as const) {
      rig.run(sec);
      expect(verdict(rig)).toEqual(['none', -1]);
      rig.run(0.008);
      expect(verdict(rig)).toEqual(['jointUnseen', HIP]);
    }
  });

  it('does not hide that the motor goes out of range, is too fast or too strong', () => {
    expect(turn(leapt(-34), 15.9)).toBe('none');
    expect(turn(leapt(-34), 16.2)).toBe('range');
    const fast = leapt(92);
    fast.radPerSec[HIP] = degToRad(290);
    fast.tick();
    expect(verdict(fast)).toEqual(['none', -1]);
    for (const sign of [1, -1]) {
      fast.radPerSec[HIP] = sign * degToRad(310);
      fast.hub.joints[HIP]!.torqueNm = sign * -11;
      fast.tick();
      expect(verdict(fast)).toEqual(['none', -1]);
    }
    fast.hub.joints[HIP]!.torqueNm = 0;
    fast.tick();
    expect(verdict(fast)).toEqual(['speed', HIP]);
    const strong = leapt(92);
    strong.torqueNm[HIP] = 140;
    strong.run(0.024);
    expect(verdict(strong)).toEqual(['torque', HIP]);
  });

  it('does not hide a person who pushes the joint out, nor cuts his power at once', () => {
    const rig = leapt(-34);
    rig.torqueNm[HIP] = -40;
    rig.hub.joints[HIP]!.torqueNm = -35;
    expect(turn(rig, 18)).toBe('none');
    rig.torqueNm[HIP] = 5;
    rig.tick();
    expect(verdict(rig)).toEqual(['range', HIP]);
  });

  it('counts when its motor is not heard, or tells no angle', () => {
    const silent = leapt(92);
    silent.torqueNm[HIP] = null;
    silent.run(0.02);
    expect(verdict(silent)).toEqual(['none', -1]);
    silent.tick();
    expect(verdict(silent)).toEqual(['range', HIP]);
    const cia402 = withDrive((drive) => ({ ...drive, protocol: 'cia402', ratedTorqueNm: 50 }));
    const rig = new MonitorRig(cia402);
    const tell = (): void => rig.sendCan('leg-right', { id: 0x181, data: Uint8Array.of(0x37, 0x02, 0, 0, 0, 0, 0, 0) });
    rig.torqueNm.fill(null);
    rig.place(HIP, 75);
    rig.run(0.5, tell);
    rig.place(HIP, 92);
    rig.run(0.1, tell);
    expect(verdict(rig)).toEqual(['range', HIP]);
  });

  it('is believed again when both agree, as far as a moving joint lets them', () => {
    const rig = leapt(92);
    rig.place(HIP, 73);
    rig.motorAheadDeg[HIP] = 7;
    rig.run(0.1);
    expect(rig.move(HIP, 91.1)).toBe('range');
    for (const [degPerSec, apartDeg, reason] of [[0, 2.9, 'range'], [0, 3.1, 'none'], [100, 4.9, 'range'], [-100, 5.1, 'none']] as const) {
      const joint = leapt(94);
      joint.radPerSec[HIP] = degToRad(degPerSec);
      joint.place(HIP, 92);
      joint.motorAheadDeg[HIP] = 7 - apartDeg;
      joint.tick();
      // Believed, the encoder stands outside; else the motor inside.
      expect(joint.monitor.reason, `${apartDeg}° apart at ${degPerSec}°/s`).toBe(reason);
    }
  });

  it('is believed again when the power comes back', () => {
    const rig = leapt(92);
    rig.hub.enableRelayClosed = false;
    rig.torqueNm.fill(null);
    rig.run(0.1);
    rig.hub.enableRelayClosed = true;
    rig.torqueNm.fill(20);
    rig.run(1);
    expect(rig.move(HIP, 94.1)).toBe('range');
  });

  it('is told from one that leaps with its motor, also where the drive turns the other way', () => {
    const turned = withDrive((drive) => ({ ...drive, direction: -1 }));
    const rig = pushing(turned);
    rig.move(HIP, 80);
    rig.place(HIP, 92);
    rig.run(0.1);
    expect(verdict(rig)).toEqual(['range', HIP]);
    expect(turn(leapt(-34, turned), 15.9)).toBe('none');
    expect(turn(leapt(-34, turned), 16.2)).toBe('range');
  });

  it('of the third version of MIT drives is held against the angle of its uploads', () => {
    const v3 = withDrive((drive) => ({ ...drive, v3: { torqueConstantNmPerA: 5, gearRatio: 64, polePairs: 21, uploadHz: 250 } }));
    for (const [direction, motorDeg, reason] of [[1, 75, 'none'], [1, 92, 'range'], [-1, -75, 'none'], [-1, -92, 'range']] as const) {
      for (const joint of v3.joints) joint.drive = { ...joint.drive, direction } as never;
      const rig = new MonitorRig(v3);
      const upload = new Uint8Array(8);
      let positionDeg = 75 * direction;
      const tell = (): void => {
        encodeServoUpload({ positionDeg, erpm: 0, currentA: 1, tempC: 30, errorCode: 0 }, upload);
        rig.sendCan('leg-right', { id: SERVO_UPLOAD_ID | 1, extended: true, data: upload });
      };
      rig.torqueNm.fill(null);
      rig.place(HIP, 75);
      rig.run(0.5, tell);
      rig.place(HIP, 92);
      positionDeg = motorDeg;
      rig.run(0.1, tell);
      expect(rig.monitor.reason, `${motorDeg}°`).toBe(reason);
    }
  });
});
