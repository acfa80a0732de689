/** Who is in control. Taking a free lease is a tap; taking it from another screen is explained and held. */
import { useState } from 'preact/hooks';
import { textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { Chip, Dialog } from '../design/components.tsx';
import { HoldButton } from '../design/hold-button.tsx';
import { liveTexts } from './texts.ts';

export function ControlChip() {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const [asking, setAsking] = useState(false);
  const lease = state.status.value?.lease ?? null;
  if (state.leaseMine.value) return <Chip label={words.control} value={words.controlMine} testId="control" />;
  const holder = lease === null ? words.controlNobody : words.controlOther;
  const sessionOpen = (state.status.value?.session ?? null) !== null;
  // Without a session there is nothing to control yet: beginning one takes the lease.
  if (lease === null && !sessionOpen) return <Chip label={words.control} value={holder} testId="control" />;
  const press = (): void => {
    if (lease === null) void operator.takeControl(false);
    else setAsking(true);
  };
  return (
    <>
      <button type="button" class="control-chip control-take" data-testid="take-control" disabled={state.link.value === 'down'} onClick={press}>
        <span>{`${words.control}: ${holder}`}</span>
        <b>{words.takeControl}</b>
      </button>
      {asking ? (
        <Dialog title={words.takeOver} closeLabel={words.close} onClose={() => setAsking(false)}>
          <p class="dialog-text">{words.takeOverWhat}</p>
          <div class="dialog-hold">
            <HoldButton
              label={words.takeOver}
              summary={words.hold}
              onHold={() => {
                void operator.takeControl(true);
                setAsking(false);
              }}
            />
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
