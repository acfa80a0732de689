import { expect, test } from 'vitest';
import { PermittedCommand } from '../../protocols/joints.ts';

test('a minted command is genuine, releases at first and has one entry per joint', () => {
  const command = PermittedCommand.mint(4);
  expect(PermittedCommand.isGenuine(command)).toBe(true);
  expect(command.enable).toBe(false);
  expect(command.joints).toHaveLength(4);
});

test('no copy of a command is genuine', () => {
  const command = PermittedCommand.mint(1);
  const copies: unknown[] = [structuredClone(command), Object.assign({}, command), Object.create(PermittedCommand.prototype), new Proxy(command, {}), null, 7];
  expect(copies.map((copy) => PermittedCommand.isGenuine(copy))).toEqual(copies.map(() => false));
});
