import { describe, expect, it } from 'vitest';
import { encodeServoUpload, SERVO_UPLOAD_ID } from '../../../protocols/wire/servo-can.ts';
import { emptyHubState } from '../../../protocols/wire/sensor-hub.ts';
import { degToRad } from '../../../protocols/units.ts';
import { MonitoredJoint } from '../../../controller/safety/monitor-joint.ts';
import { profile as gaitOrthosis } from './fixtures.ts';
import { HIP, KNEE, MonitorRig, PERIOD_US, pushing, resting, verdict, withDrive } from './monitor-rig.ts';

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

  // A foot at 480°/s stands within 50 ms: its drive had let go of it already when the speed of the window before was held against it.
  it.each([[9, 16, 'none'], [9, 28, 'speed'], [45, 4, 'speed']])('that may hold %f Nm and has been braked until %i ms ago is %s', (interactionLimitNm, sinceMs, reason) => {
    const robot = structuredClone(gaitOrthosis);
    for (const joint of robot.joints) joint.interactionLimitNm = interactionLimitNm;
    const rig = pushing(robot);
    rig.move(KNEE, 0);
    rig.hub.joints[KNEE]!.torqueNm = -11;
    expect(rig.move(KNEE, 50, 600)).toBe('none');
    rig.hub.joints[KNEE]!.torqueNm = -1;
    rig.move(KNEE, 50 + 0.6 * sinceMs, 600);
    expect(rig.monitor.reason).toBe(reason);
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
