import { emptyActuatorInputs } from '../../../protocols/actuator-log.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InteractionTorque } from '../../../controller/estimation/interaction-torque.ts';
import { createLegModel, gravityTorques, inertiaTorques, noLegMotion, noLegTorques, type LegMotion } from '../../../controller/estimation/leg-dynamics.ts';
import { cos, sin } from '../../../protocols/math.ts';
import { createRandom } from '../../../protocols/random.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { gaitExo } from '../../sim/support/profile.ts';
import { PERIOD_US, profile, setup } from '../safety/fixtures.ts';

const model = createLegModel(profile, setup, setup.heightM);

/** A leg on a given course, and what its sensors show when somebody adds torques to it. */
function sensed(t: number, hipPushNm: number, kneePushNm: number, heardAt = t) {
  const motion: LegMotion = {
    ...noLegMotion(),
    hipRad: 0.2 + 0.4 * sin(3 * t),
    kneeRad: 0.6 + 0.4 * sin(4 * t),
    hipRadPerSec: 1.2 * cos(3 * t),
    kneeRadPerSec: 1.6 * cos(4 * t),
    hipRadPerSec2: -3.6 * sin(3 * t),
    kneeRadPerSec2: -6.4 * sin(4 * t),
  };
  const inertia = noLegTorques();
  const gravity = noLegTorques();
  inertiaTorques(model, motion, inertia);
  gravityTorques(model, motion.hipRad, motion.kneeRad, 0, gravity);
  const motorAtUs = heardAt * 1e6;
  const motorSequence = Math.round((t * 1e6) / PERIOD_US);
  const hip = { motorAtUs, motorSequence, positionRad: motion.hipRad, velocityRadPerSec: motion.hipRadPerSec, jointTorqueNm: inertia.hipNm + gravity.hipNm - hipPushNm };
  const knee = { motorAtUs, motorSequence, positionRad: motion.kneeRad, velocityRadPerSec: motion.kneeRadPerSec, jointTorqueNm: inertia.kneeNm + gravity.kneeNm - kneePushNm };
  return [hip, knee, { ...hip }, { ...knee }];
}

type Reading = Parameters<InteractionTorque['update']>[0][number];

/** A cycle as soon as the newest reading is there. */
const NO_LOADS = emptyActuatorInputs().feet;
const tell = (interaction: InteractionTorque, joints: readonly Reading[]): void => interaction.update(joints, Math.max(0, ...joints.map(({ motorAtUs }) => motorAtUs)), NO_LOADS);

function run(seconds: number, pushAt: (t: number) => readonly [number, number]): InteractionTorque {
  const interaction = new InteractionTorque(profile, setup);
  for (let n = 0; n * PERIOD_US < seconds * 1e6; n++) {
    const t = (n * PERIOD_US) / 1e6;
    tell(interaction, sensed(t, ...pushAt(t)));
  }
  return interaction;
}

describe('the interaction torque', () => {
  it('of a limb that is only carried along is nothing, to a newton metre, in any part of the motion', () => {
    for (let seconds = 0.2; seconds < 2.5; seconds += 0.1) for (const torqueNm of run(seconds, () => [0, 0]).torqueNm) expect(Math.abs(torqueNm)).toBeLessThan(1);
  });

  it('is what somebody adds at hip and knee, each for itself and with its sign', () => {
    fc.assert(
      fc.property(fc.double({ min: -80, max: 80, noNaN: true }), fc.double({ min: -80, max: 80, noNaN: true }), (hipNm, kneeNm) => {
        const [hip, knee] = run(0.6, () => [hipNm, kneeNm]).torqueNm;
        expect(Math.abs(hip! - hipNm)).toBeLessThan(1);
        expect(Math.abs(knee! - kneeNm)).toBeLessThan(1);
      }),
    );
  });

  it('has found two thirds of a sudden push after three cycles, and nearly all after ten', () => {
    const push = (t: number): readonly [number, number] => (t > 0.5 ? [30, 0] : [0, 0]);
    expect(run(0.5 + 0.016, push).torqueNm[0]).toBeGreaterThan(18);
    expect(run(0.5 + 0.044, push).torqueNm[0]).toBeGreaterThan(28);
  });

  it('is no number while a sensor shows none, and is known again soon after', () => {
    const interaction = run(0.4, () => [10, 0]);
    const spoilt = sensed(0.4, 10, 0);
    tell(interaction, [{ ...spoilt[0]!, jointTorqueNm: Number.NaN }, ...spoilt.slice(1)]);
    const next = sensed(0.404, 10, 0);
    tell(interaction, [{ ...next[0]!, velocityRadPerSec: Number.NaN }, ...next.slice(1)]);
    expect(interaction.torqueNm[0]).toBeNaN();
    for (let t = 0.408; t < 0.5; t += 0.004) tell(interaction, sensed(t, 10, 0));
    expect(interaction.torqueNm[0]).toBeCloseTo(10, 0);
  });

  it.each([8, 12, 16, 20, 40])('after %i ms without news is what it was, and not an answer to the gap', (gapMs) => {
    for (const [hipNm, kneeNm] of [[0, 0], [30, -10]] as const)
      for (let start = 0.4; start < 2; start += 0.1) {
        const interaction = run(start, () => [hipNm, kneeNm]);
        for (let n = 0; n < 25; n++) {
          tell(interaction, sensed(start + gapMs / 1e3 + (n * PERIOD_US) / 1e6, hipNm, kneeNm));
          expect(Math.abs(interaction.torqueNm[0]! - hipNm)).toBeLessThan(1.5);
          expect(Math.abs(interaction.torqueNm[1]! - kneeNm)).toBeLessThan(1.5);
        }
      }
  });

  it('goes by the time of the readings: the same ones again, or of one joint only, change nothing', () => {
    const interaction = run(0.4, () => [10, 0]);
    const before = [...interaction.torqueNm];
    const [hip, ...others] = sensed(0.42, 60, 0);
    tell(interaction, sensed(0.396, 60, 0));
    tell(interaction, [hip!, { ...others[0]!, motorAtUs: 396_000 }, ...sensed(0.396, 60, 0).slice(2)]);
    expect([...interaction.torqueNm]).toEqual(before);
  });

  it('is not an answer to readings that were held up and then came together', () => {
    for (let start = 0.4; start < 2; start += 0.1) {
      const interaction = run(start, () => [10, 0]);
      // The last one of 14 ms came alone and late; four more came in the next 4 ms, and then all is as it was.
      tell(interaction, sensed(start, 10, 0, start + 0.013));
      tell(interaction, sensed(start + 0.016, 10, 0, start + 0.0165));
      expect([...interaction.isNew]).toEqual([0, 0, 0, 0]);
      for (let n = 1; n < 25; n++) {
        tell(interaction, sensed(start + 0.016 + (n * PERIOD_US) / 1e6, 10, 0, start + 0.0165 + (n * PERIOD_US) / 1e6));
        expect(Math.abs(interaction.torqueNm[0]! - 10)).toBeLessThan(1.5);
      }
      expect([...interaction.isNew]).toEqual([1, 1, 1, 1]);
    }
  });

  it('stays as it was for five readings out of rhythm at most', () => {
    const interaction = run(0.4, () => [0, 0]);
    const news: number[] = [];
    for (let n = 1; n <= 8; n++) {
      tell(interaction, sensed(0.4 + (n * 2 * PERIOD_US) / 1e6, 30, 0, 0.397 + n / 1e3));
      news.push(interaction.isNew[0]!);
    }
    expect(news).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  });

  it('begins with what it finds, and does not take the first speed for a push', () => {
    const interaction = new InteractionTorque(profile, setup);
    tell(interaction, sensed(0, 0, 0));
    expect([...interaction.torqueNm]).toEqual([0, 0, 0, 0].map(() => expect.closeTo(0, 9)));
  });

  it('leaves a joint alone that is not there', () => {
    const interaction = new InteractionTorque(profile, null);
    tell(interaction, sensed(0, 40, 0).slice(0, 1));
    tell(interaction, []);
    expect([...interaction.torqueNm]).toEqual([0, 0, 0, 0]);
  });
});

describe('of a leg whose ankle is driven too, the interaction torque', () => {
  const exo = gaitExo();
  const person = { ...setup, permittedRangeRad: exo.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg)) };
  const leg = createLegModel(exo, person, person.heightM);

  /** hip, knee and ankle of a leg on a given course, twice, with what somebody adds to them. */
  function readings(t: number, pushNm: readonly [number, number, number]) {
    const motion: LegMotion = { hipRad: 0.2 + 0.4 * sin(3 * t), kneeRad: 0.6 + 0.4 * sin(4 * t), ankleRad: 0.2 * sin(5 * t), hipRadPerSec: 1.2 * cos(3 * t), kneeRadPerSec: 1.6 * cos(4 * t), ankleRadPerSec: cos(5 * t), hipRadPerSec2: -3.6 * sin(3 * t), kneeRadPerSec2: -6.4 * sin(4 * t), ankleRadPerSec2: -5 * sin(5 * t) };
    const [inertia, gravity] = [noLegTorques(), noLegTorques()];
    inertiaTorques(leg, motion, inertia);
    gravityTorques(leg, motion.hipRad, motion.kneeRad, motion.ankleRad, gravity);
    const heard = { motorAtUs: t * 1e6, motorSequence: Math.round((t * 1e6) / PERIOD_US) };
    const side = [
      { ...heard, positionRad: motion.hipRad, velocityRadPerSec: motion.hipRadPerSec, jointTorqueNm: inertia.hipNm + gravity.hipNm - pushNm[0] },
      { ...heard, positionRad: motion.kneeRad, velocityRadPerSec: motion.kneeRadPerSec, jointTorqueNm: inertia.kneeNm + gravity.kneeNm - pushNm[1] },
      { ...heard, positionRad: motion.ankleRad, velocityRadPerSec: motion.ankleRadPerSec, jointTorqueNm: inertia.ankleNm + gravity.ankleNm - pushNm[2] },
    ];
    return [...side, ...side];
  }

  it.each([[[0, 0, 0]], [[20, 0, 0]], [[0, -15, 0]], [[0, 0, 8]], [[5, 10, -4]]] as const)('is what somebody adds to each joint: %j Nm', (pushNm) => {
    const interaction = new InteractionTorque(exo, person);
    for (let n = 0; n * PERIOD_US < 1.5e6; n++) tell(interaction, readings((n * PERIOD_US) / 1e6, pushNm));
    pushNm.forEach((torqueNm, j) => expect(Math.abs(interaction.torqueNm[j]! - torqueNm)).toBeLessThan(0.5));
  });
});

describe('of drives that are asked in every cycle, the interaction torque', () => {
  /**
   * Cycles of 4 ms that may be late; hip and knee measure when they are asked, and what they say may be held up.
   * @returns the greatest error once the rate of the readings is known
   */
  function worstNm(lateMs: () => number, heldMs: () => number, kneeLaterMs: number, lost: (cycle: number) => boolean = () => false): number {
    const interaction = new InteractionTorque(profile, setup);
    const answers: { atUs: number; joint: number; reading: Reading }[] = [];
    const newest = sensed(0, 10, -5).map((reading) => ({ ...reading, motorSequence: 0 }));
    const portFreeUs = [0, 0];
    let worst = 0;
    for (let cycle = 0; cycle < 500; cycle++) {
      const nowUs = cycle * PERIOD_US + 1_000 * lateMs();
      for (const { joint, reading } of answers.filter(({ atUs }) => atUs <= nowUs).toSorted((a, b) => a.atUs - b.atUs))
        for (const j of [joint, joint + 2]) newest[j] = { ...reading, motorSequence: newest[j]!.motorSequence + 1 };
      answers.splice(0, answers.length, ...answers.filter(({ atUs }) => atUs > nowUs));
      interaction.update(newest, nowUs, NO_LOADS);
      if (cycle > 200) worst = Math.max(worst, Math.abs(interaction.torqueNm[0]! - 10), Math.abs(interaction.torqueNm[1]! + 5));
      const measured = sensed(nowUs / 1e6, 10, -5);
      for (const joint of [0, 1]) {
        if (joint === 1 && lost(cycle)) continue;
        const atUs = Math.max(portFreeUs[joint]!, nowUs + 700 + 1_000 * (heldMs() + joint * kneeLaterMs));
        portFreeUs[joint] = atUs;
        answers.push({ atUs, joint, reading: { ...measured[joint]!, motorAtUs: atUs } });
      }
    }
    return worst;
  }

  it('is the same when nothing is late', () => {
    expect(worstNm(() => 0, () => 0, 0.5)).toBeLessThan(1);
  });

  it('does not depend on how late cycles, answers or only one of the answers come', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0.2, 0.9, 1.7), (seed, kneeLaterMs) => {
        const random = createRandom(seed);
        const sometimes = (share: number, mostMs: number) => () => (random.next() < share ? random.int(mostMs + 1) : 0);
        expect(worstNm(sometimes(0.2, 3), sometimes(0.05, 7), kneeLaterMs)).toBeLessThan(6);
      }),
      { numRuns: 40 },
    );
  });

  it('is no push when one answer in fifty is lost', () => {
    expect(worstNm(() => 0, () => 0, 0.5, (cycle) => cycle % 50 === 20)).toBeLessThan(4);
  });

  // One answer comes 5 ms late, in a cycle that is late itself; the knee's next two miss their cycles, so three are taken together.
  it('is no push when readings are taken together that are further apart than their arrivals', () => {
    const inCalls = (ms: Readonly<Record<number, number>>) => {
      let call = 0;
      return () => ms[call++] ?? 0;
    };
    expect(worstNm(inCalls({ 300: 3 }), inCalls({ 598: 5.3, 599: 4.4, 603: 5, 604: 2.3, 605: 2.3 }), 0.9)).toBeLessThan(0.3);
  });

  // The first answer waited as long as they stood; those that follow were measured when they woke, one reading of several.
  it('is no push when the drives stood still for a while', () => {
    for (const stoodCycles of [3, 4, 6, 9])
      for (const answersAtOnce of [1, 2, 5]) {
        const interaction = new InteractionTorque(profile, setup);
        let worst = 0;
        let answers = 0;
        const tellCycle = (cycle: number, measuredAtCycle: number, more: number): void => {
          answers += more;
          const t = (measuredAtCycle * PERIOD_US) / 1e6;
          const arrivedUs = Math.max(measuredAtCycle, cycle - 1) * PERIOD_US + 700;
          interaction.update(sensed(t, 10, -5).map((reading) => ({ ...reading, motorAtUs: arrivedUs, motorSequence: answers })), cycle * PERIOD_US, NO_LOADS);
          if (cycle > 200) worst = Math.max(worst, Math.abs(interaction.torqueNm[0]! - 10), Math.abs(interaction.torqueNm[1]! + 5));
        };
        for (let cycle = 1; cycle <= 300; cycle++) tellCycle(cycle, cycle - 1, 1);
        const woke = 300 + stoodCycles;
        tellCycle(woke, 300, 1);
        tellCycle(woke + 1, woke + 0.2, answersAtOnce);
        for (let cycle = woke + 2; cycle < woke + 60; cycle++) tellCycle(cycle, cycle - 1, 1);
        expect(worst, `${stoodCycles} cycles, ${answersAtOnce} answers`).toBeLessThan(2);
      }
  });
});
