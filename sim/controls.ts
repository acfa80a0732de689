/** What a person in the room can do to the robot, and the JSON lines that ask for it. */
import { z } from 'zod/mini';
import { faultKinds, faultOrderSchema, type FaultOrder } from './faults/catalogue.ts';
import { promptSchema, type Prompt } from './body/prompt.ts';
import type { Machine } from './machine.ts';

export interface SimControls {
  /** true: the line is open, drive power is cut */
  estop(open: boolean): void;
  patientButton(pressed: boolean): void;
  brake(engaged: boolean): void;
  /** false: the simulated patient is out of the robot, and nothing happens to him; true: he is in it, and his training begins. */
  patient(inside: boolean): void;
  /** Tells him what to do; null: what he likes. */
  prompt(prompt: Prompt | null): void;
  /** Pulls the cable of a link. Unknown names are refused with RangeError. */
  unplug(linkId: string): void;
  plug(linkId: string): void;
  /** Puts a fault in front of those that are there. Unknown links and addresses are refused with RangeError. */
  fault(order: FaultOrder): void;
  /** Lifts the faults of a link, or of all (null). */
  clearFaults(linkId: string | null): void;
}

/** Controls of a machine; who runs it knows what its cables lead to. */
export const machineControls = (machine: Machine, cables: Pick<SimControls, 'plug' | 'unplug'>): SimControls => ({
  estop: (open) => machine.setEstop(open),
  patientButton: (pressed) => machine.setPatientButton(pressed),
  brake: (engaged) => machine.setBrake(engaged),
  patient: (inside) => machine.setPatient(inside),
  prompt: (prompt) => machine.prompt(prompt),
  unplug: (linkId) => cables.unplug(linkId),
  plug: (linkId) => cables.plug(linkId),
  fault: (order) => machine.fault(order),
  clearFaults: (linkId) => machine.clearFaults(linkId),
});

const controlLineSchema = z.strictObject({
  estop: z.optional(z.boolean()),
  patientButton: z.optional(z.boolean()),
  brake: z.optional(z.boolean()),
  patient: z.optional(z.boolean()),
  prompt: z.optional(z.nullable(promptSchema)),
  unplug: z.optional(z.string()),
  plug: z.optional(z.string()),
  clearFaults: z.optional(z.union([z.literal(true), z.string()])),
  fault: z.optional(faultOrderSchema),
  stats: z.optional(z.literal(true)),
});

/**
 * Carries out one line, e.g. `{"estop":true}`, `{"unplug":"hub"}`, `{"fault":{"link":"hub","kind":"drop","rate":0.01}}`,
 * `{"fault":{"kind":"sensor","sensor":"jointEncoder","joint":"kneeLeft","how":"stuck"}}` or `{"stats":true}`.
 * @throws RangeError on anything else
 */
export function applyControlLine(line: string, controls: SimControls, reportStats: () => void): void {
  const order = parseOrder(line);
  if (order.estop !== undefined) controls.estop(order.estop);
  if (order.patientButton !== undefined) controls.patientButton(order.patientButton);
  if (order.brake !== undefined) controls.brake(order.brake);
  if (order.patient !== undefined) controls.patient(order.patient);
  if (order.prompt !== undefined) controls.prompt(order.prompt);
  if (order.unplug !== undefined) controls.unplug(order.unplug);
  if (order.plug !== undefined) controls.plug(order.plug);
  if (order.clearFaults !== undefined) controls.clearFaults(order.clearFaults === true ? null : order.clearFaults);
  if (order.fault !== undefined) controls.fault(order.fault);
  if (order.stats !== undefined) reportStats();
}

const UNDERSTOOD = `estop, patientButton, brake, patient (true or false), prompt ({"ask": …} or null), unplug, plug (a link's name), fault ({"kind": …, …} with the kinds ${faultKinds.join(', ')}), clearFaults (true or a link's name) and stats (true)`;

/** What the schema library says where a schema says nothing of its own. */
const UNEXPLAINED = 'Invalid input';

function parseOrder(line: string): z.infer<typeof controlLineSchema> {
  const parsed = controlLineSchema.safeParse(asJson(line));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.flatMap(({ path, message }) => (path.length === 0 ? [] : [message === UNEXPLAINED ? path.join('.') : `${path.join('.')}: ${message}`]));
  const hint = where.length === 0 ? '' : ` (see ${where.join(', ')})`;
  throw new RangeError(`the simulator does not understand ${line}${hint}; it takes ${UNDERSTOOD}`, { cause: parsed.error });
}

/** @returns undefined when it is none */
function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
