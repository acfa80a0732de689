/** Where labels are written that would else cover each other, such as those of three joints that turn about one point. */
export interface LabelPlace {
  x: number;
  y: number;
}

/** Of a label's height: what rounding may take from a distance that was just made. */
const ROUNDING = 1e-6;

/** Moves lower ones down, in place, until each stands free. A label's size is in the unit of the places. */
export function keepApart(places: readonly LabelPlace[], width: number, height: number): void {
  for (let placed = 1; placed < places.length; placed++) {
    const label = places[placed];
    if (label === undefined) continue;
    // A move may end on one that was passed before; each lowers it by more than nothing, so there is an end.
    for (let over = firstUnder(places, placed, label, width, height); over !== undefined; over = firstUnder(places, placed, label, width, height)) label.y = over.y + height;
  }
}

const firstUnder = (places: readonly LabelPlace[], count: number, label: LabelPlace, width: number, height: number): LabelPlace | undefined =>
  places.find((other, i) => i < count && Math.abs(other.x - label.x) < width && Math.abs(other.y - label.y) < height * (1 - ROUNDING));
