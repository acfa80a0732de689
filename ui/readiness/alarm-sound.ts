/** Alarms for the ear. A browser gives sound only after a person has touched the page. */
import { signal } from '@preact/signals';
import { burst, REPEAT_SEC, type AudiblePriority } from './alarm.ts';

/** Until then an alarm of medium priority is silent; of high priority never. On the clock of `performance.now()`. */
export const mutedUntilMs = signal(-Infinity);
export const MUTE_MS = 2 * 60 * 1_000;

/** A fundamental with four harmonics inside 300 … 4000 Hz, as the standard wants it: heard over noise, and found. */
const FUNDAMENTAL_HZ = 523;
const HARMONICS = [0, 1, 0.7, 0.6, 0.5, 0.4];
const EDGE_SEC = 0.02;
const LEVEL = 0.35;

let context: AudioContext | null = null;

/** To be called from a person's touch. */
function unlock(): AudioContext {
  context ??= new AudioContext();
  if (context.state !== 'running') void context.resume();
  return context;
}

export function unlockSoundOnTouch(): void {
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, () => unlock(), { capture: true });
}

/** One burst, from now on. @returns its length in seconds */
export function playBurst(audio: BaseAudioContext, priority: AudiblePriority): number {
  const wave = audio.createPeriodicWave(new Float32Array(HARMONICS.length), Float32Array.from(HARMONICS));
  const startSec = audio.currentTime + EDGE_SEC;
  let endSec = 0;
  for (const { atSec, lengthSec } of burst(priority)) {
    const tone = new OscillatorNode(audio, { frequency: FUNDAMENTAL_HZ });
    tone.setPeriodicWave(wave);
    const gain = new GainNode(audio, { gain: 0 });
    const at = startSec + atSec;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LEVEL, at + EDGE_SEC);
    gain.gain.setValueAtTime(LEVEL, at + lengthSec - EDGE_SEC);
    gain.gain.linearRampToValueAtTime(0, at + lengthSec);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + lengthSec);
    endSec = atSec + lengthSec;
  }
  return endSec;
}

/** What an alarm of high priority sounds like. @returns its length in seconds */
export const playTestTone = (): number => playBurst(unlock(), 'high');

/** Sounds at once and again until it is ended. @returns ends it */
export function soundAlarm(priority: AudiblePriority): () => void {
  const sound = (): void => {
    if (priority === 'medium' && performance.now() < mutedUntilMs.peek()) return;
    if (context?.state === 'running') playBurst(context, priority);
  };
  sound();
  const timer = setInterval(sound, REPEAT_SEC[priority] * 1_000);
  return () => clearInterval(timer);
}
