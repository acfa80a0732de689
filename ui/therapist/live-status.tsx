/** Always visible: patient, mode, who is in control, elapsed time, E-stop line, age of the data. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { formatDuration, formatNumber, textOf } from '../app/language.ts';
import { setText, useFrame } from '../app/frame-loop.ts';
import { useStation } from '../app/station-context.ts';
import { trainingModeTexts } from '../app/training-modes.ts';
import { planTexts } from '../plan/texts.ts';
import { Chip } from '../design/components.tsx';
import { modesOf } from '../../protocols/training-mode.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { WorstOfWindow } from '../state/staleness.ts';
import { ControlChip } from './control-chip.tsx';
import { patients, type PatientsState } from './patients.ts';
import { liveTexts } from './texts.ts';
import type { Patient } from '../../protocols/api.ts';
import './live-status.css';

const AGE_WINDOW_MS = 1_000;

const findPatient = (list: PatientsState, id: string | undefined): Patient | null => (list.kind === 'ready' ? (list.patients.find((patient) => patient.id === id) ?? null) : null);

function PatientBlock() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const session = state.status.value?.session ?? null;
  const patient = findPatient(patients.value, session?.patientId);
  if (session === null) return <div class="patient-block" data-empty="true">{words.noPatient}</div>;
  return (
    <div class="patient-block" data-testid="current-patient">
      <strong>{patient?.displayName ?? session.patientId}</strong>
      {patient === null ? null : <span>{`${patient.birthDate} · ${words.recordNumber} ${patient.recordNumber}`}</span>}
      {patient === null ? null : <span class="patient-diagnosis">{patient.diagnosis}</span>}
    </div>
  );
}

function EstopChip() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const closed = state.link.value === 'up' ? (state.supervision.value?.estopClosed ?? null) : null;
  if (closed === null) return <Chip label={words.estop} value={words.unknown} tone="warn" lamp testId="estop" />;
  return <Chip label={words.estop} value={closed ? words.estopClosed : words.estopOpen} tone={closed ? 'ok' : 'alarm'} lamp testId="estop" />;
}

/** The worst age within the last second: hub to packet, packet to screen. */
function LinkChip() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const value = useRef<HTMLSpanElement>(null);
  const worst = useRef(new WorstOfWindow(AGE_WINDOW_MS));
  const linkState = state.link.value;
  useFrame((nowMs) => {
    const telemetry = state.telemetry.peek();
    if (telemetry === null) return;
    worst.current.add(telemetry.value('hubAgeUs') / US_PER_MS + telemetry.packetAgeMs(), nowMs);
  });
  useFrame(() => {
    if (linkState === 'up') setText(value.current, `${formatNumber(worst.current.value)} ms`);
  }, 400);
  if (linkState === 'up') return <Chip label={words.link} value={<span ref={value}>–</span>} tone="ok" lamp testId="link" />;
  const text = linkState === 'down' ? words.linkDown : linkState === 'waiting' ? words.linkWaiting : words.linkConnecting;
  return <Chip label={words.link} value={text} tone={linkState === 'down' ? 'alarm' : 'warn'} lamp testId="link" />;
}

function ElapsedChip() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const startedAt = state.status.value?.session?.startedAt;
  const seconds = useSignal<number | null>(null);
  useFrame(() => {
    seconds.value = startedAt === undefined ? null : Math.floor((Date.now() - Date.parse(startedAt)) / 1000);
  }, 250);
  return <Chip label={words.elapsed} value={formatDuration(seconds.value)} testId="elapsed" />;
}

export function LiveStatus() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const profile = state.profile.value;
  const told = state.parameters.value?.mode;
  // Before the first session the robot tells a mode that need not be one of its own.
  const assesses = state.status.value?.session?.setup.assessment !== undefined;
  const mode = profile === null ? null : (modesOf(profile).find((own) => own === told) ?? modesOf(profile)[0]);
  return (
    <div class="live-status">
      <PatientBlock />
      <div class="live-status-chips">
        <Chip label={words.mode} value={assesses ? textOf(planTexts).kinds.assessment.name : mode === null ? words.unknown : textOf(trainingModeTexts)[mode].name} testId="mode" />
        <ControlChip />
        <ElapsedChip />
        <EstopChip />
        <LinkChip />
      </div>
    </div>
  );
}
