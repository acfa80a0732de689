/** What the lines of the failsafe table have in common, said a second time: a slip in one line is no longer like the rest. */
import { describe, expect, it } from 'vitest';
import { policy, type Rule } from '../../../controller/safety/policy.ts';

const lines: readonly Rule[] = policy;
const named = (which: (line: Rule) => boolean): string[] =>
  lines
    .filter(which)
    .map(({ check }) => check)
    .sort();

describe('the failsafe table', () => {
  it('acts whether or not the drives are energised only where no drive has to be for it to matter, as where the column moves', () => {
    expect(named(({ scope }) => scope === 'always')).toEqual(['driveHot', 'estopOpen', 'liftBlocked', 'liftMoved', 'liftRunsOn', 'linkNoisy', 'operatorStop', 'overloadNear', 'sensorServoOn']);
  });

  it('lets a robot be armed only with those conditions that motion or power alone can show, or that only warn', () => {
    expect(named(({ blocksArming }) => !blocksArming)).toEqual([
      'brakesMissed',
      'driveDisobeys',
      'driveHot',
      'driveNotEnabled',
      'driveOutOfControl',
      'driveUnattended',
      'encodersApart',
      'interactionTooStrong',
      'liftBlocked',
      'liftRunsOn',
      'linkNoisy',
      'loopOverrun',
      'motorLost',
      'operatorStop',
      'overTorque',
      'overloadNear',
      'pastHardRange',
      'pastPermittedRange',
      'powerTooHigh',
      'spasmLasted',
      'spasmSuspected',
      'stopBreached',
      'stopUnconfirmed',
      'supportDrop',
      'torqueSensorDoubted',
      'torqueSensorFault',
      'trackingLost',
      'treadmillDesync',
    ]);
  });

  it('lets an acknowledgement clear, without power, only what the missing power itself keeps present', () => {
    expect(named(({ whileUnpowered }) => whileUnpowered === true)).toEqual(['disagreement', 'driveSilent', 'driveUnattended', 'motorLost']);
  });

  it('blocks arming with what a milder or a worse line of the same condition leaves open', () => {
    const blocking = new Set(named(({ blocksArming }) => blocksArming));
    for (const [open, shut] of [['pastHardRange', 'outsideSoftRange'], ['pastPermittedRange', 'outsideSoftRange'], ['motorLost', 'implausible'], ['driveUnattended', 'driveSilent'], ['liftRunsOn', 'liftMoved']] as const)
      expect([open, blocking.has(open), shut, blocking.has(shut)]).toEqual([open, false, shut, true]);
  });

  it('ends what is milder than a stop by itself, and forgives nothing for longer than a fifth of a second unless it has stopped for it', () => {
    expect(named(({ clear }) => clear === 'whenGone')).toEqual(['driveHot', 'liftMoving', 'linkNoisy', 'notConfirmed', 'notPrepared', 'outsideSoftRange', 'overloadNear', 'recorderFailed', 'spasmSuspected', 'stanceTooHeavy', 'torqueSensorDoubted']);
    expect(named(({ graceMs }) => graceMs > 200)).toEqual(['driveOutOfControl']);
    const graceOf = (name: string): number | undefined => lines.find(({ check }) => check === name)?.graceMs;
    expect([graceOf('driveDisobeys'), graceOf('trackingLost'), graceOf('driveOutOfControl')]).toEqual([28, 200, 300]);
  });
});
