import type { RobotProfile } from '../../protocols/profile.ts';

/** What every part of the sheet is given. */
export interface PlanFormProps<T> {
  readonly profile: RobotProfile;
  readonly value: T;
  readonly onChange: (value: T) => void;
}
