import { beforeEach, describe, expect, it } from 'vitest';
import type { TimelineEvent } from '../../../protocols/api.ts';
import { language } from '../../../ui/app/language.ts';
import { changeSentence, eventSentence, jointName, reasonWords, stopWords } from '../../../ui/clinician/event-words.ts';

const event = (rest: Partial<TimelineEvent>): TimelineEvent => ({ atSec: 1, kind: 'state', subject: '', oldValue: null, newValue: null, cause: null, actor: null, reason: null, ...rest });

beforeEach(() => {
  language.value = 'en';
});

describe('events in words', () => {
  it('show speeds in km/h, shares in percent and offsets in degrees', () => {
    expect(changeSentence({ subject: 'speedMps', oldValue: '0.5', newValue: String(2 / 3.6) })).toBe('speed 1.8 → 2.0 km/h');
    expect(changeSentence({ subject: 'guidance.left', oldValue: '0.7', newValue: '0.6' })).toBe('guidance left 70 → 60 %');
    expect(changeSentence({ subject: 'romScale.kneeRight', oldValue: '1', newValue: '0.9' })).toBe('range of motion Knee right 100 → 90 %');
    expect(changeSentence({ subject: 'offsetRad.hipLeft', oldValue: '0', newValue: String(-Math.PI / 36) })).toBe('offset Hip left 0.0 → −5.0°');
  });

  it('follow the language of the screen', () => {
    language.value = 'de';
    expect(changeSentence({ subject: 'speedMps', oldValue: '0.5', newValue: '0.5' })).toBe('Tempo 1,8 → 1,8 km/h');
    language.value = 'ko';
    expect(jointName('kneeRight')).toBe('슬관절 우');
  });

  it('leave what they do not know as it was recorded', () => {
    expect(changeSentence({ subject: 'bodyWeightSupport', oldValue: '35', newValue: null })).toBe('bodyWeightSupport 35 → –');
  });

  it('name a stop with its cause and its joint', () => {
    const words = stopWords({ atSec: 4, cause: 'torqueOutOfRange', jointId: 'kneeRight', emergency: false });
    expect(words).toMatch(/torque.*\(Knee right\)$/);
    expect(stopWords({ atSec: 4, cause: null, jointId: null, emergency: true })).toBe('Emergency stop');
  });

  it('say how a stop went: its time, the joint that went farthest, and whether it took too long', () => {
    const stop = { timeMs: 212, atRest: true, withinLimits: true, tripDegPerSec: 60, distanceDeg: { hipLeft: 2, kneeLeft: 6.31, kneeRight: null } };
    expect(eventSentence(event({ kind: 'stop', subject: 'stopped', stop }))).toBe('Stopped in 0.21 s, Knee left 6.3°');
    expect(eventSentence(event({ kind: 'stop', subject: 'stopped', stop: { ...stop, timeMs: 612, withinLimits: false } }))).toBe('Stopped in 0.61 s, Knee left 6.3°, longer than allowed');
    expect(eventSentence(event({ kind: 'stop', subject: 'emergency', stop: { ...stop, timeMs: 3000, atRest: false, withinLimits: false, distanceDeg: {} } }))).toBe('Not seen at rest within 3.00 s');
    expect(reasonWords(event({ kind: 'stop', subject: 'stopped', reason: 'kneeRight' }))).toBe('Knee right');
  });

  it('say the state, and its cause when there is one', () => {
    expect(eventSentence(event({ subject: 'running', cause: 'none' }))).toBe('Walking');
    expect(eventSentence(event({ subject: 'stopped', cause: 'patientButton' }))).toMatch(/^Protective stop: .*button/);
    expect(reasonWords(event({ subject: 'stopped', reason: 'kneeRight' }))).toBe('Knee right');
  });
});
