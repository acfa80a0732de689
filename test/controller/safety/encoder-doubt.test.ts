import { describe, expect, it } from 'vitest';
import { EncoderDoubt } from '../../../controller/safety/encoder-doubt.ts';

const PERIOD_US = 4_000;
const APART = true;
const JUMPS = true;
const STANDS = true;

/** One cycle at a time. */
function watched() {
  const doubt = new EncoderDoubt();
  let atUs = 10_000_000;
  const judge = (isApart: boolean, jumps = false, stands = false): EncoderDoubt => {
    atUs += PERIOD_US;
    doubt.judge(isApart, jumps, stands, atUs);
    return doubt;
  };
  /** The encoder and its motor, rad/s. */
  const move = (encoderRadPerSec: number, motorRadPerSec: number): void => doubt.look((encoderRadPerSec * PERIOD_US) / 1e6, PERIOD_US, motorRadPerSec);
  return { doubt, judge, move, pause: (us: number) => (atUs += us) };
}

describe('a joint encoder is in doubt', () => {
  it('not before it stood or jumped, however far both are apart', () => {
    const { judge } = watched();
    expect(judge(APART)).toMatchObject({ doubted: false, turned: false });
  });

  it('from when it jumps until both agree', () => {
    const { judge } = watched();
    expect(judge(APART, JUMPS).doubted).toBe(true);
    expect(judge(APART).doubted).toBe(true);
    expect(judge(!APART).doubted).toBe(false);
    expect(judge(APART).doubted).toBe(false);
  });

  it('for two seconds after it stood, and for as long as both are apart', () => {
    const { judge, pause } = watched();
    expect(judge(!APART, !JUMPS, STANDS).doubted).toBe(true);
    pause(2_000_000 - 2 * PERIOD_US);
    expect(judge(!APART).doubted).toBe(true);
    expect(judge(APART).doubted).toBe(true);
    pause(10_000_000);
    expect(judge(APART).doubted).toBe(true);
    expect(judge(!APART).doubted).toBe(false);
    judge(!APART, !JUMPS, STANDS);
    pause(2_000_000);
    expect(judge(!APART).doubted).toBe(false);
  });
});

describe('one of the two has turned', () => {
  /** It stood, and then both move like this for so many readings. */
  const after = (readings: number, encoderRadPerSec: number, motorRadPerSec: number, jumps = false): EncoderDoubt => {
    const { doubt, judge, move } = watched();
    judge(APART, jumps, !jumps);
    for (let n = 0; n < readings; n++) {
      move(encoderRadPerSec, motorRadPerSec);
      judge(APART);
    }
    return doubt;
  };

  it('when an encoder that stood goes against its motor twice, both faster than 1 rad/s', () => {
    for (const sign of [1, -1]) {
      expect(after(2, sign * -1.1, sign * 1.1)).toMatchObject({ turned: true, doubted: false });
      expect(after(1, sign * -1.1, sign * 1.1)).toMatchObject({ turned: false, doubted: true });
      expect(after(9, sign * -0.9, sign * 1.1)).toMatchObject({ turned: false, doubted: true });
      expect(after(9, sign * -1.1, sign * 0.9)).toMatchObject({ turned: false, doubted: true });
      expect(after(9, sign * 1.1, sign * 1.1)).toMatchObject({ turned: false, doubted: true });
    }
  });

  it('not when the encoder jumped, which says that it is the wrong one', () => {
    expect(after(9, -3, 3, JUMPS)).toMatchObject({ turned: false, doubted: true });
  });

  it('not while nobody knows how fast the motor is', () => {
    expect(after(9, -3, Number.NaN)).toMatchObject({ turned: false, doubted: true });
  });

  it('not when one reading lies between those that go against it', () => {
    const { doubt, judge, move } = watched();
    judge(APART, !JUMPS, STANDS);
    for (const encoder of [-3, 3, -3, 3, -3]) {
      move(encoder, 3);
      judge(APART);
    }
    expect(doubt).toMatchObject({ turned: false, doubted: true });
  });

  it('until both agree again; then an encoder that stands is in doubt as before', () => {
    const { doubt, judge, move } = watched();
    judge(APART, !JUMPS, STANDS);
    for (let n = 0; n < 2; n++) {
      move(-3, 3);
      judge(APART);
    }
    expect(judge(APART)).toMatchObject({ turned: true, doubted: false });
    move(0, 0);
    expect(judge(!APART).turned).toBe(false);
    judge(APART, !JUMPS, STANDS);
    expect(doubt).toMatchObject({ turned: false, doubted: true });
  });
});
