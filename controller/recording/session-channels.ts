/** Schemas, channels and metadata of a session file: what makes it readable without Dari. */
import { z } from 'zod/mini';
import type { Channel, Metadata, Schema } from '@mcap/core';
import { driveStates } from '../../protocols/joints.ts';
import { sessionEventSchema } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { cycleFields, limitReasons } from '../../protocols/session-log.ts';
import { actions, causes, operatorCommands, supervisorStates } from '../../protocols/supervision.ts';
import { CYCLE_MESSAGE, cycleDescriptor } from './cycle-schema.ts';
import type { SessionHeader } from './session-header.ts';

export const CYCLE_CHANNEL = 1;
export const EVENT_CHANNEL = 2;
/** What games told: events of kind `game`, of the same schema. */
export const GAME_CHANNEL = 3;
export const SESSION_METADATA = 'dari/session';
export const RECOVERY_METADATA = 'dari/recovery';
export const HEADER_KEY = 'header';

export function sessionSchemas(): Schema[] {
  const eventSchema = JSON.stringify(z.toJSONSchema(sessionEventSchema));
  return [
    { id: CYCLE_CHANNEL, name: CYCLE_MESSAGE, encoding: 'protobuf', data: cycleDescriptor() },
    { id: EVENT_CHANNEL, name: 'dari.Event', encoding: 'jsonschema', data: new TextEncoder().encode(eventSchema) },
  ];
}

/** Units and the names behind indexes travel as channel metadata: Protobuf has no place for them. */
export function sessionChannels(profile: RobotProfile): Channel[] {
  const metadata = new Map([
    ['joints', profile.joints.map((joint) => joint.id).join(',')],
    ['links', profile.links.map((link) => link.id).join(',')],
    ['supervisorStates', supervisorStates.join(',')],
    ['actions', actions.join(',')],
    ['causes', causes.join(',')],
    ['operatorCommands', operatorCommands.join(',')],
    ['driveStates', driveStates.join(',')],
    ['limitReasons', limitReasons.join(',')],
    ...cycleFields.map((field): [string, string] => [`unit.${field.key}`, field.unit]),
  ]);
  return [
    { id: CYCLE_CHANNEL, schemaId: CYCLE_CHANNEL, topic: '/cycle', messageEncoding: 'protobuf', metadata },
    { id: EVENT_CHANNEL, schemaId: EVENT_CHANNEL, topic: '/event', messageEncoding: 'json', metadata: new Map() },
    { id: GAME_CHANNEL, schemaId: EVENT_CHANNEL, topic: '/game', messageEncoding: 'json', metadata: new Map() },
  ];
}

export const sessionMetadata = (header: SessionHeader): Metadata => ({
  name: SESSION_METADATA,
  metadata: new Map([
    ['sessionId', header.sessionId],
    ['robot', header.profile.id],
    ['simulated', String(header.simulated)],
    [HEADER_KEY, JSON.stringify(header)],
  ]),
});
