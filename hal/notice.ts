import type { ErrorCode } from '../protocols/errors.ts';

/** Something people should know of a link: once when it begins, once when it is over; never per attempt. */
export interface Notice {
  readonly linkId: string;
  readonly code: ErrorCode | 'linkUp';
  /** Plain language; what to do next when it is trouble. */
  readonly message: string;
}

export type NoticeHandler = (notice: Notice) => void;
