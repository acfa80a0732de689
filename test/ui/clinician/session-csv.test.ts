import { describe, expect, it } from 'vitest';
import type { SessionDetail } from '../../../protocols/api.ts';
import { clockText, earlierMoment, shortChecksum, signed, spanText } from '../../../ui/clinician/figures.ts';
import { sessionCsv } from '../../../ui/clinician/session-csv.ts';

const detail: SessionDetail = {
  session: { id: 's,1', patientId: 'p', patientName: 'Nobody', profileId: 'gait-orthosis', startedAt: '2026-11-21T10:00:00Z', endedAt: null, status: 'sealed', steps: 2, distanceM: 1, durationSec: 5, simulated: true },
  patient: { id: 'p', displayName: 'Nobody', birthDate: '1970-01-01', recordNumber: 'X', diagnosis: '', sex: 'other', heightM: 1.7, massKg: 70, demo: true },
  note: '',
  sha256: null,
  metrics: null,
  curves: [{ jointId: 'kneeLeft', meanDeg: [1.5, 2], referenceDeg: [1, 2], referenceSdDeg: [3, 3], stridesDeg: [], strideCount: 1 }],
  events: [],
};

describe('the CSV export', () => {
  it('writes one value per line with a decimal point, and quotes what needs it', () => {
    const lines = sessionCsv(detail, []).split('\r\n');
    expect(lines[0]).toBe('section,joint,quantity,index,value');
    expect(lines).toContain('session,,id,,"s,1"');
    expect(lines).toContain('curve,kneeLeft,meanDeg,0,1.5');
    expect(lines).toContain('curve,kneeLeft,meanDeg,100,2');
  });

  it('marks what was entered by hand, and says when it was not read', () => {
    const walk = { id: 'w', patientId: 'p', kind: 'walk10m', value: 12.5, aid: 'cane', walkedOn: '2026-11-20', enteredAt: '2026-11-21T10:00:00.000Z', actor: 'page-1' } as const;
    const lines = sessionCsv(detail, [walk]).split('\r\n').filter((line) => line.startsWith('enteredByHand'));
    const rows = ['kind,0,walk10m', 'value,0,12.5', 'aid,0,cane', 'walkedOn,0,2026-11-20', 'id,0,w', 'enteredAt,0,2026-11-21T10:00:00.000Z', 'actor,0,page-1', 'unit,0,s', 'speedMps,0,0.8'];
    expect(lines.toSorted()).toEqual(rows.map((row) => `enteredByHand,,${row}`).toSorted());
    expect(sessionCsv(detail, [])).not.toContain('enteredByHand');
    expect(sessionCsv(detail, null)).toContain('enteredByHand,,notRead,,true');
  });

  it('writes each stop with its figures and the way of each joint', () => {
    const stop = { atSec: 4.2, cause: 'patientButton', jointId: null, timeMs: 210, atRest: true, withinLimits: true, tripDegPerSec: 61.5, distanceDeg: { kneeLeft: 6.3, hipLeft: null } };
    const metrics = { steps: 2, distanceM: 1, durationSec: 5, upTimeSec: 4, walkTimeSec: 3, cadenceStepsPerMin: null, strideTimeSec: null, meanSpeedMps: null, meanGuidance: null, stops: 1, measuredStops: [stop], joints: [] };
    const lines = sessionCsv({ ...detail, metrics }, []).split('\r\n');
    expect(lines.filter((line) => line.startsWith('stop,'))).toEqual(['stop,,atSec,0,4.2', 'stop,,cause,0,patientButton', 'stop,,timeMs,0,210', 'stop,,atRest,0,true', 'stop,,withinLimits,0,true', 'stop,,tripDegPerSec,0,61.5', 'stop,kneeLeft,distanceDeg,0,6.3', 'stop,hipLeft,distanceDeg,0,']);
    expect(lines.some((line) => line.includes('[object'))).toBe(false);
  });

  it('says by which measure each number was computed', () => {
    const metrics = { steps: 2, distanceM: 1, durationSec: 5, upTimeSec: 4, walkTimeSec: 3, cadenceStepsPerMin: null, strideTimeSec: null, meanSpeedMps: null, meanGuidance: null, stops: 0, joints: [] };
    const lines = sessionCsv({ ...detail, metrics }, []).split('\r\n');
    expect(lines).toEqual(expect.arrayContaining(['definition,,romDeg,name,rom', 'definition,,romDeg,unit,deg', 'definition,,sparc,source,Balasubramanian 2015']));
    expect(sessionCsv(detail, [])).not.toContain('definition');
  });

  it('holds no name', () => {
    expect(sessionCsv(detail, [])).not.toContain('Nobody');
  });
});

describe('figures', () => {
  it('show the sign of a gain, and none of zero', () => {
    expect([signed(64), signed(-2.14, 1), signed(0.04, 1)]).toEqual(['+64', expect.stringMatching(/^−2[.,]1$/), expect.stringMatching(/^0[.,]0$/)]);
  });

  it('show positions as minutes, seconds and tenths, never rounded up', () => {
    expect([clockText(125.49, 1), clockText(59.999), clockText(-1)]).toEqual(['2:05.4', '0:59', '0:00']);
  });

  it('shorten a checksum but keep both ends', () => {
    expect(shortChecksum('0123456789abcdef0123456789abcdef')).toBe('01234567…89abcdef');
  });

  it('name an earlier session by its day, and by its time when it was the same day', () => {
    expect(earlierMoment('2026-11-18T10:00:00', '2026-11-21T10:00:00', 'en')).toBe('Nov 18');
    expect(earlierMoment('2026-11-21T08:30:00', '2026-11-21T10:00:00', 'de')).toBe('08:30');
    expect(earlierMoment('2025-11-21T08:30:00', '2026-11-21T10:00:00', 'en')).toContain('2025');
  });

  it('give the span of a session, open or closed', () => {
    expect(spanText('2026-11-21T10:00:00Z', '2026-11-21T10:32:00Z', 'en')).toContain('2026');
    expect(spanText('2026-11-21T10:00:00Z', null, 'de')).toContain('2026');
  });
});
