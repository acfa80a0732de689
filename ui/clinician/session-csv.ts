/** A session's numbers and curves as tidy CSV: one value per line, never localised. */
import { metricCatalogue } from '../../controller/metrics/catalogue.ts';
import type { SessionDetail } from '../../protocols/api.ts';
import { walkLimits, walkSpeedMps, type EnteredWalk } from '../../protocols/entered-walk.ts';

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Columns: section, joint, quantity, gaitCyclePercent or stride, value. Units stand in the quantity's name; the section
 * `definition` says by which measure of docs/metrics.md a quantity was computed. What was entered by hand of the same patient stands in
 * `enteredByHand` and nowhere else.
 *
 * @param walks null: not read
 */
export function sessionCsv(detail: SessionDetail, walks: readonly EnteredWalk[] | null): string {
  const lines = ['section,joint,quantity,index,value'];
  const add = (section: string, joint: string, quantity: string, index: string, value: number | string | null): void => {
    lines.push([section, joint, quantity, index, value === null ? '' : String(value)].map(quoted).join(','));
  };
  const { session, metrics, curves } = detail;
  for (const key of ['id', 'profileId', 'startedAt', 'status', 'simulated'] as const) add('session', '', key, '', String(session[key]));
  if (metrics !== null) {
    const { joints, sensedJoints = [], measuredStops: _, settings, reach, games, assessment, ...whole } = metrics;
    for (const [key, value] of Object.entries(whole)) add('metrics', '', key, '', value ?? null);
    for (const [key, value] of settings === undefined ? [] : Object.entries({ ...(settings.mode === undefined ? {} : { mode: settings.mode }), speedMps: settings.speedMps, guidanceLeft: settings.guidance.left, guidanceRight: settings.guidance.right, unloadingKg: settings.unloadingKg })) add('settings', '', key, '', value);
    for (const { jointId, ...perJoint } of joints) for (const [key, value] of Object.entries(perJoint)) add('metrics', jointId, key, '', value ?? null);
    for (const { jointId, ...range } of sensedJoints) for (const [key, value] of Object.entries(range)) add('metrics', jointId, key, '', value);
    for (const [key, value] of Object.entries(games ?? {})) add('games', '', key, '', value);
    if (assessment !== undefined) {
      for (const key of ['kind', 'joint', 'complete', 'interruptedBy'] as const) add('assessment', '', key, '', assessment[key] === null ? null : String(assessment[key]));
      for (const { name, joint, direction, value, unit, uncertainty, trials, atLeast, rejected, detectableChange, source } of assessment.results) {
        const quantity = `${name}_${direction}`;
        for (const [attribute, told] of Object.entries({ value, unit, uncertainty, atLeast: String(atLeast), rejected: rejected === null || typeof rejected === 'string' ? rejected : rejected.reason, detectableChange: detectableChange ?? 'unknown', source })) add('assessment', joint, quantity, attribute, told);
        trials.forEach((trial, i) => add('assessment', joint, quantity, `trial ${i + 1}`, trial));
      }
    }
    if (reach !== undefined) {
      const { joints: reached, spanM, ...hand } = reach;
      for (const [key, value] of Object.entries(hand)) add('reach', '', key, '', value);
      spanM?.forEach((m, axis) => add('reach', '', 'spanM', String(axis), m));
      for (const { jointId, ...range } of reached) for (const [key, value] of Object.entries(range)) add('reach', jointId, key, '', value);
    }
    for (const { sessionKey, name, unit, source } of metricCatalogue) {
      if (sessionKey !== undefined) for (const [attribute, text] of Object.entries({ name, unit, source })) add('definition', '', sessionKey, attribute, text);
    }
  }
  for (const [i, { jointId, distanceDeg, ...stop }] of (metrics?.measuredStops ?? []).entries()) {
    for (const [key, value] of Object.entries(stop)) add('stop', jointId ?? '', key, String(i), typeof value === 'boolean' ? String(value) : value);
    for (const [joint, value] of Object.entries(distanceDeg)) add('stop', joint, 'distanceDeg', String(i), value);
  }
  for (const { jointId, meanDeg, referenceDeg, referenceSdDeg } of curves) {
    for (const [quantity, values] of Object.entries({ meanDeg, referenceDeg, referenceSdDeg })) {
      values.forEach((value, i) => add('curve', jointId, quantity, String((i * 100) / Math.max(values.length - 1, 1)), value));
    }
  }
  if (walks === null) add('enteredByHand', '', 'notRead', '', 'true');
  for (const [i, { patientId: _, ...walk }] of (walks ?? []).entries())
    for (const [key, value] of Object.entries({ ...walk, unit: walkLimits[walk.kind].unit, speedMps: walkSpeedMps(walk) })) add('enteredByHand', '', key, String(i), value);
  return `${lines.join('\r\n')}\r\n`;
}

/** Hands text to the browser as a file. */
export function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
