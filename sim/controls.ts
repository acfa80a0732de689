/** What a person in the room can do to the robot, and the JSON lines that ask for it. */
import { z } from 'zod/mini';

export interface SimControls {
  /** true: the line is open, drive power is cut */
  estop(open: boolean): void;
  patientButton(pressed: boolean): void;
  brake(engaged: boolean): void;
  /** Pulls the cable of a link. Unknown names are refused with RangeError. */
  unplug(linkId: string): void;
  plug(linkId: string): void;
}

const controlLineSchema = z.strictObject({
  estop: z.optional(z.boolean()),
  patientButton: z.optional(z.boolean()),
  brake: z.optional(z.boolean()),
  unplug: z.optional(z.string()),
  plug: z.optional(z.string()),
  stats: z.optional(z.literal(true)),
});

/**
 * Carries out one line, e.g. `{"estop":true}`, `{"unplug":"hub"}` or `{"stats":true}`.
 * @throws RangeError on anything else
 */
export function applyControlLine(line: string, controls: SimControls, reportStats: () => void): void {
  const order = parseOrder(line);
  if (order.estop !== undefined) controls.estop(order.estop);
  if (order.patientButton !== undefined) controls.patientButton(order.patientButton);
  if (order.brake !== undefined) controls.brake(order.brake);
  if (order.unplug !== undefined) controls.unplug(order.unplug);
  if (order.plug !== undefined) controls.plug(order.plug);
  if (order.stats !== undefined) reportStats();
}

function parseOrder(line: string): z.infer<typeof controlLineSchema> {
  try {
    return controlLineSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new RangeError(`the simulator does not understand ${line}; it takes estop, patientButton, brake (true or false), unplug, plug (a link's name) and stats (true)`, { cause });
  }
}
