/** Tells this display how large a millimetre is, against a bank card. */
import { Button, Dialog } from '../design/components.tsx';
import { liveTexts } from '../therapist/texts.ts';
import { CARD_WIDTH_MM, DEFAULT_PX_PER_MM, pxPerMm, PX_PER_MM_LIMITS, setPxPerMm } from './display-setting.ts';
import { formatNumber, textOf } from './language.ts';

const STEP = 0.1;

export function DisplayDialog(props: { onClose: () => void }) {
  const words = textOf(liveTexts);
  const change = (delta: number) => () => setPxPerMm(pxPerMm.value + delta);
  return (
    <Dialog title={words.displayTitle} closeLabel={words.close} onClose={props.onClose}>
      <p class="dialog-text">{words.displayHow}</p>
      <div class="card-frame" style={{ width: `calc(${CARD_WIDTH_MM} * var(--mm))` }} aria-hidden="true">
        <span>{formatNumber(CARD_WIDTH_MM, 1)} mm</span>
      </div>
      <div class="dialog-row">
        <Button onPress={change(-STEP)} disabled={pxPerMm.value <= PX_PER_MM_LIMITS.min}>{words.smaller}</Button>
        <output class="dialog-value">{formatNumber(pxPerMm.value, 1)} px/mm</output>
        <Button onPress={change(STEP)} disabled={pxPerMm.value >= PX_PER_MM_LIMITS.max}>{words.larger}</Button>
        <Button tone="quiet" onPress={() => setPxPerMm(DEFAULT_PX_PER_MM)}>{words.displayReset}</Button>
      </div>
    </Dialog>
  );
}
