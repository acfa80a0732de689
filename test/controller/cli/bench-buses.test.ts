import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BusesMeter } from '../../../controller/cli/bench/buses-meter.ts';
import type { DriveRobotIo } from '../../../hal/drive-robot-io.ts';
import { emptyDriveStatistics } from '../../../hal/drives/drive.ts';
import { planWires } from '../../../hal/wire-plan.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';

const file = new URL('../../../hal/profiles/bench/three-buses.json', import.meta.url);
const profile = parseProfile(readFileSync(file, 'utf8'), 'three-buses.json');

describe('the profile of the bus benchmark', () => {
  it('has drives of three protocols, which fit on their wires with room to spare', () => {
    expect(new Set(profile.joints.map(({ drive }) => drive.protocol)).size).toBe(3);
    for (const { utilisation } of planWires(profile).links) expect(utilisation).toBeLessThan(0.5);
  });
});

const linkStats = () => ({ up: true, framesReceived: 0, framesSent: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 });

/** One drive on one link and a hub, whose counts a test sets by hand. */
function bench() {
  const drive = { joint: profile.joints[0]!, statistics: emptyDriveStatistics() };
  const [link, hubLink] = [{ id: 'hips', stats: linkStats() }, { id: 'hub', stats: linkStats() }];
  const io = { lines: [{ link, bus: { protocol: { drives: [drive] } } }], hubs: [{ link: hubLink }] } as unknown as DriveRobotIo;
  const meter = new BusesMeter(io, 250);
  const inputs = emptyInputs(1, 2);
  let [hubNumber, hubHeard] = [0, 0];
  const cycle = (answered: boolean, hubArrives = true): void => {
    drive.statistics.requests++;
    if (answered) drive.statistics.replies++;
    hubNumber++;
    if (hubArrives) {
      hubLink.stats.framesReceived++;
      hubHeard = hubNumber;
    }
    meter.look(inputs, 100);
    // The loop reads after the look.
    inputs.hub.sequence = hubHeard;
  };
  const cycles = (count: number): void => {
    for (let i = 0; i < count; i++) cycle(true);
  };
  return { drive, link, hubLink, meter, cycle, cycles };
}

describe('the meter of the buses', () => {
  it('counts nothing lost while every request is answered, whatever was lost before', () => {
    const { meter, cycle, cycles } = bench();
    cycle(false);
    cycles(10);
    meter.startOver();
    cycles(100);
    expect(meter.figures(0.4, 0)).toMatchObject({ ticks: 100, heldHz: 250, lostFrames: 0, droppedFrames: 0, drives: [{ joint: 'hipLeft', requests: 100, unanswered: 0 }] });
  });

  it('counts a request that is never answered, and a hub frame that never comes', () => {
    const { meter, cycle, cycles } = bench();
    meter.startOver();
    cycles(50);
    cycle(false);
    cycle(true, false);
    cycles(50);
    expect(meter.figures(0.4, 0).lostFrames).toBe(2);
  });

  it('does not take an answer that is late for one that is lost', () => {
    const { meter, cycle, cycles, drive } = bench();
    meter.startOver();
    cycles(50);
    cycle(false);
    drive.statistics.replies++;
    cycles(30);
    cycle(false);
    expect(meter.figures(0.4, 0).lostFrames).toBe(0);
  });

  it('tells apart what was lost and what a full queue did not take', () => {
    const { meter, cycle, cycles, link } = bench();
    meter.startOver();
    cycles(50);
    cycle(false);
    link.stats.framesRefused++;
    cycles(50);
    expect(meter.figures(0.4, 3)).toMatchObject({ lostFrames: 0, droppedFrames: 1, missedDeadlines: 3 });
  });
});
