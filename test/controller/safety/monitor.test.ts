import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeServoUpload, SERVO_UPLOAD_ID } from '../../../protocols/wire/servo-can.ts';
import { emptyHubState, HUB_IDENTITY, HUB_STATE } from '../../../protocols/wire/sensor-hub.ts';
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { MonitoredJoint } from '../../../controller/safety/monitor-joint.ts';
import { profile as gaitOrthosis } from './fixtures.ts';
import { MonitorRig, PERIOD_US } from './monitor-rig.ts';

const KNEE = 1;
const HIP = 2;
const verdict = ({ monitor }: MonitorRig) => [monitor.reason, monitor.joint];

/** A robot that pushes at every joint, half a second after the hub's first word. */
function pushing(profile?: RobotProfile): MonitorRig {
  const rig = new MonitorRig(profile);
  rig.torqueNm.fill(5);
  rig.run(0.5);
  expect(verdict(rig)).toEqual(['none', -1]);
  return rig;
}

function resting(): MonitorRig {
  const rig = new MonitorRig();
  rig.run(0.5);
  return rig;
}

/** The gait orthosis with another drive in each joint. */
function withDrive(change: (drive: DriveProfile & { protocol: 'mit' }) => unknown, protocol?: string): RobotProfile {
  const profile = structuredClone(gaitOrthosis);
  for (const joint of profile.joints) joint.drive = change(joint.drive as never) as never;
  if (protocol !== undefined) for (const link of profile.links) if (link.protocol === 'slcan') link.protocol = protocol as never;
  return profile;
}

describe('the answer', () => {
  it('is given to the newest challenge while all is well, whatever the bytes come in', () => {
    const rig = resting();
    for (let n = 0; n < 100; n++) expect(rig.tick()).toBe(rig.hub.challenge);
    expect(rig.monitor.challenges).toBe(225);
  });

  it('is not given before the hub has spoken', () => {
    const rig = new MonitorRig();
    rig.hubSpeaks = false;
    expect(rig.run(0.1)).toBe(-1);
    expect(verdict(rig)).toEqual(['hubSilent', -1]);
  });

  it('ends when the hub was silent for longer than it lets its relay closed, and comes again with its next word', () => {
    const rig = resting();
    const heardUs = rig.nowUs;
    expect(rig.monitor.answer(heardUs + 50_000)).toBe(rig.hub.challenge);
    expect(rig.monitor.answer(heardUs + 50_001)).toBe(-1);
    expect(verdict(rig)).toEqual(['hubSilent', -1]);
    expect(rig.monitor.answer(Number.NaN)).toBe(-1);
    rig.nowUs += 100_000;
    expect(rig.tick()).toBe(rig.hub.challenge);
  });

  /** Frames with the clock as it stood. @returns seconds until the answers end; NaN: they do not */
  const answeredFor = (rig: MonitorRig, each: () => void = () => {}): number => {
    const deviceUs = rig.deviceUs;
    for (let n = 1; n <= 1_000; n++) {
      rig.hubSpeaks = false;
      rig.tick();
      each();
      rig.sendHub(deviceUs);
      if (rig.monitor.answer(rig.nowUs) !== rig.hub.challenge) return ((n - 1) * PERIOD_US) / 1e6;
    }
    return Number.NaN;
  };

  it('goes on for the time of a stop when the clock of the hub stands but its challenges are new, for three seconds while the joints are slow, and says so after 50 ms', () => {
    const swinging = pushing();
    swinging.radPerSec[KNEE] = 1;
    for (const [rig, seconds, end] of [[swinging, 0.6, ['jointUnseen', KNEE]], [pushing(), 3, ['jointUnseen', 0]], [resting(), 3, ['hubSilent', -1]]] as const) {
      let told = 0;
      const longSec = answeredFor(rig, () => {
        if (rig.monitor.reason === 'none') told++;
      });
      expect(longSec).toBe(seconds);
      expect(told).toBe(12);
      expect(verdict(rig)).toEqual(end);
      rig.hubSpeaks = true;
      rig.run(1);
      expect(rig.tick()).toBe(rig.hub.challenge);
    }
  });

  it('ends at once when the clock stands and a drive is not heard for 50 ms, the E-stop line opens or anything is wrong', () => {
    const silent = pushing();
    silent.torqueNm[KNEE] = null;
    expect(answeredFor(silent)).toBe(0.048);
    const opened = pushing();
    opened.hub.estopClosed = false;
    expect(answeredFor(opened)).toBe(0);
    const lost = pushing();
    expect(answeredFor(lost, () => lost.monitor.lost(lost.nowUs))).toBe(0);
  });

  it('is none when the hub asks the same again, although its frames come', () => {
    const rig = pushing();
    const { challenges } = rig.monitor;
    const { challenge } = rig.hub;
    expect(answeredFor(rig, () => (rig.hub.challenge = challenge))).toBe(0.048);
    expect(rig.monitor.challenges).toBe(challenges);
  });

  it('takes no other frame of the hub for a state, nor one of another size', () => {
    const rig = resting();
    const challenges = rig.monitor.challenges;
    rig.push('hub', rig.hubFrame(HUB_IDENTITY, 5, new Uint8Array(8)));
    rig.push('hub', rig.hubFrame(HUB_STATE, 6, new Uint8Array(8)));
    rig.push('hub', Uint8Array.of(1, 2, 3, 0));
    expect(rig.monitor.challenges).toBe(challenges);
    rig.monitor.push(99, Uint8Array.of(1), rig.nowUs);
    expect(rig.tick()).toBe(rig.hub.challenge);
  });

  it('comes of no bytes but a whole state of the hub, and none of them do harm', () => {
    const link = fc.integer({ min: -1, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(link, fc.uint8Array({ maxLength: 300 })), { maxLength: 20 }), (chunks) => {
        const rig = new MonitorRig();
        for (const [place, chunk] of chunks) rig.monitor.push(place, chunk, rig.nowUs);
        expect(rig.monitor.answer(rig.nowUs)).toBe(-1);
        rig.tick();
        expect(rig.tick()).toBe(rig.hub.challenge);
      }),
    );
  });

  it('is not given while the E-stop line is open, which is no complaint', () => {
    const rig = pushing();
    rig.hub.estopClosed = false;
    expect(rig.tick()).toBe(-1);
    expect(verdict(rig)).toEqual(['none', -1]);
    rig.hub.estopClosed = true;
    expect(rig.tick()).toBe(rig.hub.challenge);
  });

  it('is not given for a second after bytes were lost', () => {
    const rig = resting();
    rig.monitor.lost(rig.nowUs);
    expect(rig.monitor.answer(rig.nowUs)).toBe(-1);
    expect(verdict(rig)).toEqual(['bytesLost', -1]);
    expect(rig.run(0.996)).toBe(-1);
    expect(rig.tick()).toBe(rig.hub.challenge);
    expect(verdict(rig)).toEqual(['none', -1]);
  });

  it('names what came first as long as anything is wrong, and then what came next', () => {
    const rig = resting();
    rig.monitor.lost(rig.nowUs);
    rig.torqueNm.fill(5);
    rig.run(0.6);
    rig.torqueNm[KNEE] = 140;
    rig.run(0.9);
    expect(verdict(rig)).toEqual(['bytesLost', -1]);
    rig.torqueNm[KNEE] = 5;
    rig.run(1);
    expect(verdict(rig)).toEqual(['none', -1]);
    rig.torqueNm[KNEE] = 140;
    rig.run(0.1);
    expect(verdict(rig)).toEqual(['torque', KNEE]);
  });
});

describe('a pushed joint', () => {
  it.each([[KNEE, 85, 85.9, 86.1], [KNEE, -5, -5.9, -6.1], [HIP, 90, 90.9, 91.1], [HIP, -30, -30.9, -31.1]])('of place %i may be 1° beyond its hard range of %i°, and no further', (joint, _hard, inside, outside) => {
    const rig = pushing();
    expect(rig.move(joint, inside)).toBe('none');
    expect(rig.move(joint, outside)).toBe('range');
    expect(rig.monitor.joint).toBe(joint);
    expect(rig.tick()).toBe(-1);
  });

  it.each([[KNEE, 85, 1], [KNEE, -5, -1]])('of place %i that a person pushes out of its hard range of %i° keeps its power for three seconds while its drive pushes it back', (joint, edge, outward) => {
    const held = (motorNm: number | null, sensorNm: number): MonitorRig => {
      const rig = pushing();
      rig.move(joint, edge + outward * 0.5);
      rig.torqueNm[joint] = motorNm === null ? null : outward * motorNm;
      rig.hub.joints[joint]!.torqueNm = outward * sensorNm;
      rig.run(0.03);
      rig.move(joint, edge + outward * 2.5);
      return rig;
    };
    const rig = held(-40, -35);
    expect(rig.monitor.reason).toBe('none');
    rig.run(2.9);
    expect(rig.monitor.reason).toBe('none');
    rig.run(0.2);
    expect(verdict(rig)).toEqual(['range', joint]);
    for (const [motorNm, sensorNm] of [[40, -35], [-40, 35], [-9, -35], [-40, -9], [null, -35]] as const) expect(verdict(held(motorNm, sensorNm)), `${motorNm} Nm, ${sensorNm} Nm`).toEqual(['range', joint]);
  });

  it('whose drive is not read is held by what its sensor feels alone', () => {
    const vesc = withDrive((drive) => ({ ...drive, protocol: 'vesc' }), 'vesc');
    for (const [sensorNm, reason] of [[-11, 'none'], [-9, 'range'], [11, 'range']] as const) {
      const rig = new MonitorRig(vesc);
      const tell = (): void => rig.push('leg-left', Uint8Array.of(1));
      rig.torqueNm.fill(null);
      rig.run(0.5, tell);
      rig.move(KNEE, 85.5, 50, tell);
      rig.hub.joints[KNEE]!.torqueNm = sensorNm;
      rig.run(0.03, tell);
      expect(rig.move(KNEE, 87.5, 50, tell), `${sensorNm} Nm`).toBe(reason);
    }
  });

  it('that may hold less is held by less, in proportion', () => {
    const small = structuredClone(gaitOrthosis);
    for (const joint of small.joints) joint.interactionLimitNm = 9;
    for (const [heldNm, reason] of [[-2.1, 'none'], [-1.9, 'range']] as const) {
      const rig = pushing(small);
      rig.move(KNEE, 85.5);
      rig.torqueNm[KNEE] = heldNm;
      rig.hub.joints[KNEE]!.torqueNm = heldNm;
      rig.run(0.03);
      expect(rig.move(KNEE, 87.5), `${heldNm} Nm`).toBe(reason);
    }
  });

  it('that may hold more is held by no more', () => {
    const strong = structuredClone(gaitOrthosis);
    for (const joint of strong.joints) joint.interactionLimitNm = 90;
    const rig = pushing(strong);
    rig.move(KNEE, 85.5);
    rig.torqueNm[KNEE] = rig.hub.joints[KNEE]!.torqueNm = -11;
    rig.run(0.03);
    expect(rig.move(KNEE, 87.5)).toBe('none');
  });

  it.each([[KNEE, 510, 540], [HIP, 290, 310]])('of place %i may be half faster than its limit', (joint, slower, faster) => {
    for (const sign of [1, -1]) {
      const rig = pushing();
      rig.move(joint, sign > 0 ? 0 : 70);
      expect(rig.move(joint, 35, slower)).toBe('none');
      rig.move(joint, sign > 0 ? 0 : 70);
      expect(rig.move(joint, sign > 0 ? 40 : 30, faster)).toBe('speed');
      expect(rig.monitor.joint).toBe(joint);
    }
  });

  it('that is too fast keeps its power while its drive brakes with more than friction', () => {
    for (const [sensedNm, reason] of [[-9, 'speed'], [-11, 'none'], [11, 'speed']] as const) {
      const rig = pushing();
      rig.move(KNEE, 0);
      rig.hub.joints[KNEE]!.torqueNm = sensedNm;
      expect(rig.move(KNEE, 60, 600)).toBe(reason);
    }
  });

  it('may get the peak torque of its drive and a tenth, for 20 ms a higher one', () => {
    for (const sign of [1, -1]) {
      const rig = pushing();
      rig.torqueNm[HIP] = 131 * sign;
      rig.run(0.2);
      expect(verdict(rig)).toEqual(['none', -1]);
      rig.torqueNm[HIP] = 133 * sign;
      rig.run(0.016);
      expect(verdict(rig)).toEqual(['none', -1]);
      rig.torqueNm[HIP] = 5;
      rig.tick();
      rig.torqueNm[HIP] = 133 * sign;
      rig.run(0.016);
      expect(verdict(rig)).toEqual(['none', -1]);
      rig.tick();
      expect(verdict(rig)).toEqual(['torque', HIP]);
    }
  });

  it('may show the peak torque and a quarter at the sensor behind the gear', () => {
    for (const sign of [1, -1]) {
      const rig = pushing();
      rig.hub.joints[HIP]!.torqueNm = 149 * sign;
      rig.run(0.2);
      expect(verdict(rig)).toEqual(['none', -1]);
      rig.hub.joints[HIP]!.torqueNm = 151 * sign;
      rig.run(0.016);
      expect(verdict(rig)).toEqual(['none', -1]);
      rig.tick();
      expect(verdict(rig)).toEqual(['torque', HIP]);
    }
  });

  it('that leaps as no joint can is not judged by that, nor by its speed when it is believed again', () => {
    const rig = pushing();
    rig.place(HIP, 50);
    rig.run(0.3);
    expect(verdict(rig)).toEqual(['none', -1]);
    expect(rig.move(HIP, 91.1)).toBe('range');
  });

  it.each([[92.6, 'range'], [92.8, 'none']])('is believed up to four times its speed limit: from 89° to %f° in a cycle it is %s', (toDeg, reason) => {
    const rig = pushing();
    rig.move(HIP, 89);
    // Its motor's word would count.
    rig.torqueNm[HIP] = null;
    rig.run(0.024);
    rig.place(HIP, toDeg);
    rig.tick();
    expect(rig.monitor.reason).toBe(reason);
    rig.tick();
    expect(verdict(rig)).toEqual(['range', HIP]);
  });

  it.each([[180_000, 'speed'], [204_000, 'none']])('has a speed over a gap of the hub of at most 200 ms: after %i us it is %s', (gapUs, reason) => {
    const rig = pushing();
    rig.move(HIP, 0);
    rig.run(0.02);
    // The window began up to 20 ms before the gap.
    rig.nowUs += gapUs - PERIOD_US;
    rig.deviceUs += gapUs - PERIOD_US;
    rig.place(HIP, 75);
    rig.tick();
    expect(rig.monitor.reason).toBe(reason);
  });

  it.each([[HIP, 100.1], [HIP, -40.1]])('of place %i that is told to be at %f°, beyond its mechanical stop, is unseen', (joint, positionDeg) => {
    const rig = pushing();
    rig.radPerSec[joint] = 1;
    rig.motorAheadDeg[joint] = rig.positionDeg(joint) - positionDeg;
    rig.place(joint, positionDeg);
    rig.run(0.6);
    expect(verdict(rig)).toEqual(['none', -1]);
    rig.tick();
    expect(verdict(rig)).toEqual(['jointUnseen', joint]);
  });

  /** @returns seconds until the knee, which the hub sees no more, is called unseen */
  const unseenAfter = (rig: MonitorRig, spoil: () => void = () => {}): number => {
    rig.hub.joints[KNEE]!.quality = 0;
    spoil();
    for (let n = 1; n <= 1_000; n++) {
      if (rig.tick() !== -1) continue;
      expect(verdict(rig)).toEqual(['jointUnseen', KNEE]);
      return ((n - 1) * PERIOD_US) / 1e6;
    }
    return Number.NaN;
  };

  it('may go unseen for the time of a stop, and three seconds when its own drive says that it is held or lowered', () => {
    for (const sign of [1, -1]) {
      const rig = pushing();
      expect(unseenAfter(rig, () => (rig.radPerSec[KNEE] = sign * degToRad(41)))).toBe(0.6);
    }
    const rig = pushing();
    expect(unseenAfter(rig, () => (rig.radPerSec[KNEE] = degToRad(39)))).toBe(3);
  });

  it('may go unseen for the time of a stop when its drive does not tell its speed, or nothing at all', () => {
    const cia402 = withDrive((drive) => ({ ...drive, protocol: 'cia402', ratedTorqueNm: 50 }));
    const telling = new MonitorRig(cia402);
    const tell = (): void => telling.sendCan('leg-left', { id: 0x182, data: Uint8Array.of(0x37, 0x02, 0, 0, 0, 0, 0, 0) });
    telling.torqueNm.fill(null);
    telling.run(0.5, tell);
    telling.hub.joints[KNEE]!.quality = 0;
    telling.run(0.6, tell);
    expect(verdict(telling)).toEqual(['none', -1]);
    telling.run(0.004, tell);
    expect(verdict(telling)).toEqual(['jointUnseen', KNEE]);
    const silent = pushing();
    silent.hub.joints[KNEE]!.quality = 0;
    silent.hub.joints[KNEE]!.torqueNm = 20;
    silent.run(1);
    silent.torqueNm[KNEE] = null;
    silent.run(0.048);
    expect(verdict(silent)).toEqual(['none', -1]);
    silent.run(0.008);
    expect(verdict(silent)).toEqual(['jointUnseen', KNEE]);
  });

  it('of the third version of MIT drives tells its speed behind the gear', () => {
    const v3 = withDrive((drive) => ({ ...drive, v3: { torqueConstantNmPerA: 5, gearRatio: 64, polePairs: 21, uploadHz: 250 } }));
    // 40°/s are 6.67 rpm.
    for (const [rpm, reason] of [[6.6, 'none'], [6.8, 'jointUnseen']] as const) {
      const rig = new MonitorRig(v3);
      const upload = new Uint8Array(8);
      encodeServoUpload({ positionDeg: 20, erpm: rpm * 64 * 21, currentA: 1, tempC: 30, errorCode: 0 }, upload);
      const tell = (): void => rig.sendCan('leg-left', { id: SERVO_UPLOAD_ID | 2, extended: true, data: upload });
      rig.torqueNm.fill(null);
      rig.run(0.5, tell);
      rig.hub.joints[KNEE]!.quality = 0;
      rig.run(1, tell);
      expect(rig.monitor.reason).toBe(reason);
    }
  });

  it('is not judged by a torque that no motor makes, which its sensor tells', () => {
    for (const [sensedNm, reason] of [[239, 'torque'], [-239, 'torque'], [241, 'none'], [-327, 'none']] as const) {
      const rig = pushing();
      rig.hub.joints[HIP]!.torqueNm = sensedNm;
      rig.run(0.1);
      expect(rig.monitor.reason, `${sensedNm} Nm`).toBe(reason);
      rig.torqueNm[HIP] = 140;
      rig.run(0.1);
      expect(verdict(rig)).toEqual(['torque', HIP]);
    }
  });

  it('is unseen when the frames of the hub do not hold it', () => {
    const joint = new MonitoredJoint(gaitOrthosis.joints[HIP]!);
    const state = { ...emptyHubState(2, 0), enableRelayClosed: true };
    expect(joint.onHub(state, 0, 0)).toBe('none');
    joint.onDrive(5, 0, Number.NaN, false, 0);
    expect([joint.unseen(0, 100), joint.pushed(0), joint.pushed(500_000), joint.pushed(500_001)]).toEqual([true, true, true, false]);
  });

  it('counts as pushed for half a second after its torque went, by either sensor', () => {
    for (const spoil of [(rig: MonitorRig) => (rig.torqueNm[HIP] = 1.2), (rig: MonitorRig) => (rig.torqueNm[HIP] = -1.2), (rig: MonitorRig) => (rig.hub.joints[HIP]!.torqueNm = 10.1), (rig: MonitorRig) => (rig.hub.joints[HIP]!.torqueNm = -10.1)]) {
      const rig = resting();
      rig.move(HIP, 89.9);
      spoil(rig);
      rig.tick();
      rig.torqueNm[HIP] = 0;
      rig.hub.joints[HIP]!.torqueNm = 0;
      rig.run(0.4);
      expect(rig.move(HIP, 91.1)).toBe('range');
    }
  });
});

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

describe('a joint exactly at a bound', () => {
  const profile = gaitOrthosis.joints[HIP]!;
  const state = (positionRad: number, torqueNm = 0) => {
    const hub = { ...emptyHubState(profile.hubChannel + 1, 0), enableRelayClosed: true };
    Object.assign(hub.joints[profile.hubChannel]!, { positionRad, torqueNm, quality: 1 });
    return hub;
  };
  /** Pushed, and last seen there at time 0. */
  const pushedAt = (positionRad: number): MonitoredJoint => {
    const joint = new MonitoredJoint(profile);
    joint.onHub(state(positionRad), 0, 0);
    joint.onDrive(5, 0, Number.NaN, false, 0);
    return joint;
  };
  const lowRad = degToRad(-30) - degToRad(1);
  const highRad = degToRad(90) + degToRad(1);

  it.each([[1.5, highRad, 'none'], [1.5, highRad + 1e-9, 'range'], [-0.5, lowRad, 'none'], [-0.5, lowRad - 1e-9, 'range']])('of its range, come from %f to %f rad, is %s', (fromRad, toRad, reason) => {
    expect(pushedAt(fromRad).onHub(state(toRad), 100_000, 4_000)).toBe(reason);
  });

  it.each([[degToRad(90), highRad], [degToRad(-30), lowRad]])('of its hard range, %f rad, is not beyond it when it is taken over', (atRad, boundRad) => {
    const joint = new MonitoredJoint(profile);
    joint.onHub(state(atRad), 0, 0);
    joint.onDrive(5, 0, Number.NaN, false, 0);
    expect(joint.onHub(state(boundRad + Math.sign(boundRad) * 1e-9), 4_000, 4_000)).toBe('range');
  });

  it.each([[degToRad(95) + degToRad(5), true], [degToRad(95) + degToRad(5) + 1e-9, false], [degToRad(-35) - degToRad(5), true], [degToRad(-35) - degToRad(5) - 1e-9, false]])('of what can be true, %f rad, is seen: %s', (positionRad, isSeen) => {
    const joint = pushedAt(positionRad);
    expect(joint.unseen(400_000, 400_000)).toBe(!isSeen);
    expect(joint.unseen(400_001, 400_000)).toBe(true);
  });

  it.each([[0.5, 'up'], [-0.5, 'down']])('of what one reading may leap, %f rad in no time, is seen, and no further %s', (leapRad) => {
    const sign = Math.sign(leapRad);
    for (const [extraRad, isSeen] of [[0, true], [1e-9, false]] as const) {
      const joint = pushedAt(0);
      joint.onHub(state(sign * (degToRad(0.5) + extraRad)), 0, 300_000);
      expect(joint.unseen(300_001, 100_000)).toBe(!isSeen);
    }
  });

  it('of the torques that push is not pushed', () => {
    const joint = new MonitoredJoint(profile);
    joint.onHub(state(0, 10), 0, 0);
    joint.onDrive(-1, 0, Number.NaN, false, 0);
    expect(joint.pushed(0)).toBe(false);
    joint.onHub(state(0, -10.01), 4_000, 4_000);
    expect(joint.pushed(4_000)).toBe(true);
  });

  it('of the speed that moves does not move', () => {
    for (const [speed, moves] of [[degToRad(40), false], [degToRad(40.001), true], [-degToRad(40.001), true]] as const) {
      const joint = pushedAt(0);
      joint.onHub(state(speed * 0.02), 20_000, 20_000);
      expect(joint.moves(20_000)).toBe(moves);
    }
  });

  it.each([[20_000, true], [19_999, false], [200_000, true], [200_001, false]])('of the window of its speed, %i us, has one: %s', (elapsedUs, moves) => {
    const joint = pushedAt(0);
    joint.onHub(state(degToRad(10)), elapsedUs, 4_000);
    expect(joint.moves(4_000)).toBe(moves);
  });

  it('is not too fast for the noise of its encoder', () => {
    const joint = pushedAt(0);
    for (let n = 1; n < 100; n++) expect(joint.onHub(state(degToRad(n % 2 === 0 ? 0 : 1.5)), n * PERIOD_US, n)).toBe('none');
  });
});

describe('a joint that nothing pushes', () => {
  it('has forgotten the torque of its drive when it gets power again', () => {
    const rig = pushing();
    rig.torqueNm[HIP] = 140;
    rig.tick();
    rig.hub.enableRelayClosed = false;
    rig.torqueNm[HIP] = null;
    rig.run(0.1);
    rig.hub.enableRelayClosed = true;
    rig.hub.joints[HIP]!.torqueNm = 20;
    rig.run(0.2);
    expect(verdict(rig)).toEqual(['none', -1]);
  });

  it('may stay unseen', () => {
    const rig = pushing();
    rig.hub.joints[KNEE]!.quality = 0;
    rig.torqueNm[KNEE] = 0;
    rig.run(2);
    expect(verdict(rig)).toEqual(['none', -1]);
  });

  it('may be moved by hand anywhere, however fast', () => {
    const rig = resting();
    rig.torqueNm.fill(0.9);
    for (const joint of rig.hub.joints) joint.torqueNm = 9.9;
    expect(rig.move(HIP, 94)).toBe('none');
    expect(rig.move(HIP, -34, 700)).toBe('none');
    expect(rig.tick()).toBe(rig.hub.challenge);
  });

  it('is one that has lost its power, whatever was last heard', () => {
    const rig = pushing();
    rig.hub.enableRelayClosed = false;
    expect(rig.move(HIP, 94)).toBe('none');
    rig.hub.joints[HIP]!.torqueNm = 160;
    rig.run(0.1);
    expect(verdict(rig)).toEqual(['none', -1]);
  });

  it('can be taken over outside its range, led back, and not pushed out again', () => {
    for (const [start, sag, back, out] of [[93, 94.9, 92, 94.1], [-33, -34.9, -32, -34.1]] as const) {
      const rig = resting();
      rig.move(HIP, start);
      rig.run(0.1);
      rig.torqueNm[HIP] = 20;
      rig.run(0.1);
      expect(rig.move(HIP, sag, 2)).toBe('none');
      expect(rig.move(HIP, back, 2)).toBe('none');
      expect(rig.move(HIP, out, 2)).toBe('range');
    }
  });

  it('that was taken over outside its range has the usual bound when it is back', () => {
    const rig = resting();
    rig.move(HIP, 93);
    rig.torqueNm[HIP] = 20;
    expect(rig.move(HIP, 89)).toBe('none');
    expect(rig.move(HIP, 91.1)).toBe('range');
  });

  it('gets its power back a second after it was taken', () => {
    const rig = pushing();
    rig.move(HIP, 91.1);
    rig.hub.enableRelayClosed = false;
    rig.torqueNm.fill(null);
    expect(rig.run(0.996)).toBe(-1);
    expect(rig.tick()).toBe(rig.hub.challenge);
  });
});

describe('a drive that falls silent', () => {
  const silentAfter = (rig: MonitorRig, seconds: number, each: () => void): string => {
    rig.torqueNm[0] = null;
    rig.run(seconds, each);
    return verdict(rig).join();
  };
  /** The other leg swings at this speed. */
  const swing = (rig: MonitorRig, degPerSec: number) => {
    let way = 1;
    return (): void => {
      if (rig.positionDeg(HIP) > 60) way = -1;
      if (rig.positionDeg(HIP) < 0) way = 1;
      rig.place(HIP, rig.positionDeg(HIP) + (way * degPerSec * PERIOD_US) / 1e6);
    };
  };

  it('cuts the power when a pushed joint still moves after the time of a stop', () => {
    const rig = pushing();
    const go = swing(rig, 80);
    expect(silentAfter(rig, 0.6, go)).toBe('none,-1');
    rig.run(0.004, go);
    expect(verdict(rig)).toEqual(['driveSilent', 0]);
  });

  it('leaves the others their power while they stand, or are lowered', () => {
    const rig = pushing();
    expect(silentAfter(rig, 3, swing(rig, 39))).toBe('none,-1');
  });

  it('does so while somebody moves a joint that nothing pushes', () => {
    const rig = pushing();
    rig.torqueNm[HIP] = 0;
    rig.run(0.6);
    expect(silentAfter(rig, 3, swing(rig, 80))).toBe('none,-1');
  });

  it('counts only from its first word since the relay closed', () => {
    const rig = pushing();
    rig.hub.enableRelayClosed = false;
    rig.tick();
    rig.torqueNm[0] = null;
    rig.tick();
    rig.hub.enableRelayClosed = true;
    rig.run(2, swing(rig, 80));
    expect(verdict(rig)).toEqual(['none', -1]);
  });

  it('is noticed by its port where its frames are not read', () => {
    const rig = new MonitorRig(withDrive((drive) => ({ ...drive, protocol: 'vesc' }), 'vesc'));
    rig.torqueNm.fill(null);
    rig.run(0.1);
    const go = swing(rig, 80);
    rig.push('leg-left', Uint8Array.of(1));
    rig.run(0.6, () => {
      rig.push('leg-right', Uint8Array.of(1));
      go();
    });
    expect(verdict(rig)).toEqual(['none', -1]);
    rig.push('leg-right', Uint8Array.of(1));
    rig.run(0.004, go);
    expect(verdict(rig)).toEqual(['driveSilent', 0]);
  });

  it('is waited for longer than the proof of the slowest watchdog takes', () => {
    const profile = structuredClone(gaitOrthosis);
    profile.joints[3]!.drive.watchdogMs = 1_000;
    const rig = pushing(profile);
    const go = swing(rig, 80);
    expect(silentAfter(rig, 1.6, go)).toBe('none,-1');
    rig.run(0.004, go);
    expect(verdict(rig)).toEqual(['driveSilent', 0]);
  });
});

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
