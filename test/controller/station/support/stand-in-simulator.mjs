// Stands in for the virtual robot: tells two ports, and writes down the lines that it hears beside itself.
import fs from 'node:fs';
import { Socket } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { profile: { type: 'string' }, link: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' }, 'parent-fd': { type: 'string' } } });
const pipe = new Socket({ fd: Number(values['parent-fd']), readable: true, writable: false });
pipe.on('data', (chunk) => fs.appendFileSync(`${values.link}/../heard-by-simulator.jsonl`, chunk));
pipe.on('close', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ ports: [{ name: 'leg-left', path: '/none' }, { name: 'leg-right', path: `${values.link}/../journal.jsonl` }] })}\n`);
