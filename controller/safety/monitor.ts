/**
 * The independent monitor: from the raw bytes of every port it recomputes the few top limits, and gives the answer to
 * the hub's newest challenge only while all is well. Without answers the hub opens the enable relay (`wire/sensor-hub.ts`),
 * so it can stop, and has no way to do anything else. It is a backstop of the loop: its limits lie beyond those at which
 * the loop acts, and it knows neither session nor command.
 *
 * - Range, speed and torque count only while the joint is pushed (`monitor-joint.ts`).
 *   A robot at rest, or one put outside its range by hand, keeps its relay: preparation and recovery need it.
 * - A hub that asks nothing new gets no answer. One whose clock stands is believed nothing; but its new challenges show that
 *   it runs, and to cut the power of a leg that swings is worse than to let the loop, which is told, stop it. So a stop
 *   of category 1 (IEC 60204-1): answers go on while every drive is heard and no joint goes unseen for too long.
 * - A silent drive has released by its own watchdog, or the loop has stopped the others; cutting everybody's power would
 *   take the stance from under a patient. So silence counts only when it outlasts every watchdog, its proof (in
 *   which all drives are starved on purpose against the brakes) and the stop time, while a pushed joint still moves. A
 *   drive counts from its first word after the relay closed: one without power cannot keep the relay open. A joint that
 *   the hub cannot see may be pushed for as long, and until it is lowered if its own drive says that it is slow.
 * - While the E-stop line is open there is no answer and no complaint: the line itself cuts the power.
 * - What is wrong stands for a second after it was last seen, so that the hub's relay opens and the loop sees it.
 */
import type { MonitorReason } from '../../protocols/joints.ts';
import { hubChannelsOf, type RobotProfile } from '../../protocols/profile.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { decodeHubState, emptyHubState, HUB_STATE, HubFrameReader, type HubState } from '../../protocols/wire/sensor-hub.ts';
import { monitorPort, type MonitoredPort } from './monitor-drives.ts';
import { MonitoredJoint } from './monitor-joint.ts';
import { LOWERED_US, STILL_HEARD_US } from './monitor-limits.ts';

/** Own value: many times what the hub needs to open its relay, and short enough not to be waited for. */
export const DISAGREEMENT_US = 1_000 * US_PER_MS;
/** Own values: a proof starves the drives for 1.2 watchdogs + 40 ms, and has its answer within the rest. */
const [SILENCE_WATCHDOGS, SILENCE_EXTRA_MS] = [1.5, 100];
const NO_ANSWER = -1;

export class Monitor {
  reason: MonitorReason = 'hubSilent';
  /** Joint that the reason names, or −1. */
  joint = -1;
  /** Challenges seen so far; a new one needs a new answer. */
  challenges = 0;
  readonly #joints: readonly MonitoredJoint[];
  readonly #ports: readonly MonitoredPort[];
  readonly #hubLink: number;
  readonly #reader: HubFrameReader;
  readonly #state: HubState;
  readonly #hubMaxAgeUs: number;
  readonly #blindUs: number;
  #nowUs = 0;
  /** When the hub last spoke of what is now, and when it last asked something new. */
  #hubUs = Number.NEGATIVE_INFINITY;
  #askedUs = Number.NEGATIVE_INFINITY;
  #challenge = NO_ANSWER;
  #deviceUs = Number.NaN;
  #wrong: MonitorReason = 'none';
  #wrongJoint = -1;
  #wrongUs = Number.NEGATIVE_INFINITY;

  constructor(profile: RobotProfile) {
    const { joints, links, hub, stop } = profile;
    const seats = joints.map((joint) => [joint, new MonitoredJoint(joint)] as const);
    this.#joints = seats.map(([, joint]) => joint);
    this.#ports = links.map((link) => monitorPort(link, seats.filter(([joint]) => joint.drive.link === link.id)));
    this.#hubLink = links.findIndex((link) => link.id === hub.link);
    this.#state = emptyHubState(hubChannelsOf(profile), hub.footLoads);
    this.#hubMaxAgeUs = hub.heartbeatTimeoutMs * US_PER_MS;
    const longestMs = Math.max(...joints.map((joint) => joint.drive.watchdogMs));
    this.#blindUs = Math.max(SILENCE_WATCHDOGS * longestMs, stop.maxTimeMs) * US_PER_MS + SILENCE_EXTRA_MS * US_PER_MS;
    this.#reader = new HubFrameReader({
      onHubFrame: (type, _sequence, deviceUs, payload) => {
        if (type === HUB_STATE && decodeHubState(payload, this.#state)) this.#onState(deviceUs);
      },
      onDiscarded: () => {},
    });
  }

  /** What arrived at a port, in the order of arrival. @param link its place among the links of the profile */
  push(link: number, chunk: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    if (link === this.#hubLink) this.#reader.push(chunk);
    else this.#ports[link]?.push(chunk, nowUs);
  }

  /** Bytes that arrived were not shown: what stood in them is not known. */
  lost(nowUs: number): void {
    this.#disagree('bytesLost', -1, nowUs);
  }

  /** Judges what time alone makes wrong. @returns the answer to the newest challenge; −1: none is given */
  answer(nowUs: number): number {
    const hubFresh = nowUs - this.#hubUs <= this.#hubMaxAgeUs;
    this.#judgeSilence(nowUs);
    const disagrees = nowUs - this.#wrongUs < DISAGREEMENT_US;
    this.reason = disagrees ? this.#wrong : hubFresh ? 'none' : 'hubSilent';
    this.joint = disagrees ? this.#wrongJoint : -1;
    const agrees = !disagrees && (hubFresh || this.#mayStop(nowUs));
    return agrees && this.#state.estopClosed ? this.#challenge : NO_ANSWER;
  }

  #onState(deviceUs: number): void {
    const { challenge } = this.#state;
    if (challenge !== this.#challenge) {
      this.#challenge = challenge;
      this.challenges++;
      this.#askedUs = this.#nowUs;
    }
    // A clock that stands: what else the frame says may be old.
    if (deviceUs === this.#deviceUs) return;
    this.#deviceUs = deviceUs;
    this.#hubUs = this.#nowUs;
    let place = 0;
    for (const joint of this.#joints) this.#disagree(joint.onHub(this.#state, deviceUs, this.#nowUs), place++, this.#nowUs);
  }

  /** The loop is stopping a robot that the hub does not see. */
  #mayStop(nowUs: number): boolean {
    if (!(nowUs - this.#askedUs <= this.#hubMaxAgeUs && nowUs - this.#hubUs <= LOWERED_US)) return false;
    for (const joint of this.#joints) if (joint.silent(nowUs, STILL_HEARD_US)) return false;
    return true;
  }

  #judgeSilence(nowUs: number): void {
    const moves = this.#anyMoves(nowUs);
    let place = 0;
    for (const joint of this.#joints) {
      if (moves && joint.silent(nowUs, this.#blindUs)) this.#disagree('driveSilent', place, nowUs);
      if (joint.unseen(nowUs, this.#blindUs)) this.#disagree('jointUnseen', place, nowUs);
      place++;
    }
  }

  #anyMoves(nowUs: number): boolean {
    for (const joint of this.#joints) if (joint.moves(nowUs)) return true;
    return false;
  }

  /** The first that came is named as long as it lasts. */
  #disagree(reason: MonitorReason, joint: number, nowUs: number): void {
    if (reason === 'none') return;
    if (!(nowUs - this.#wrongUs < DISAGREEMENT_US)) {
      this.#wrong = reason;
      this.#wrongJoint = joint;
    }
    this.#wrongUs = nowUs;
  }
}
