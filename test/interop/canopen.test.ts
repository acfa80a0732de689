/** Our CANopen on both ends against one that others wrote: the `canopen` package of Nova Dynamics. */
import { AccessType, DataType, Device, ObjectType, type CanMessage } from 'canopen';
import { describe, expect, it } from 'vitest';
import { SdoClient } from '../../hal/drives/sdo-client.ts';
import { emptyCanFrame, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, SlcanReader, type CanFrame } from '../../protocols/wire/slcan.ts';
import { bareCia402 } from '../../sim/drives/cia402-drive.ts';
import { LINE_STEP_US, STEP_US } from '../../sim/drives/device.ts';
import { createVirtualLine } from '../../sim/drives/lines.ts';
import { TestLoad } from '../hal/drives/line-rig.ts';

const NODE = 1;
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The library as master of the virtual drive, on virtual time behind the virtual SLCAN adapter. */
function createMaster() {
  const load = new TestLoad();
  const heard: CanFrame[] = [];
  const device = new Device({ id: 10 });
  const reader = new SlcanReader({
    onCanFrame: (frame) => {
      heard.push({ ...frame, data: frame.data.slice() });
      device.receive({ id: frame.id, data: Buffer.from(frame.data.subarray(0, frame.length)), len: frame.length });
    },
    onAck: () => {},
    onError: () => {},
    onText: () => {},
    onDiscarded: () => {},
  });
  const line = createVirtualLine({ id: 'bus', protocol: 'slcan', baud: 921_600, adapter: 'slcanpty' }, [{ drive: bareCia402(NODE), joint: load }], (bytes) => reader.push(bytes));
  let nowUs = 0;
  const run = (durationUs: number): void => {
    for (const end = nowUs + durationUs; nowUs < end; nowUs += LINE_STEP_US) {
      line.device.step(nowUs);
      if (nowUs % STEP_US !== 0) continue;
      for (const drive of line.drives) drive.step(nowUs, STEP_US / 1e6);
      load.step(STEP_US / 1e6);
    }
  };
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { pending: true };
    const end = (): void => {
      state.pending = false;
    };
    promise.then(end, end);
    for (let i = 0; state.pending && i < 1_000; i++) {
      run(STEP_US);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return promise;
  };
  device.setTransmitFunction(({ id, data }: CanMessage) => {
    const frame = { ...emptyCanFrame(), id, length: data.length };
    frame.data.set(data);
    const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
    line.device.receive(out.subarray(0, encodeSlcanFrame(frame, out, 0)), nowUs);
  });
  device.init();
  device.sdo.addServer(NODE);
  for (const drive of line.drives) drive.setPower(true, nowUs);
  line.device.receive(ascii('C\rS8\rO\r'), nowUs);
  run(1_000_000);
  const upload = async (index: number, subIndex: number, dataType: number | undefined): Promise<unknown> => settle(device.sdo.upload({ serverId: NODE, index, subIndex, timeout: 5_000, ...(dataType === undefined ? {} : { dataType }) }));
  const download = async (index: number, subIndex: number, data: number, dataType: number | undefined): Promise<unknown> =>
    settle(device.sdo.download({ serverId: NODE, index, subIndex, data, timeout: 5_000, ...(dataType === undefined ? {} : { dataType }) }));
  return { device, heard, load, line, run, upload, download };
}

describe('a master that others wrote', () => {
  it('reads who the virtual drive is, in one frame and in segments', async () => {
    const { upload } = createMaster();
    expect(await upload(0x1018, 1, DataType['UNSIGNED32'])).toBe(bareCia402(NODE).vendorId);
    expect(await upload(0x1018, 2, DataType['UNSIGNED32'])).toBe(bareCia402(NODE).productCode);
    expect(String(await upload(0x1008, 0, DataType['VISIBLE_STRING'])).replaceAll('\0', '')).toBe(bareCia402(NODE).model);
  });

  it('is told why when it asks for what is not there or must not be written', async () => {
    const { upload, download } = createMaster();
    await expect(upload(0x5555, 0, DataType['UNSIGNED32'])).rejects.toThrow(/does not exist/i);
    await expect(upload(0x1018, 9, DataType['UNSIGNED32'])).rejects.toThrow(/sub index does not exist/i);
    await expect(download(0x6041, 0, 1, DataType['UNSIGNED16'])).rejects.toThrow(/read only/i);
  });

  it('walks it to operation enabled, and the joint turns at the speed that it is told', async () => {
    const { device, download, upload, load, run } = createMaster();
    device.nmt.startNode(NODE);
    await download(0x6060, 0, 3, DataType['INTEGER8']);
    for (const controlword of [0x06, 0x07, 0x0f]) await download(0x6040, 0, controlword, DataType['UNSIGNED16']);
    expect(Number(await upload(0x6041, 0, DataType['UNSIGNED16'])) & 0x6f).toBe(0x27);
    const turnsPerSec = 0.05;
    await download(0x60ff, 0, Math.round(turnsPerSec * bareCia402(NODE).velocityUnitsPerTurnPerSec), DataType['INTEGER32']);
    run(2_000_000);
    expect(load.velocity / (2 * Math.PI)).toBeCloseTo(turnsPerSec, 2);
  });

  it('hears its heartbeat at the rate that it sets, and its boot-up after a reset', async () => {
    const { device, download, heard, run } = createMaster();
    await download(0x1017, 0, 100, DataType['UNSIGNED16']);
    heard.length = 0;
    run(1_000_000);
    const beats = heard.filter((frame) => frame.id === 0x700 + NODE);
    expect(beats.length).toBeGreaterThanOrEqual(9);
    expect(beats.length).toBeLessThanOrEqual(11);
    expect(beats.at(-1)?.data[0]).toBe(0x7f);
    heard.length = 0;
    device.nmt.resetNode(NODE);
    run(1_000_000);
    expect(heard.filter((frame) => frame.id === 0x700 + NODE)[0]?.data[0]).toBe(0);
  });
});

/** The library as a device with objects of its own, and our client before it. */
function createServer() {
  const device = new Device({ id: NODE });
  const answers: CanFrame[] = [];
  device.setTransmitFunction(({ id, data }) => {
    const frame = { ...emptyCanFrame(), id, length: data.length };
    frame.data.set(data);
    answers.push(frame);
  });
  device.eds.addEntry(0x2000, { parameterName: 'text', objectType: ObjectType['VAR'], dataType: DataType['VISIBLE_STRING'], accessType: AccessType['READ_WRITE'], defaultValue: 'a text that needs segments' });
  const number = device.eds.addEntry(0x2001, { parameterName: 'number', objectType: ObjectType['VAR'], dataType: DataType['UNSIGNED32'], accessType: AccessType['READ_WRITE'], defaultValue: 7 });
  device.eds.addEntry(0x2002, { parameterName: 'constant', objectType: ObjectType['VAR'], dataType: DataType['UNSIGNED8'], accessType: AccessType['READ_ONLY'], defaultValue: 3 });
  device.init();
  device.sdoServer.addClient(0, 0x580 + NODE, 0x600 + NODE);
  const client = new SdoClient(NODE);
  const transfer = (index: number, source: Uint8Array | null): string => {
    client.begin(index, 0, source);
    const frame = emptyCanFrame();
    for (let i = 0; i < 100; i++) {
      client.encode(frame);
      answers.length = 0;
      device.receive({ id: frame.id, data: Buffer.from(frame.data.subarray(0, frame.length)), len: frame.length });
      const progress = answers.map((answer) => client.accept(answer)).find((answer) => answer !== 'other');
      if (progress !== 'going') return progress ?? 'silent';
    }
    return 'endless';
  };
  return { client, transfer, number };
}

describe('a device that others wrote', () => {
  it('gives our client what it holds, in one frame and in segments', () => {
    const { client, transfer } = createServer();
    expect(transfer(0x2001, null)).toBe('done');
    expect([...client.received]).toEqual([7, 0, 0, 0]);
    expect(transfer(0x2000, null)).toBe('done');
    expect(String.fromCharCode(...client.received)).toBe('a text that needs segments');
  });

  it('takes from our client what it is given, in one frame and in segments', () => {
    const { client, transfer, number } = createServer();
    expect(transfer(0x2001, Uint8Array.of(0x78, 0x56, 0x34, 0x12))).toBe('done');
    expect(number.value).toBe(0x1234_5678);
    expect(transfer(0x2000, ascii('another text, as long'))).toBe('done');
    expect(transfer(0x2000, null)).toBe('done');
    expect(String.fromCharCode(...client.received)).toBe('another text, as long');
  });

  it('refuses, and our client knows why', () => {
    const { client, transfer } = createServer();
    expect(transfer(0x2fff, null)).toBe('aborted');
    expect(client.abortCode).toBe(0x0602_0000);
    expect(transfer(0x2002, Uint8Array.of(1))).toBe('aborted');
    expect(client.abortCode).toBe(0x0601_0002);
  });
});
