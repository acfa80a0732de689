/** Answers that come late: what they seem to say is not held against the servo at once. */
import { describe, expect, it } from 'vitest';
import { dynamixelSetup } from '../../../hal/drives/dynamixel-setup.ts';
import type { SetupAnswer, SetupStep } from '../../../hal/drives/setup.ts';
import { DxlPacket, DxlWriter } from '../../../protocols/wire/dynamixel.ts';
import { bareDynamixel } from '../../../sim/drives/dynamixel-drive.ts';

const step = (what: string): SetupStep<DxlPacket> => dynamixelSetup(bareDynamixel(1), 4, new DxlWriter(), () => {}).find((candidate) => candidate.what === what)!;

/** A status packet without error. */
function status(...data: number[]): DxlPacket {
  const packet = new DxlPacket();
  packet.parameters.set([0, ...data]);
  packet.count = 1 + data.length;
  return packet;
}

const ANSWER = status();
const wrongLayout = status(...Array.from({ length: 32 }, () => 0));

function answers(one: SetupStep<DxlPacket>, packets: readonly DxlPacket[]): SetupAnswer[] {
  return packets.map((packet) => {
    one.encode(new Uint8Array(128), 0);
    return one.accept!(packet);
  });
}

describe('a servo that does not read as it was set', () => {
  it('is set again before it is refused', () => {
    const wrong = status(250);
    expect(answers(step('its return delay time'), [wrong, ANSWER, wrong, ANSWER, status(0)]).at(-1)).toBe('done');
    expect(answers(step('its return delay time'), [wrong, ANSWER, wrong, wrong]).at(-1)).toBe('other');
    expect(answers(step('its return delay time'), [wrong, ANSWER, wrong, ANSWER, wrong, ANSWER, wrong]).at(-1)).toEqual({ refusal: expect.stringMatching(/was set to 0 and reads 250/) });
  });

  it('has its indirect addresses written again too', () => {
    const once = answers(step('its indirect addresses'), [ANSWER, wrongLayout]);
    expect(once).toEqual(['other', 'other']);
    const often = answers(step('its indirect addresses'), [ANSWER, wrongLayout, ANSWER, wrongLayout, ANSWER, wrongLayout]);
    expect(often.at(-1)).toEqual({ refusal: expect.stringMatching(/do not read as they were set/) });
  });
});
