/** The robot behind its ports: drives on their lines and the sensor hub, joined into one read and one write per cycle. */
import { DariError } from '../protocols/errors.ts';
import { PermittedCommand, type RelayOrder, type RobotInputs } from '../protocols/joints.ts';
import type { LinkProfile, RobotProfile } from '../protocols/profile.ts';
import { inputsOf } from '../protocols/session-log.ts';
import { tapped } from './byte-tap.ts';
import type { Clock, Scheduler } from './clock.ts';
import { DriveLine } from './drives/drive-line.ts';
import { createLineProtocol } from './drives/lines.ts';
import { seatsOn } from './drives/seats.ts';
import type { Guard } from './guard.ts';
import type { RobotInputDevices } from './inputs/hub-inputs.ts';
import { SensorHub } from './inputs/sensor-hub.ts';
import { Link } from './link.ts';
import type { NoticeHandler } from './notice.ts';
import type { RobotIo } from './robot-io.ts';
import type { TransportFactory } from './transport/transport.ts';
import { requireWiresThatFit } from './wire-plan.ts';

export interface DriveRobotIoOptions {
  readonly profile: RobotProfile;
  /** By link id; every link of the profile needs one. */
  readonly factories: ReadonlyMap<string, TransportFactory>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onNotice: NoticeHandler;
  /** Closed with the ports. Without its answers the hub's relay stays open. */
  readonly guard: Guard;
}

/** @throws DariError `portsFileInvalid` when a link of the profile has no port, `profileInvalid` when a wire cannot carry its rate */
export function createDriveRobotIo(options: DriveRobotIoOptions): DriveRobotIo {
  requireWiresThatFit(options.profile);
  return new DriveRobotIo(options);
}

export class DriveRobotIo implements RobotIo {
  readonly #links: Link[];
  readonly #buses: { readonly link: Link; readonly bus: DriveLine }[] = [];
  readonly #hubs: { readonly link: Link; readonly hub: SensorHub }[] = [];
  readonly #even: RobotInputs;
  readonly #odd: RobotInputs;
  readonly #guard: Guard;
  #isEven = false;

  constructor({ profile, factories, clock, scheduler, onNotice, guard }: DriveRobotIoOptions) {
    this.#guard = guard;
    this.#even = inputsOf(profile);
    this.#odd = inputsOf(profile);
    this.#links = profile.links.map((link, i) => {
      const factory = tapped(factoryOf(link, factories), (chunk) => guard.onBytes(i, chunk, clock.nowUs()));
      return new Link({ id: link.id, factory, scheduler, onNotice });
    });
    profile.links.forEach((profileLink, i) => {
      const link = this.#links[i];
      if (link === undefined) return;
      if (profileLink.id === profile.hub.link) this.#hubs.push({ link, hub: new SensorHub(profile, link, clock, guard) });
      else {
        const seats = seatsOn(profile, profileLink.id);
        const protocol = createLineProtocol(profileLink, seats.map(({ seat }) => seat), link.stats);
        this.#buses.push({ link, bus: new DriveLine(protocol, seats.map(({ index }) => index), link, clock) });
      }
    });
  }

  /** What the robot measures beside its joints, as its profile names it; null: it has no hub. */
  get inputDevices(): RobotInputDevices | null {
    return this.#hubs[0]?.hub.inputs ?? null;
  }

  /** For diagnosis: the drive links with what they count. */
  get lines(): readonly { readonly link: Link; readonly bus: DriveLine }[] {
    return this.#buses;
  }

  /** For diagnosis: the hub, with its link. */
  get hubs(): readonly { readonly link: Link; readonly hub: SensorHub }[] {
    return this.#hubs;
  }

  start(): void {
    for (const { link, bus } of this.#buses) link.start(bus);
    for (const { link, hub } of this.#hubs) link.start(hub);
  }

  read(cycle: number, nowUs: number, latenessUs: number): RobotInputs {
    this.#isEven = !this.#isEven;
    const inputs = this.#isEven ? this.#even : this.#odd;
    inputs.cycle = cycle;
    inputs.nowUs = nowUs;
    inputs.latenessUs = latenessUs;
    for (const { bus } of this.#buses) bus.read(inputs, nowUs);
    for (const { hub } of this.#hubs) hub.read(inputs, nowUs);
    this.#guard.read(inputs.monitor, nowUs);
    for (let i = 0; i < this.#links.length; i++) copyStats(this.#links[i], inputs, i);
    return inputs;
  }

  write(command: PermittedCommand, nowUs: number, relay: RelayOrder): void {
    if (!PermittedCommand.isGenuine(command))
      throw new DariError('commandForged', 'A command that the safety envelope did not make was refused. This is a fault of the program: report it.');
    let powered = false;
    for (const { hub } of this.#hubs) powered ||= hub.enableRelayClosed;
    for (const { bus } of this.#buses) bus.send(command, nowUs, powered);
    for (const { hub } of this.#hubs) hub.send(relay, nowUs, command);
  }

  starveDrives(nowUs: number): void {
    for (const { bus } of this.#buses) for (const drive of bus.protocol.drives) drive.expectSilence?.();
    for (const { hub } of this.#hubs) hub.send('keepClosed', nowUs, null);
  }

  requestBrakes(engaged: boolean, nowUs: number): void {
    for (const { hub } of this.#hubs) hub.requestBrakes(engaged, nowUs);
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.map(async (link) => link.close()));
    await this.#guard.close();
  }
}

function factoryOf(link: LinkProfile, factories: ReadonlyMap<string, TransportFactory>): TransportFactory {
  const factory = factories.get(link.id);
  if (factory !== undefined) return factory;
  throw new DariError('portsFileInvalid', `The robot's link "${link.id}" has no serial port. Name one for it in the ports file.`);
}

function copyStats(link: Link | undefined, inputs: RobotInputs, index: number): void {
  const target = inputs.links[index];
  if (target === undefined || link === undefined) return;
  target.up = link.stats.up;
  target.framesReceived = link.stats.framesReceived;
  target.framesSent = link.stats.framesSent;
  target.bytesDiscarded = link.stats.bytesDiscarded;
  target.framesRefused = link.stats.framesRefused;
}
