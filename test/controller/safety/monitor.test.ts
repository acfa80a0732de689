import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HUB_IDENTITY, HUB_STATE } from '../../../protocols/wire/sensor-hub.ts';
import { profile as gaitOrthosis } from './fixtures.ts';
import { HIP, KNEE, MonitorRig, PERIOD_US, pushing, resting, verdict, withDrive } from './monitor-rig.ts';

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
