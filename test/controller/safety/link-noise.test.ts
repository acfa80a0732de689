import { expect, it } from 'vitest';
import { LinkNoise } from '../../../controller/safety/link-noise.ts';
import type { LinkInputs } from '../../../protocols/joints.ts';

const PERIOD_US = 4_000;
const link = (): LinkInputs => ({ up: true, framesReceived: 1000, framesSent: 0, bytesDiscarded: 5000, framesRefused: 0 });

/** Runs a link for so long; each cycle a frame, and every n-th cycle so many bytes that are none. */
function run(noise: LinkNoise, links: LinkInputs[], seconds: number, everyNth = Infinity, bytes = 0, at = 0): void {
  for (let n = 1; n * PERIOD_US <= seconds * 1e6; n++) {
    for (const each of links) each.framesReceived++;
    if (n % everyNth === 0) links[at]!.bytesDiscarded += bytes;
    noise.update(links, PERIOD_US);
  }
}

it('a link that loses more than 1 % within a second is noisy', () => {
  const links = [link(), link()];
  const noise = new LinkNoise(2);
  expect(noise.noisy).toBe(false);
  run(noise, links, 3);
  expect(noise.noisy).toBe(false);
  run(noise, links, 3, 20, 2, 1); // 0.5 %
  expect(noise.noisy).toBe(false);
  run(noise, links, 3, 20, 5, 1); // 1.2 %
  expect(noise.noisy).toBe(true);
});

it('what was lost before it was looked at does not count', () => {
  const noise = new LinkNoise(1);
  noise.update([link()], PERIOD_US);
  expect(noise.noisy).toBe(false);
});

it('a noisy link is quiet again below half of that, after its window', () => {
  const links = [link()];
  const noise = new LinkNoise(1);
  run(noise, links, 3, 10, 20);
  expect(noise.noisy).toBe(true);
  run(noise, links, 4, 20, 3); // 0.75 %
  expect(noise.noisy).toBe(true);
  run(noise, links, 6);
  expect(noise.noisy).toBe(false);
});

it('a link that carries nothing but garbage is noisy at once', () => {
  const noise = new LinkNoise(1);
  const only = link();
  noise.update([only], PERIOD_US);
  only.bytesDiscarded++;
  noise.update([only], PERIOD_US);
  expect(noise.noisy).toBe(true);
});

it('a pause as long as the window leaves nothing of what was before, and a link without a record is passed over', () => {
  const noise = new LinkNoise(2);
  const links = [link()];
  run(noise, links, 1, 2, 20);
  expect(noise.noisy).toBe(true);
  links[0]!.framesReceived++;
  noise.update(links, 2_000_000);
  expect(noise.noisy).toBe(false);
});
