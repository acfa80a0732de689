/** Thins a session's log out to the columns that a 3D replay needs, and tells its strides as they were told live. */
import type { SessionReplay } from '../../protocols/api.ts';
import { sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { StrideWatch } from './stride-figures.ts';

export interface ReplayColumns {
  row(rows: Float64Array, start: number): void;
  result(): SessionReplay;
}

/** 0.1 ms, 0.006° and 0.1 mNm: finer than any screen, and a third of the bytes of full doubles. */
const DECIMALS = 10_000;
/** A row exactly on time is not late by the last bit of a division. */
const ROUNDING = 1e-9;

/** @param rateHz columns per second of the session, at most the control rate */
export function createReplayColumns(profile: RobotProfile, setup: SessionSetup, rateHz: number): ReplayColumns {
  const layout = layoutOf(profile);
  const [nowColumn, stateColumn] = [fieldOffset(layout, 'nowUs'), fieldOffset(layout, 'state')];
  const periodUs = US_PER_S / rateHz;
  const timeSec: number[] = [];
  const state: number[] = [];
  const perJoint = (key: string): Column[] => profile.joints.map((_, joint) => new Column(fieldOffset(layout, key, joint)));
  const positions = [...perJoint('encoderPositionRad'), ...sensedJointsOf(profile).map((_, i) => new Column(fieldOffset(layout, 'sensedPositionRad', i)))];
  const references = perJoint('referencePositionRad');
  const torques = perJoint('jointTorqueNm');
  const strides: StrideFigures[] = [];
  const watch = new StrideWatch(profile, setup, (figures) => strides.push(figures));
  let firstUs = Number.NaN;
  let taken = 0;
  return {
    row(rows, start) {
      watch.row(rows, start);
      const nowUs = rows[start + nowColumn] ?? 0;
      if (Number.isNaN(firstUs)) firstUs = nowUs;
      // Counted from the first row, so that jitter of the ticks does not add up; a hole in the log is not filled.
      const due = Math.floor((nowUs - firstUs) / periodUs + ROUNDING) + 1;
      if (due <= taken) return;
      taken = due;
      timeSec.push(round((nowUs - firstUs) / US_PER_S));
      state.push(rows[start + stateColumn] ?? 0);
      for (const column of [...positions, ...references, ...torques]) column.take(rows, start);
    },
    result: () => ({
      profile,
      bodyHeightM: setup.heightM,
      timeSec,
      state,
      positionRad: positions.map((column) => column.values),
      referenceRad: references.map((column) => column.values),
      torqueNm: torques.map((column) => column.values),
      strides,
      permittedRangeRad: setup.permittedRangeRad.map(({ min, max }) => ({ min, max })),
    }),
  };
}

class Column {
  readonly values: number[] = [];

  constructor(private readonly offset: number) {}

  /** JSON has no NaN: a value that was not known repeats the one before. */
  take(rows: Float64Array, start: number): void {
    const value = rows[start + this.offset] ?? Number.NaN;
    this.values.push(Number.isFinite(value) ? round(value) : (this.values.at(-1) ?? 0));
  }
}

const round = (value: number): number => Math.round(value * DECIMALS) / DECIMALS;
