/**
 * Hosts that others wrote decode what has come as soon as a few bytes wait: an answer reaches them in one piece, as from
 * a USB adapter. Requests byte for byte as those libraries send them.
 */
import { expect, test } from 'vitest';
import { BareDrives, type BareKindName } from '../../sim/bare-drives.ts';

/** @returns the chunks heard within 100 ms, as a host that reads each millisecond gets them */
function chunksAfter(kind: BareKindName, request: string): string[] {
  const bench = new BareDrives({ kind, count: 1, seed: 1 });
  const link = bench.links[0]!.id;
  const heard: string[] = [];
  bench.connect(link, (chunk) => heard.push(Buffer.from(chunk).toString('hex')));
  bench.receive(link, Buffer.from(request, 'hex'), bench.nowUs);
  const startUs = bench.nowUs;
  for (let ms = 1; ms <= 100; ms++) bench.advanceTo(startUs + 1_000 * ms);
  bench.dispose();
  return heard;
}

test('PyVESC (VESC.py): get_firmware_version reads at 4 bytes, get_measurements at 73 of 79', () => {
  const version = chunksAfter('vesc', '020100000003');
  expect(version).toHaveLength(1);
  expect(version[0]).toMatch(/^0223000605.*03$/);
  const values = chunksAfter('vesc', '020104408403');
  expect(values).toHaveLength(1);
  expect(values[0]).toMatch(/^024a04.*03$/);
  expect(values[0]).toHaveLength(2 * 79);
});

test('TMotorCANControl (servo_serial.py): the start-up bytes of power_on are passed over, and all values come', () => {
  expect(chunksAfter('cubemars-v1', '4080200221c0020104408403').map((chunk) => chunk.slice(0, 6))).toEqual(['024904']);
});

test('motor-module (cube_mars_motor.py): reads what waits and wants AA first and BB last, also of a position asked without argument', () => {
  const status = chunksAfter('cubemars-v3', 'aa01451861bb');
  expect(status).toHaveLength(1);
  expect(status[0]).toMatch(/^aa5545.*bb$/);
  expect(chunksAfter('cubemars-v3', 'aa014c8948bb')).toEqual(['aa05570000000072e6bb']);
});

test('DynamixelSDK (protocol2_packet_handler.py): ping of an XM430-W350, model 1020 with firmware 45', () => {
  expect(chunksAfter('dynamixel2', 'fffffd0001030001194e')).toEqual(['fffffd000107005500fc032d1743']);
});

test('Epos4-python-serial (SerialEpos4.py): the device type is answered with the 14 bytes that it insists on', () => {
  expect(chunksAfter('epos4', '90026002010010009db7')).toEqual([expect.stringMatching(/^900200040000000092010200.{4}$/)]);
});
