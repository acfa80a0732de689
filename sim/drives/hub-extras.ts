/**
 * The hub's inputs beside joints and safety: as a resting patient, a standing belt and a slack support show them. Who
 * simulates muscles, a belt or a winch fills these records.
 */
import type { Random } from '../../protocols/random.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import {
  emptyBodyWeightSupport,
  emptyEmgBlock,
  EMG_BLOCK_SAMPLES,
  emptyHeartRate,
  emptyTreadmill,
  encodeBodyWeightSupport,
  encodeEmgBlock,
  encodeHeartRate,
  encodeTreadmill,
  HUB_EMG,
  HUB_HEART_RATE,
  HUB_SUPPORT,
  HUB_TREADMILL,
} from '../../protocols/wire/hub-inputs.ts';

/** Own figures: surface electrodes at rest, with the amplifier's noise; a heart at rest. */
const EMG_REST_RMS_UV = 5;
const RESTING_PER_MIN = 70;
const MS_PER_MIN = 60_000;
const EMG_BLOCK_MS = 10;
/** The sum of four uniform values of -0.5 … 0.5 has this standard deviation. */
const SPREAD_OF_FOUR = 1 / Math.sqrt(3);

type SendFrame = (type: number, payload: Uint8Array) => void;

export class HubExtras {
  /** Mean amplitude per EMG channel. */
  readonly emgRmsUv: number[];
  readonly heartRate = { ...emptyHeartRate(), perMin: RESTING_PER_MIN, skinContact: true };
  readonly treadmill = { ...emptyTreadmill(), ready: true };
  readonly bodyWeightSupport = { ...emptyBodyWeightSupport(), locked: true };
  readonly #emg = emptyEmgBlock();
  readonly #streams: { readonly periodUs: number; sent: number; readonly send: () => void }[] = [];

  constructor(
    { hub }: RobotProfile,
    private readonly random: Random,
    send: SendFrame,
  ) {
    const { emg, heartRate, treadmill, bodyWeightSupport } = hub.inputs ?? {};
    this.emgRmsUv = Array.from({ length: emg?.channels ?? 0 }, () => EMG_REST_RMS_UV);
    if (emg !== undefined) {
      const samples = Math.max(1, Math.min(Math.round((emg.rateHz * EMG_BLOCK_MS) / 1_000), Math.floor(EMG_BLOCK_SAMPLES / emg.channels)));
      Object.assign(this.#emg, { channels: emg.channels, rateHz: emg.rateHz, samplesPerChannel: samples });
      this.#stream(emg.rateHz / samples, () => send(HUB_EMG, this.#emgBlock()));
    }
    if (heartRate !== undefined) this.#stream(heartRate.rateHz, () => send(HUB_HEART_RATE, this.#heartRateFrame()));
    if (treadmill !== undefined) this.#stream(treadmill.rateHz, () => send(HUB_TREADMILL, encodeTreadmill(this.treadmill)));
    if (bodyWeightSupport !== undefined) this.#stream(bodyWeightSupport.rateHz, () => send(HUB_SUPPORT, encodeBodyWeightSupport(this.bodyWeightSupport)));
  }

  step(nowUs: number): void {
    for (const stream of this.#streams)
      while (stream.sent * stream.periodUs <= nowUs) {
        stream.sent++;
        stream.send();
      }
  }

  #stream(rateHz: number, send: () => void): void {
    this.#streams.push({ periodUs: 1e6 / rateHz, sent: 0, send });
  }

  #emgBlock(): Uint8Array {
    const { channels, samplesPerChannel, samplesUv } = this.#emg;
    for (let i = 0; i < channels * samplesPerChannel; i++) samplesUv[i] = ((this.emgRmsUv[i % channels] ?? 0) * this.#noise()) / SPREAD_OF_FOUR;
    return encodeEmgBlock(this.#emg);
  }

  #heartRateFrame(): Uint8Array {
    this.heartRate.beatIntervalMs = MS_PER_MIN / this.heartRate.perMin;
    return encodeHeartRate(this.heartRate);
  }

  #noise(): number {
    return this.random.next() + this.random.next() + this.random.next() + this.random.next() - 2;
  }
}
