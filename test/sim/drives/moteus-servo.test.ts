import { describe, expect, it } from 'vitest';
import { MOTEUS_LIMIT, MOTEUS_MODE } from '../../../protocols/wire/moteus.ts';
import { MoteusConfig } from '../../../sim/drives/moteus-config.ts';
import { freshCommand, MoteusServo, type MoteusCommand } from '../../../sim/drives/moteus-servo.ts';

const fitting = { id: 1, kpNmPerTurn: 50, kdNmPerHz: 1, faultTemperatureC: 80, temperatureMarginC: 20 };
const motor = { torqueConstantNmPerA: 0.1, tempC: 25, limitNm: (wantedNm: number) => Math.max(-10, Math.min(10, wantedNm)) };

function torqueAt(change: Partial<MoteusCommand>, motion = { position: 0.2, velocity: 0.1 }): number {
  const servo = new MoteusServo(new MoteusConfig(fitting, () => {}));
  servo.command({ ...freshCommand(MOTEUS_MODE.position), timeoutS: NaN, ...change });
  for (let ms = 0; ms < 30; ms++) servo.step(motion, motor, 0.001);
  expect(servo.mode).toBe(MOTEUS_MODE.position);
  return servo.torque;
}

describe('the control loop of a virtual moteus', () => {
  it('pushes toward its set-point', () => {
    expect(torqueAt({ position: 0.4 })).toBeGreaterThan(0);
  });

  it('takes current back beyond its greatest speed, all of it after the derating range, and says so', () => {
    const at = (velocity: number, torque: number): { torque: number; fault: number } => {
      const config = new MoteusConfig(fitting, () => {});
      config.type(Uint8Array.from('conf set servo.max_velocity 3\n', (letter) => letter.charCodeAt(0)));
      const servo = new MoteusServo(config);
      servo.command({ ...freshCommand(MOTEUS_MODE.position), timeoutS: NaN, position: NaN, kpScale: 0, kdScale: 0, torque });
      for (let ms = 0; ms < 30; ms++) servo.step({ position: 0, velocity }, motor, 0.001);
      return { torque: servo.torque, fault: servo.fault };
    };
    expect(at(2.9, 8)).toEqual({ torque: 8, fault: 0 });
    expect(at(4, 8)).toEqual({ torque: 5, fault: MOTEUS_LIMIT.velocity });
    expect(at(-5.1, -8)).toEqual({ torque: -0, fault: MOTEUS_LIMIT.velocity });
    expect(at(5.1, -8)).toEqual({ torque: -8, fault: 0 });
  });

  it.each([
    [{ position: Infinity, velocity: -Infinity }],
    [{ position: Infinity, kpScale: 0 }],
    [{ position: 0, torque: NaN }],
    [{ position: 0, torque: Infinity, velocity: -Infinity }],
  ])('makes a torque that is a number of any floats: %o', (change) => {
    const torque = torqueAt(change);
    expect(Number.isFinite(torque)).toBe(true);
    expect(Math.abs(torque)).toBeLessThanOrEqual(10);
  });
});
