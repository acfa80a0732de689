import { describe, expect, it } from 'vitest';
import { Answers } from '../../../controller/safety/answers.ts';

const LEAST_NM = 0.6;
const MOST_NM = 1.5;

/** Readings of a drive that leaves so much of each of its last three commands. @returns is it astray after them? */
function read(answers: Answers, readings: number, differencesNm: readonly number[], teaches = false): boolean {
  for (let i = 0; i < readings; i++) {
    for (const [command, differenceNm] of differencesNm.entries()) answers.compare(command, differenceNm);
    answers.judge();
    if (teaches) answers.note();
  }
  if (teaches) answers.learn();
  return answers.astray;
}

const unknown = (): Answers => new Answers(3, LEAST_NM, MOST_NM);

/** A drive that leaves so much of each of its last three commands, for a second of motion. */
function known(differencesNm: readonly number[]): Answers {
  const answers = unknown();
  read(answers, 250, differencesNm, true);
  return answers;
}

it('of a drive that is not known, nothing is asked', () => {
  expect(read(unknown(), 100, [9, 9, 9])).toBe(false);
});

describe('a drive that is known by a second of motion', () => {
  it('answers one command best, and strays when it leaves that one, whatever the others ask', () => {
    expect(read(known([2, 0.1, 2]), 100, [0, 0.59, 0])).toBe(false);
    expect(read(known([2, 0.1, 2]), 100, [0, 0.61, 0])).toBe(true);
    expect(read(known([0.1, 2, 2]), 100, [0.61, 0, 0])).toBe(true);
    expect(read(known([2, 2, 0.1]), 100, [0, 0, -0.61])).toBe(true);
  });

  it('strays by differences of both signs, which leave nothing on average', () => {
    const answers = known([2, 0.1, 2]);
    for (let i = 0; i < 100; i++) read(answers, 1, [0, i % 2 === 0 ? 0.65 : -0.65, 0]);
    expect(answers.astray).toBe(true);
  });

  it('may answer another command once, however much that leaves, but strays from the second time in a row on', () => {
    const answers = known([2, 0.1, 2]);
    for (let i = 0; i < 50; i++) {
      expect(read(answers, 1, [0, 40, 0])).toBe(false);
      expect(read(answers, 9, [0, 0.1, 0])).toBe(false);
    }
    expect(read(answers, 2, [0, 40, 0])).toBe(true);
    expect(read(answers, 2, [0, 0.1, 0])).toBe(false);
    expect(read(answers, 100, [0, 40, 0])).toBe(true);
  });

  it('may leave twice the most that it left so far, and 0.6 Nm at least', () => {
    expect(read(known([3, 0.4, 3]), 100, [0, 0.79, 0])).toBe(false);
    expect(read(known([3, 0.4, 3]), 100, [0, 0.81, 0])).toBe(true);
    const grown = known([3, 0.1, 3]);
    read(grown, 250, [3, 0.5, 3], true);
    read(grown, 250, [3, 0.1, 3], true);
    expect(read(grown, 100, [0, 0.99, 0])).toBe(false);
    expect(read(grown, 100, [0, 1.01, 0])).toBe(true);
  });

  it('is not judged when it answers no command well', () => {
    expect(read(known([3, 0.74, 3]), 100, [9, 1.49, 9])).toBe(true);
    expect(read(known([3, 0.76, 3]), 100, [9, 9, 9])).toBe(false);
  });

  it('goes over to another command that it answers better in the end', () => {
    const answers = known([0.1, 0.2, 3]);
    read(answers, 250, [0.5, 0.2, 3], true);
    expect(read(answers, 100, [9, 0.59, 9])).toBe(false);
    expect(read(answers, 100, [0, 0.61, 0])).toBe(true);
  });

  it('may answer any of those that it answered alike, as in slow motion, until a faster one tells them apart', () => {
    expect(read(known([0.1, 0.3, 3]), 100, [5, 0.59, 0])).toBe(false);
    expect(read(known([0.1, 0.3, 3]), 100, [0.59, 5, 0])).toBe(false);
    expect(read(known([0.1, 0.3, 3]), 100, [0.61, 0.61, 0])).toBe(true);
    expect(read(known([0.1, 0.31, 3]), 100, [0.61, 0, 0])).toBe(true);
    const told = known([0.1, 0.2, 3]);
    read(told, 250, [5, 0.2, 3], true);
    expect(read(told, 100, [0, 0.61, 0])).toBe(true);
  });

  it('learns nothing from a second that was broken off', () => {
    const answers = known([3, 0.1, 3]);
    for (let i = 0; i < 20; i++) {
      read(answers, 1, [3, 0.5, 3]);
      answers.note();
    }
    answers.forgetNew();
    answers.reset();
    read(answers, 250, [3, 0.1, 3], true);
    expect(read(answers, 100, [0, 0.61, 0])).toBe(true);
  });

  it('starts afresh after it was not heard, and is still known', () => {
    const answers = known([3, 0.1, 3]);
    expect(read(answers, 100, [0, 5, 0])).toBe(true);
    answers.reset();
    expect(answers.astray).toBe(false);
    expect(read(answers, 1, [0, 0.1, 0])).toBe(false);
    expect(read(answers, 100, [0, 0.61, 0])).toBe(true);
  });

  it('has no more commands than are compared', () => {
    const answers = known([3, 0.1, 3]);
    answers.compare(3, 100);
    answers.judge();
    expect(answers.astray).toBe(false);
  });
});
