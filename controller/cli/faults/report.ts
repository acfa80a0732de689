/** A campaign for people: as lines of text, and as a page that needs nothing but itself. */
import { cpus, release, type } from 'node:os';
import { isDriven, type RobotProfile } from '../../../protocols/profile.ts';
import type { FaultRow, NormalRow, Quantiles, Summary } from './summary.ts';

const three = (quantiles: Quantiles | null): string => (quantiles === null ? '–' : `${quantiles.p50} / ${quantiles.p99} / ${quantiles.max}`);

const columns: readonly { readonly head: string; readonly cell: (row: FaultRow) => string }[] = [
  { head: 'fault', cell: (row) => row.fault },
  { head: 'injected', cell: (row) => String(row.injected) },
  { head: 'visible', cell: (row) => String(row.visible) },
  { head: 'detected', cell: (row) => String(row.detected) },
  { head: 't_detect ms p50/p99/max', cell: (row) => three(row.detectMs) },
  { head: 't_stop ms p50/p99/max', cell: (row) => three(row.stopMs) },
  { head: 'worst °', cell: (row) => row.worstExcursionDeg.toFixed(1) },
  { head: 'motor Nm', cell: (row) => row.worstTorqueNm.toFixed(0) },
  { head: 'cuff Nm', cell: (row) => row.worstCuffNm.toFixed(0) },
  { head: 'false alarms', cell: (row) => String(row.falseAlarms) },
  { head: 'breaches', cell: (row) => String(row.breaches) },
  { head: 'pass', cell: (row) => (row.injected === 0 ? '–' : row.pass ? 'yes' : 'NO') },
];

export function textReport(summary: Summary): string {
  const table = [columns.map(({ head }) => head), ...summary.rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, c) => Math.max(...table.map((cells) => (cells[c] ?? '').length)));
  const lines = table.map((cells) => cells.map((text, c) => text.padEnd(widths[c] ?? 0)).join('  ').trimEnd());
  const findings = summary.rows.flatMap((row) => row.findings.map((entry) => `  ${row.fault} case ${entry.case}: ${entry.finding} [${entry.what}]`));
  return [
    ...lines,
    ...findings,
    ...summary.normal.map(describeNormal),
    ...summary.barsNotMet.map((sentence) => `Not met: ${sentence}`),
    `${summary.cases} cases, ${summary.skipped} could not be injected; ${describeSpeed(summary)}`,
    summary.breaches === 0 ? `No breach; seed ${summary.seed}.` : `${summary.breaches} breaches; seed ${summary.seed}.`,
    '',
  ].join('\n');
}

const describeNormal = ({ patient, strides, simulatedHours, falseStops }: NormalRow): string => `Without a fault, ${patient} patient: ${strides} strides in ${simulatedHours} h, ${falseStops.length} stops`;

const describeSpeed = ({ speed, bareEngine }: Summary): string =>
  `${speed.simulatedSec.toFixed(0)} s simulated in ${speed.elapsedSec.toFixed(1)} s with ${speed.jobs} workers: ${speed.timesRealTime} times real time (the bare physics on one core: ${bareEngine} times)`;

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? character);

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d8dee6}th{font-weight:600;background:#f3f5f8}
div{overflow-x:auto}td.number{white-space:nowrap}th[scope=row]{min-width:24rem}small{color:#566173;display:block;font-weight:400}.yes{color:#11692f;font-weight:600}.no{color:#a8121a;font-weight:600}
@media (prefers-color-scheme:dark){body{color:#e4e8ee;background:#12161c}th{background:#1c222b}th,td{border-color:#303946}small{color:#9aa6b5}.yes{color:#5fd488}.no{color:#ff7b7f}}`;

const DRIVEN_METHOD =
  'Long sessions run in lock-step: the real control loop, HAL and drives’ protocols against the virtual robot on virtual time, with a passive, an active and a spastic patient whose limbs weigh 80 to 120 % and a robot whose friction is 50 to 150 % of what the controller believes. At onsets spread over modes and gait phases the whole process is copied (fork), one fault is done to the copy, and it goes on for at most three seconds. The judge sees the simulator’s true joints, motor and cuff torques only, and states the limits anew from the profile. After each stop the cause is taken away again, and nothing may move. Times run from the onset of the fault to the command that says so, and to all joints at rest or released. Class A: permitted range + 1°, torque and speed limit + 10 %. Class B: never past the mechanical stop, torque within the drive’s own limit. Class C: the torque limit wins, and the cuffs carry no more than the profile’s interaction limit + 10 % beyond what they carried at the same phase of the last stride, unless the drive yields: at that peak the motor itself pushes back with no more than the interaction limit (within 5° of the range’s end, where the wall stands, the torque limit + 10 %).';
const MEASURED_METHOD =
  'Long sessions run in lock-step: the real control loop, HAL and servos’ protocol against the virtual robot on virtual time, with a person who moves his arm by himself, and one with a quarter of that strength, whose limbs weigh 80 to 120 % of the tables. At onsets spread over his movements the whole process is copied (fork), one fault is done to the copy, and it goes on for some three seconds. The judge sees where the joints truly were: each angle that is called trusted must have been true within as long as the profile lets a reading be old, two cycles of the wire and one of the loop, to 0.25°. The fault is taken away after 0.4 s; an emergency stop has to stand until it is acknowledged 0.35 s later, and 2 s after that everything true has to be believed again. Without a fault nothing may be doubted. What one sensor per joint cannot show (a drift, a turned sign, a coarse servo that is stuck, a jump of a few degrees) is injected and not called visible. Worst °: from what was believed to what was true.';

/** @param again the command that makes a case again */
export function htmlReport(summary: Summary, profile: RobotProfile, again: string): string {
  const passed = summary.breaches === 0;
  const cpu = cpus();
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Fault campaign, seed ${summary.seed}</title><style>${STYLE}</style>
<h1>Fault campaign: ${escape(profile.name.en)}</h1>
<p class="${passed ? 'yes' : 'no'}">${passed ? 'No breach.' : `${summary.breaches} breaches.`} ${summary.cases} cases, seed ${summary.seed}.</p>
<h2>Faults</h2>
<div><table><thead><tr>${columns.map(({ head }) => `<th scope="col">${escape(head)}</th>`).join('')}</tr></thead><tbody>
${summary.rows.map(htmlRow).join('\n')}
</tbody></table></div>
<h2>Without a fault</h2>
<ul>${summary.normal.map((row) => `<li>${escape(describeNormal(row))}${row.falseStops.map(({ course, cycle, cause }) => `<br><span class="no">${escape(cause)}</span> in session ${course}, cycle ${cycle}`).join('')}</li>`).join('')}</ul>
<h2>Bars that are not met</h2>
<ul>${summary.barsNotMet.map((sentence) => `<li>${escape(sentence)}</li>`).join('')}</ul>
${findingsSection(summary)}
<h2>Method</h2>
<p>${isDriven(profile) ? DRIVEN_METHOD : MEASURED_METHOD}</p>
<p>One case again, with a log that the page shows: <code>${escape(again)}</code></p>
<h2>Machine</h2>
<p>${escape(`${cpu.length} × ${cpu[0]?.model ?? 'unknown processor'}, ${type()} ${release()}, Node ${process.versions.node}`)}. ${escape(describeSpeed(summary))}.</p>
</html>
`;
}

function htmlRow(row: FaultRow): string {
  const cells = columns.map(({ head, cell }) => {
    const text = escape(cell(row));
    if (head === 'fault') return `<th scope="row">${text}<small>${escape(row.what)}<br>${escape(row.bar)}</small></th>`;
    return `<td class="number${head === 'pass' ? (row.pass ? ' yes' : ' no') : ''}">${text}</td>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

function findingsSection({ rows }: Summary): string {
  const findings = rows.flatMap((row) => row.findings.map((entry) => `<li><strong>${row.fault}</strong> case ${entry.case}: ${escape(entry.finding)}<small>${escape(entry.what)}</small></li>`));
  return findings.length === 0 ? '' : `<h2>Breaches</h2><ul>${findings.join('')}</ul>`;
}
