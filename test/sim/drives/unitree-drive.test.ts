import { beforeEach, describe, expect, it } from 'vitest';
import { bareUnitree, UNITREE_BOOT_US, UnitreeBus, UnitreeDrive } from '../../../sim/drives/unitree-drive.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';
import { decodeUnitreeReply, emptyUnitreeCommand, emptyUnitreeReply, encodeUnitreeCommand, type UnitreeCommand } from '../../../protocols/wire/unitree.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));
/** Captured from the vendor's library: id 1, FOC, q 1, dq 2π, kp 0.5, kd 0.01, τ 0.25. */
const CAPTURED = bytes('FE EE 11 40 00 FF 00 5F 14 00 00 80 02 0C 00 3C 6F');
const GEAR = 6.33;

let nowUs: number;
let sent: number[][];
let loads: TestLoad[];
let drives: UnitreeDrive[];
let bus: UnitreeBus;

function run(durationUs: number): void {
  for (const end = nowUs + durationUs; nowUs < end; ) {
    nowUs += 250;
    bus.step(nowUs);
    if (nowUs % 1_000 === 0) {
      for (const drive of drives) drive.step(nowUs, 0.001);
      for (const load of loads) load.step(0.001);
    }
  }
}

const command = (values: Partial<UnitreeCommand>): Uint8Array => {
  const out = new Uint8Array(17);
  encodeUnitreeCommand({ ...emptyUnitreeCommand(), ...values }, out, 0);
  return out;
};

function ask(values: Partial<UnitreeCommand> | Uint8Array) {
  sent.length = 0;
  bus.receive(values instanceof Uint8Array ? values : command(values), nowUs);
  run(1_000);
  const reply = emptyUnitreeReply();
  return sent.length > 0 && decodeUnitreeReply(Uint8Array.from(sent[0]!), reply) ? reply : null;
}

beforeEach(() => {
  nowUs = 0;
  sent = [];
  loads = [new TestLoad(), new TestLoad()];
  drives = loads.map((load, i) => new UnitreeDrive(bareUnitree(i + 1), load));
  bus = new UnitreeBus(drives, (data) => sent.push([...data]));
  for (const drive of drives) drive.setPower(true, 0);
  run(UNITREE_BOOT_US + 1_000);
});

describe('the virtual GO-M8010-6', () => {
  it('answers the vendor library’s frame with 16 bytes, after the line had time to turn round', () => {
    bus.receive(CAPTURED, nowUs);
    expect(sent).toEqual([]);
    run(250);
    expect(sent.length).toBe(1);
    expect(sent[0]!.slice(0, 3)).toEqual([0xfd, 0xee, 0x11]);
    expect(sent[0]!.length).toBe(16);
  });

  it('is silent while it boots, and locked after it', () => {
    drives[0]!.reset(nowUs);
    expect(ask({ id: 1 })).toBeNull();
    run(UNITREE_BOOT_US);
    expect(ask({ id: 1 })).toMatchObject({ status: 0, errorCode: 0 });
    expect(drives[0]!.energised).toBe(false);
  });

  it('answers to its own id only, and nobody answers to everybody', () => {
    expect(ask({ id: 2, status: 1 })?.id).toBe(2);
    expect(ask({ id: 7, status: 1 })).toBeNull();
    expect(ask({ id: 15, status: 1 })).toBeNull();
    expect(drives.map((drive) => drive.energised)).toEqual([true, true]);
  });

  it('moves to where its rotor is told, through its gear', () => {
    ask({ id: 1, status: 1, positionRad: 3, stiffnessNmPerRad: 2, dampingNmsPerRad: 0.2 });
    run(3_000_000);
    expect(loads[0]!.position).toBeCloseTo(3 / GEAR, 2);
    expect(ask({ id: 1, status: 1, positionRad: 3, stiffnessNmPerRad: 2, dampingNmsPerRad: 0.2 })?.positionRad).toBeCloseTo(3, 2);
    expect(loads[1]!.position).toBe(0);
  });

  it('obeys its last command for ever: the maker gives it no watchdog', () => {
    ask({ id: 1, status: 1, torqueNm: 0.5 });
    run(5_000_000);
    expect(drives[0]!.energised).toBe(true);
    expect(loads[0]!.torqueNm).toBeGreaterThan(0);
  });

  it('gives no torque when locked, and tells the torque it gives in FOC', () => {
    loads[0]!.held = true;
    ask({ id: 1, status: 1, torqueNm: 1 });
    expect(loads[0]!.torqueNm).toBeCloseTo(GEAR, 1);
    expect(ask({ id: 1, status: 1, torqueNm: 1 })?.torqueNm).toBeCloseTo(1, 2);
    ask({ id: 1, status: 0, torqueNm: 1 });
    expect(loads[0]!.torqueNm).toBe(0);
  });

  it('stops with error 1 when it is hot, and is released from it by the lock when it has cooled', () => {
    loads[0]!.held = true;
    ask({ id: 1, status: 1, torqueNm: 3.7 });
    run(60_000_000);
    expect(ask({ id: 1, status: 1, torqueNm: 3.7 })).toMatchObject({ errorCode: 1 });
    expect(loads[0]!.torqueNm).toBe(0);
    run(60_000_000);
    expect(ask({ id: 1, status: 0 })).toMatchObject({ status: 0 });
    expect(ask({ id: 1, status: 1 })).toMatchObject({ status: 1, errorCode: 0 });
  });

  it('reports what it is made to report', () => {
    drives[0]!.faults.wrongMode = true;
    expect(ask({ id: 1, status: 1 })).toMatchObject({ status: 0 });
    drives[0]!.faults.wrongMode = false;
    drives[0]!.faults.ignoresCommands = true;
    expect(ask({ id: 1, status: 1 })).toMatchObject({ status: 0 });
    drives[0]!.faults.ignoresCommands = false;
    drives[0]!.faults.frozenReport = true;
    loads[0]!.position = 1;
    expect(ask({ id: 1, status: 1 })?.positionRad).toBeCloseTo(0, 2);
  });

  it('forgets half a frame when the cable is pulled', () => {
    bus.receive(CAPTURED.subarray(0, 9), nowUs);
    bus.unplugged();
    expect(ask(CAPTURED.subarray(9))).toBeNull();
    expect(ask(CAPTURED)?.id).toBe(1);
  });
});
