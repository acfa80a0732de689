/** The power state machine of a CiA 402 drive (CiA 402-2, figure 7), with its transitions' numbers in comments. */
import { CONTROL, powerCommandOf, type PowerState } from '../../protocols/wire/cia402.ts';

/** Object 605Ah and, for its first three, 605Eh. */
export const STOP_OPTION = { disable: 0, slowDown: 1, quickStop: 2, slowDownAndStay: 5, quickStopAndStay: 6 } as const;

export class PowerMachine {
  state: PowerState = 'notReady';
  /** What quick stop and fault do: object values. */
  quickStopOption: number = STOP_OPTION.quickStop;
  faultReactionOption: number = STOP_OPTION.quickStop;
  #lastControlword = 0;

  /** The motor makes torque in these states. */
  get energised(): boolean {
    return this.state === 'operationEnabled' || this.stopping;
  }

  /** It brakes to a stand, whatever the targets say. */
  get stopping(): boolean {
    return this.state === 'quickStop' || this.state === 'faultReaction';
  }

  reset(): void {
    this.state = 'notReady';
    this.#lastControlword = 0;
  }

  /** Self-test is over. */
  onReady(): void {
    if (this.state === 'notReady') this.state = 'switchOnDisabled'; // 1
  }

  /** @param mayReset the cause of a fault has gone */
  onControlword(controlword: number, mayReset: boolean): void {
    const resets = (controlword & CONTROL.faultReset) !== 0 && (this.#lastControlword & CONTROL.faultReset) === 0;
    this.#lastControlword = controlword;
    if (this.state === 'fault') {
      if (resets && mayReset) this.state = 'switchOnDisabled'; // 15
    } else if (this.state !== 'notReady' && this.state !== 'faultReaction') this.#command(controlword);
  }

  /** @param braking it may brake first, if its option says so */
  fault(braking: boolean): void {
    if (this.state === 'fault' || this.state === 'faultReaction') return;
    const brakes = braking && this.energised && this.faultReactionOption !== STOP_OPTION.disable;
    this.state = brakes ? 'faultReaction' : 'fault'; // 13, 14
  }

  quickStop(): void {
    if (this.state === 'operationEnabled') this.state = this.quickStopOption === STOP_OPTION.disable ? 'switchOnDisabled' : 'quickStop'; // 11
  }

  disableVoltage(): void {
    if (this.state !== 'notReady' && this.state !== 'fault' && this.state !== 'faultReaction') this.state = 'switchOnDisabled'; // 7, 9, 10, 12
  }

  /** The motor has come to a stand while stopping. */
  onStandstill(): void {
    if (this.state === 'faultReaction') this.state = 'fault'; // 14
    else if (this.state === 'quickStop' && this.quickStopOption < STOP_OPTION.slowDownAndStay) this.state = 'switchOnDisabled'; // 12
  }

  #command(controlword: number): void {
    const { state } = this;
    switch (powerCommandOf(controlword)) {
      case 'disableVoltage':
        this.disableVoltage();
        return;
      case 'quickStop':
        if (state === 'operationEnabled') this.quickStop();
        else if (state !== 'quickStop') this.disableVoltage();
        return;
      case 'shutdown':
        if (state !== 'quickStop') this.state = 'readyToSwitchOn'; // 2, 6, 8
        return;
      case 'switchOn':
        if (state === 'readyToSwitchOn' || state === 'operationEnabled') this.state = 'switchedOn'; // 3, 5
        return;
      case 'enableOperation':
        // From "ready" too: 3 and 4 in one, which CORC's drives rely on.
        if (state === 'readyToSwitchOn' || state === 'switchedOn') this.state = 'operationEnabled'; // 4
        else if (state === 'quickStop' && this.quickStopOption >= STOP_OPTION.slowDownAndStay) this.state = 'operationEnabled'; // 16
    }
  }
}
