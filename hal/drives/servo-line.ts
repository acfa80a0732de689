/** The serial port of one drive of the VESC family: full duplex, requests need not wait for answers. */
import { DariError } from '../../protocols/errors.ts';
import type { LinkProfile } from '../../protocols/profile.ts';
import { CUBEMARS_V1, CUBEMARS_V3, cubemarsAnswers, CubemarsV3Splitter } from '../../protocols/wire/cubemars.ts';
import { vescAnswers, VescSplitter } from '../../protocols/wire/vesc.ts';
import type { LineCounters } from './drive.ts';
import { PlainLine, type PlainDrive } from './plain-line.ts';

/** @throws DariError `profileInvalid` unless there is exactly one drive: frames carry no address, so each would obey all */
export function createServoLine(link: LinkProfile, drives: readonly PlainDrive[], counters: LineCounters): PlainLine {
  if (drives.length !== 1) throw new DariError('profileInvalid', `The link "${link.id}" (${link.protocol}) leads to one drive, the profile puts ${drives.length} on it. Give each drive a link of its own.`);
  return new PlainLine({
    drives,
    counters,
    replyPatienceUs: null,
    silenceAdvice: `Check that the drive has power, that its serial port is enabled and that its baud rate is ${link.baud}.`,
    splitter: (sink) => {
      if (link.protocol === 'cubemars-v3') return new CubemarsV3Splitter(sink, cubemarsAnswers(CUBEMARS_V3));
      return new VescSplitter(sink, link.protocol === 'vesc' ? vescAnswers : cubemarsAnswers(CUBEMARS_V1));
    },
  });
}
