import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DariError } from '../../protocols/errors.ts';
import { armKinds } from '../../protocols/arm-profile.ts';
import { parseProfile } from '../../protocols/profile-text.ts';
import { sensedJointsOf, type ArmProfile, type FootplateProfile, type GaitProfile } from '../../protocols/profile.ts';

const text = readFileSync(new URL('../../hal/profiles/gait-orthosis.json', import.meta.url), 'utf8');

function refusal(profileText: string): DariError {
  try {
    parseProfile(profileText, 'robot.json');
  } catch (error) {
    if (error instanceof DariError) return error;
    throw error;
  }
  throw new Error('the profile was accepted');
}

/** 1-based line of the n-th occurrence. */
const lineOf = (source: string, needle: string, occurrence = 0): number => {
  const parts = source.split(needle);
  return parts.slice(0, occurrence + 1).join(needle).split('\n').length;
};

function changed(change: (profile: GaitProfile) => void): string {
  const profile = JSON.parse(text) as GaitProfile;
  change(profile);
  return JSON.stringify(profile, null, 2);
}

test('the shipped profile is accepted', () => {
  const profile = parseProfile(text, 'gait-orthosis.json');
  expect(profile.joints.map((joint) => joint.id)).toEqual(['hipLeft', 'kneeLeft', 'hipRight', 'kneeRight']);
});

test('a misspelt key is named with its line', () => {
  const wrong = text.replace('"torqueLimitNm"', '"torqeLimitNm"');
  const { code, message } = refusal(wrong);
  expect(code).toBe('profileInvalid');
  expect(message).toContain(`robot.json:${lineOf(wrong, '"torqeLimitNm"')}: joints.0.torqeLimitNm: unknown key`);
  expect(message).toContain('joints.0.torqueLimitNm');
});

test('a value of the wrong kind is named with its line', () => {
  const wrong = text.replace('"watchdogMs": 100', '"watchdogMs": "100"');
  expect(refusal(wrong).message).toContain(`robot.json:${lineOf(wrong, '"watchdogMs": "100"')}: joints.0.drive.watchdogMs`);
});

test.each([
  ['a missing comma', text.replace('"schemaVersion": 1,', '"schemaVersion": 1')],
  ['an empty file', ''],
  ['a comment', `// mine\n${text}`],
])('%s is not JSON, and the line is named', (_what, wrong) => {
  const { code, message } = refusal(wrong);
  expect(code).toBe('profileUnreadable');
  expect(message).toMatch(/robot\.json:\d+: not valid JSON/);
});

test('every mistake is listed, not only the first', () => {
  const { message } = refusal(changed((profile) => {
    profile.joints[0]!.torqueLimitNm = -1;
    profile.controlRateHz = 5;
  }));
  expect(message).toContain('joints.0.torqueLimitNm');
  expect(message).toContain('controlRateHz');
  expect(message).toContain('2 mistake(s)');
});

test('says what a value may be, and of which kind it must be', () => {
  const { message } = refusal(changed((profile) => {
    Object.assign(profile.joints[0]!, { side: 'middle', name: 7, torqueLimitNm: 'much' });
    Object.assign(profile.hub, { link: 3, footLoads: 2.5 });
  }));
  expect(message).toContain('joints.0.side: must be "left" or "right"');
  expect(message).toContain('joints.0.name: is missing or of another kind; it must be an object {…}');
  expect(message).toContain('joints.0.torqueLimitNm: is missing or of another kind; it must be a number');
  expect(message).toContain('hub.link: is missing or of another kind; it must be a text in quotation marks');
  expect(message).toContain('hub.footLoads: is missing or of another kind; it must be a whole number');
});

describe('what no patient may meet is refused, never repaired', () => {
  const joint = (profile: GaitProfile) => profile.joints[1]!;
  const ground = { heelBehindFraction: 0.2, forefootBeforeFraction: 0.45, friction: 0.8, harnessNPerM: 20_000, harnessNsPerM: 500, footLifterNmPerRad: 60, footLifterSlackDeg: 15 };
  const cases: [string, string, (profile: GaitProfile) => void][] = [
    ['two links of one name', 'links.1', (p) => (p.links[1]!.id = p.links[0]!.id)],
    ['two joints of one name', 'joints.2', (p) => (p.joints[2]!.id = p.joints[0]!.id)],
    ['two joints on one hub channel', 'joints.1', (p) => (joint(p).hubChannel = 0)],
    ['two joints on one drive', 'joints.1', (p) => (joint(p).drive.address = 1)],
    ['a hub on an unknown link', 'hub.link', (p) => (p.hub.link = 'nowhere')],
    ['a drive on an unknown link', 'joints.1.drive', (p) => (joint(p).drive.link = 'nowhere')],
    ['a drive on a link of another protocol', 'joints.1.drive', (p) => (joint(p).drive.link = 'hub')],
    ['an inverted soft range', 'joints.1.softRangeDeg', (p) => (joint(p).softRangeDeg = { min: 40, max: 20 })],
    ['a soft range beyond the hard one', 'joints.1.softRangeDeg', (p) => (joint(p).softRangeDeg.max = 88)],
    ['a hard range beyond the mechanical stop', 'joints.1.hardRangeDeg', (p) => (joint(p).hardRangeDeg.max = 95)],
    ['more torque than the frame carries', 'joints.1.drive', (p) => (joint(p).drive.peakTorqueNm = 150)],
    ['continuous above peak torque', 'joints.1.drive', (p) => (joint(p).drive.continuousTorqueNm = 130)],
    ['a torque limit above the peak of the drive', 'joints.1.torqueLimitNm', (p) => (joint(p).torqueLimitNm = 121)],
    ['a speed that the drive cannot report', 'joints.1.speedLimitDegPerSec', (p) => (joint(p).speedLimitDegPerSec = 460)],
    ['more stiffness than the drive renders', 'joints.1.stiffnessNmPerRad', (p) => (joint(p).stiffnessNmPerRad = 501)],
    ['more damping than the drive renders', 'joints.1.dampingNmsPerRad', (p) => (joint(p).dampingNmsPerRad = 6)],
    ['a warning temperature above the limit', 'joints.1.drive', (p) => (joint(p).drive.tempWarnC = 95)],
    ['a drive that lets go before the host notices', 'joints.1.drive', (p) => (joint(p).drive.watchdogMs = 80)],
    ['a drive that the relay releases later than the profile says', 'joints.1.drive', (p) => Object.assign(joint(p).drive, { watchdog: 'hubRelay', watchdogMs: 90 })],
    ['a range that the drive cannot report', 'joints.1.drive', (p) => (joint(p).drive.positionRangeRad = 1)],
    ['a torque that falls slower than it rises', 'joints.1.torqueRateDownNmPerSec', (p) => (joint(p).torqueRateDownNmPerSec = 10)],
    ['an initial speed outside the range', 'therapy.speedKmh', (p) => (p.therapy.speedKmh.initial = 9)],
    ['a range of motion without the published one', 'therapy.romScale', (p) => (p.therapy.romScale.max = 0.9)],
    ['an offset range without zero', 'therapy.offsetDeg', (p) => (p.therapy.offsetDeg.min = 1)],
    ['guidance above one', 'therapy.guidance.initial', (p) => (p.therapy.guidance.initial = 1.5)],
    ['ground without anything that carries who stands on it', 'geometry.ground', (p) => { p.geometry.ground = ground; delete p.bodyWeightSupport; }],
    ['ground that no load cell feels', 'geometry.ground', (p) => { p.geometry.ground = ground; p.hub.footLoads = 0; }],
    ['a belt that nobody sees', 'treadmill.speedMaxKmh', (p) => delete p.hub.inputs?.treadmill],
    ['a belt that is slower than the gait', 'treadmill.speedMaxKmh', (p) => (p.treadmill!.speedMaxKmh = 3)],
    ['a belt that starts with a jerk', 'treadmill.startRampMps2', (p) => (p.treadmill!.startRampMps2 = 0.3)],
    ['a belt that stops too slowly', 'treadmill.stopRampMps2', (p) => (p.treadmill!.stopRampMps2 = 0.9)],
    ['a belt that stops too hard', 'treadmill.stopRampMps2', (p) => (p.treadmill!.stopRampMps2 = 2.1)],
    ['a belt that still runs when the legs must stand', 'treadmill.stopRampMps2', (p) => (p.treadmill!.stopRampMps2 = 1.5)],
    ['a belt that cannot follow a soft stop', 'treadmill.stopRampMps2', (p) => (p.therapy.softStopSec = 0.5)],
    ['a treadmill that stops before the host notices', 'treadmill.watchdogMs', (p) => (p.treadmill!.watchdogMs = 40)],
    ['a support that nobody sees', 'bodyWeightSupport.unloadingMaxKg', (p) => delete p.hub.inputs?.bodyWeightSupport],
    ['a support that lifts too much', 'bodyWeightSupport.unloadingMaxKg', (p) => (p.bodyWeightSupport!.unloadingMaxKg = 86)],
    ['a support that begins beyond its own limit', 'bodyWeightSupport.initialKg', (p) => (p.bodyWeightSupport!.initialKg = 86)],
    ['a support that lifts with a jerk', 'bodyWeightSupport.rateKgPerSec', (p) => (p.bodyWeightSupport!.rateKgPerSec = 5.5)],
    ['a drop that could not be seen', 'bodyWeightSupport.dropKg', (p) => (p.bodyWeightSupport!.dropKg = 90)],
    ['a support that locks before the host notices', 'bodyWeightSupport.watchdogMs', (p) => (p.bodyWeightSupport!.watchdogMs = 40)],
    ['a limit that is not positive', 'joints.1.speedLimitDegPerSec', (p) => (joint(p).speedLimitDegPerSec = 0)],
    ['another schema version', 'schemaVersion', (p) => Object.assign(p, { schemaVersion: 2 })],
  ];

  test.each(cases)('%s', (_what, path, change) => {
    const { code, message } = refusal(changed(change));
    expect(code).toBe('profileInvalid');
    expect(message).toContain(`: ${path}`);
  });
});

describe('a robot that moves an arm', () => {
  const armText = readFileSync('hal/profiles/arm-exo.json', 'utf8');
  const changedArm = (change: (profile: ArmProfile) => void): string => {
    const profile = JSON.parse(armText) as ArmProfile;
    change(profile);
    return JSON.stringify(profile, null, 2);
  };

  test('is accepted as it is shipped, with its joints from the trunk outward', () => {
    expect(parseProfile(armText, 'arm-exo.json').joints.map(({ kind }) => kind)).toEqual(armKinds);
  });

  const cases: [string, string, (profile: ArmProfile) => void][] = [
    ['joints in another order', 'joints.0.kind', (p) => p.joints.reverse()],
    ['a joint of a leg', 'joints.3.kind', (p) => Object.assign(p.joints[3]!, { kind: 'knee' })],
    ['a missing joint', 'joints', (p) => p.joints.pop()],
    ['two arms', 'joints.2.side', (p) => (p.joints[2]!.side = 'left')],
    ['a posture of too few angles', 'therapy.posturesDeg.1', (p) => p.therapy.posturesDeg[1]!.pop()],
    ['a posture outside the soft range', 'therapy.posturesDeg.1.3', (p) => (p.therapy.posturesDeg[1]![3] = 101)],
    ['a movement to where it already is', 'therapy.posturesDeg.0', (p) => (p.therapy.posturesDeg[1] = p.therapy.posturesDeg[0]!)],
    ['an initial pace outside the range', 'therapy.handSpeedMps', (p) => (p.therapy.handSpeedMps.initial = 0.9)],
    ['a treadmill', 'treadmill', (p) => Object.assign(p, { treadmill: JSON.parse(text).treadmill as unknown })],
    ['the geometry of legs', 'geometry', (p) => Object.assign(p, { geometry: JSON.parse(text).geometry as unknown })],
    ['the class of a gait robot', 'joints.0.kind', (p) => Object.assign(p, { class: 'gait' })],
    ['a class that nobody knows', 'class', (p) => Object.assign(p, { class: 'tail' })],
  ];

  test.each(cases)('with %s is refused', (_what, path, change) => {
    const { code, message } = refusal(changedArm(change));
    expect(code).toBe('profileInvalid');
    expect(message).toContain(`: ${path}`);
  });
});

describe('a robot with footplates', () => {
  const plateText = readFileSync('hal/profiles/gait-endeffector.json', 'utf8');
  const changed = (change: (profile: FootplateProfile) => void): string => {
    const profile = JSON.parse(plateText) as FootplateProfile;
    change(profile);
    return JSON.stringify(profile);
  };

  test.each<[string, RegExp, (p: FootplateProfile) => void]>([
    ['two lifts on one side', /there are two of kind vertical/, (p) => (p.joints[0]!.kind = 'vertical')],
    ['a belt axis without a lead', /foreAftLeft: foreAft and vertical have one, pitch has none/, (p) => delete p.joints[0]!.leadMPerRad],
    ['a hinge with a lead', /pitchLeft: foreAft and vertical have one, pitch has none/, (p) => (p.joints[2]!.leadMPerRad = 0.1)],
    ['plates that do not feel the feet', /must be 4: heel and forefoot/, (p) => (p.hub.footLoads = 0)],
    ['nothing to sit on', /nobody sits on a saddle that does not carry/, (p) => delete p.bodyWeightSupport],
    ['a saddle that ends above where he sits', /must lie between saddleLowestFraction and 1/, (p) => (p.geometry.saddleLowestFraction = 0.96)],
    ['a counterweight heavier than the plate', /balancedShare.*must be 0 … 1/s, (p) => (p.geometry.balancedShare = 1.1)],
    ['a walking speed outside its own range', /needs min ≤ initial ≤ max/, (p) => (p.therapy.speedKmh.initial = 3)],
  ])('is refused with %s', (_, says, change) => {
    expect(() => parseProfile(plateText, 'p.json')).not.toThrow();
    expect(() => parseProfile(changed(change), 'p.json')).toThrow(says);
  });
});

describe('a robot that moves both arms', () => {
  const armsText = readFileSync('hal/profiles/arm-bimanual.json', 'utf8');
  const read = (change: (profile: ArmProfile) => void): string => {
    const profile = JSON.parse(armsText) as ArmProfile;
    change(profile);
    return JSON.stringify(profile, null, 2);
  };

  test('is accepted as it is shipped, one arm after the other', () => {
    const profile = parseProfile(armsText, 'arm-bimanual.json');
    const upToTheElbow = armKinds.slice(0, 4);
    expect(profile.joints.map(({ kind }) => kind)).toEqual([...upToTheElbow, ...upToTheElbow]);
    expect(profile.joints.map(({ side }) => side)).toEqual([...Array<string>(4).fill('left'), ...Array<string>(4).fill('right')]);
    expect(sensedJointsOf(profile).map(({ id }) => id)).toEqual(['forearmLeft', 'wristLeft', 'forearmRight', 'wristRight']);
  });

  const cases: [string, string, (profile: ArmProfile) => void][] = [
    ['joints of both mixed', 'joints.1.side', (p) => ([p.joints[1], p.joints[5]] = [p.joints[5]!, p.joints[1]!])],
    ['two arms of one side', 'joints.4.kind', (p) => p.joints.forEach((joint) => (joint.side = 'left'))],
    ['an arm without an elbow', 'joints', (p) => p.joints.pop()],
    ['arms that are not alike', 'joints', (p) => p.joints.splice(4, 0, ...(['forearm', 'wrist'] as const).map((kind, i) => ({ ...p.joints[3]!, id: kind, kind, hubChannel: 8 + i, drive: { ...p.joints[3]!.drive, address: 2 + i } })))],
    ['a measured joint that is not outward of the driven ones', 'sensedJoints', (p) => (p.sensedJoints![0]!.kind = 'elbow')],
    ['measured joints in the order of another chain', 'sensedJoints', (p) => p.sensedJoints!.reverse()],
    ['a wrist that nobody measures', 'sensedJoints', (p) => p.sensedJoints!.pop()],
    ['an arm whose outward joints are measured beside one whose are not', 'sensedJoints', (p) => p.sensedJoints!.splice(0, 2)],
    ['a measured arm beside a driven one', 'sensedJoints.0.side', (p) => p.joints.splice(0, 4)],
    ['joints measured that are driven', 'sensedJoints', (p) => p.joints.splice(4, 4, ...(['forearm', 'wrist'] as const).map((kind, i) => ({ ...p.joints[3]!, id: kind, kind, drive: { ...p.joints[3]!.drive, address: 2 + i }, hubChannel: 12 + i })))],
    ['two joints on one place of the hub', 'sensedJoints.0.reading', (p) => (p.sensedJoints![0]!.reading = { by: 'hub', hubChannel: 3 })],
    ['a posture for the measured joints too', 'therapy.posturesDeg.0', (p) => p.therapy.posturesDeg[0]!.push(0, 0)],
    ['a posture for both arms in one', 'therapy.posturesDeg.0', (p) => p.therapy.posturesDeg[0]!.push(...p.therapy.posturesDeg[0]!)],
    ['a posture that one of them cannot take', 'therapy.posturesDeg.1.3', (p) => (p.joints[7]!.softRangeDeg.min = 20)],
  ];

  test.each(cases)('with %s is refused', (_what, path, change) => {
    const { code, message } = refusal(read(change));
    expect(code).toBe('profileInvalid');
    expect(message).toContain(`: ${path}`);
  });

  test('a robot that only measures is still for one whole arm', () => {
    const profile = JSON.parse(readFileSync('hal/profiles/arm-support.json', 'utf8')) as ArmProfile;
    profile.sensedJoints = profile.sensedJoints!.slice(0, 4);
    profile.therapy.posturesDeg = profile.therapy.posturesDeg.map((posture) => posture.slice(0, 4));
    expect(refusal(JSON.stringify(profile, null, 2)).message).toContain(': sensedJoints');
  });

  test.each([
    ['that cannot report its range', 'positionRangeRad', { positionRangeRad: 3 }],
    ['that cannot report its speed', 'velocityRangeRadPerSec', { velocityRangeRadPerSec: 5 }],
    ['that is believed for as long as it waits for its host', 'inputMaxAgeMs', { watchdogMs: 80 }],
  ])('a servo that only measures and %s is refused', (_what, key, change) => {
    const profile = JSON.parse(readFileSync('hal/profiles/arm-support.json', 'utf8')) as ArmProfile;
    const { reading } = profile.sensedJoints![0]!;
    if (reading.by === 'servo') Object.assign(reading.servo, change);
    const { message } = refusal(JSON.stringify(profile, null, 2));
    expect(message).toContain(': sensedJoints.0.reading');
    expect(message).toContain(key);
  });
});
