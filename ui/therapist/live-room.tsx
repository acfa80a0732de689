/** The therapist's room: state and robot at the left, joints or patients at the right, controls at the foot. */
import { useState } from 'preact/hooks';
import { isDriven } from '../../protocols/profile.ts';
import { useStation } from '../app/station-context.ts';
import { AssessmentPanel } from '../assessment/assessment-panel.tsx';
import { GamePanel } from '../game/game-panel.tsx';
import { ControlBar } from './control-bar.tsx';
import { JointCards } from './joint-cards.tsx';
import { ProposalPanel, useProposal } from '../proposal/proposal-panel.tsx';
import { needsPreparation } from '../readiness/preparation-steps.ts';
import { PreparationPanel } from '../readiness/preparation-panel.tsx';
import { ReadinessPanel, useReadinessShown } from '../readiness/readiness-panel.tsx';
import { VirtualHardware } from '../readiness/virtual-hardware.tsx';
import { LiftControl } from './lift-control.tsx';
import { PatientPicker } from './patient-picker.tsx';
import { PlotsPanel } from './plots-panel.tsx';
import { SettingsDrawer } from './settings-drawer.tsx';
import { StateBanner } from './state-banner.tsx';
import { TrainingFigures } from './training-figures.tsx';
import { ViewPanel } from './view-panel.tsx';
import './live-room.css';

function Side({ sessionOpen, playing }: { readonly sessionOpen: boolean; readonly playing: boolean }) {
  const { state } = useStation();
  const notReady = useReadinessShown(state);
  const preparation = state.status.value?.preparation;
  const proposal = useProposal();
  if (sessionOpen && playing) return <GamePanel />;
  if (sessionOpen && !notReady && state.status.value?.session?.setup.assessment !== undefined) return <AssessmentPanel />;
  if (sessionOpen && !notReady && proposal !== null) return <ProposalPanel proposal={proposal} />;
  if (sessionOpen) return notReady ? <ReadinessPanel /> : <JointCards />;
  return preparation !== undefined && needsPreparation(preparation) ? <PreparationPanel news={preparation} /> : <PatientPicker />;
}

export function LiveRoom() {
  const { state } = useStation();
  const [drawerOpen, setDrawerOpen] = useState(false);
  const sessionOpen = (state.status.value?.session ?? null) !== null;
  // Where nothing is driven there is no mode and no motion to set; there the drawer is the game's.
  const measures = state.profile.value !== null && !isDriven(state.profile.value);
  return (
    <div class="live-room">
      <section class="live-main">
        <div class="panel live-view">
          <ViewPanel />
          <StateBanner />
          <VirtualHardware />
          <PlotsPanel />
          {drawerOpen && sessionOpen && !measures ? <SettingsDrawer onClose={() => setDrawerOpen(false)} /> : null}
        </div>
        <div class="live-side" data-choosing={!sessionOpen}>
          <Side sessionOpen={sessionOpen} playing={drawerOpen && measures} />
          <LiftControl />
          {sessionOpen ? <TrainingFigures /> : null}
        </div>
      </section>
      <ControlBar drawerOpen={drawerOpen} onDrawer={() => setDrawerOpen(!drawerOpen)} />
    </div>
  );
}
