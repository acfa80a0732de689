import { expect, it } from 'vitest';
import { HubClock } from '../../../controller/safety/hub-clock.ts';

const PERIOD_US = 4_000;

/** The hub's newest frame as a loop sees it. */
function seen() {
  const clock = new HubClock();
  const inputs = { nowUs: 1_000_000, hub: { ageUs: 1_000, sequence: 1, deviceTimeUs: 5_000 } };
  const look = (ageUs = inputs.hub.ageUs): boolean => {
    inputs.nowUs += PERIOD_US;
    inputs.hub.ageUs = ageUs;
    return clock.look(inputs as never);
  };
  const next = (frames = 1): void => {
    inputs.hub.sequence += frames;
    inputs.hub.deviceTimeUs += frames * PERIOD_US;
  };
  for (let n = 0; n < 3; n++) {
    look();
    next();
  }
  look();
  expect([clock.standsUs, clock.repeats]).toEqual([0, 0]);
  return { clock, inputs, look, next };
}

it("the hub's clock is seen to stand still although its frames arrive", () => {
  const { clock, inputs, look } = seen();
  for (let n = 1; n <= 10; n++) {
    inputs.hub.sequence++;
    expect(look()).toBe(true);
    expect([clock.standsUs, clock.repeats]).toEqual([n * PERIOD_US, n]);
  }
  inputs.hub.deviceTimeUs++;
  inputs.hub.sequence++;
  look();
  expect([clock.standsUs, clock.repeats]).toEqual([0, 0]);
});

it('so is its count of frames, and neither goes by going backward', () => {
  const stands = (spoil: (hub: { sequence: number; deviceTimeUs: number }) => void): number[] => {
    const { clock, inputs, look, next } = seen();
    for (let n = 0; n < 10; n++) {
      next();
      spoil(inputs.hub);
      look();
    }
    return [clock.standsUs / PERIOD_US, clock.repeats];
  };
  let back = 1e9;
  expect(stands((hub) => (hub.sequence = 4))).toEqual([10, 10]);
  expect(stands((hub) => (hub.sequence = -(back += 1)))).toEqual([10, 10]);
  expect(stands((hub) => (hub.deviceTimeUs = -(back += 1_000)))).toEqual([10, 10]);
  expect(stands(() => {})).toEqual([0, 0]);
});

it('silence repeats nothing, however long it lasts', () => {
  const { clock, inputs, look } = seen();
  for (let n = 1; n <= 20; n++) expect(look(1_000 + n * PERIOD_US + (n % 2) * 1e-3)).toBe(false);
  expect([clock.standsUs, clock.repeats]).toEqual([20 * PERIOD_US, 0]);
  inputs.hub.ageUs = Infinity;
  inputs.hub.sequence++;
  expect(clock.look(inputs as never)).toBe(false);
  expect(clock.repeats).toBe(0);
});

it('frames that come late, in bursts or twice go forward all the same', () => {
  const { clock, look, next } = seen();
  // Late: two cycles see none, the third sees three at once.
  for (let n = 0; n < 30; n++) {
    if (n % 3 === 0) next(3);
    look(100 + (n % 3) * PERIOD_US);
    expect(clock.repeats).toBe(0);
  }
  // Twice: the double comes half a period later, so that every other cycle sees nothing else.
  for (let n = 0; n < 30; n++) {
    if (n % 2 === 0) next(2);
    look(200);
    expect(clock.repeats).toBeLessThanOrEqual(1);
  }
  expect(clock.repeats).toBe(1);
});
