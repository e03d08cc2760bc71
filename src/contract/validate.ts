import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { MESSAGES, type MessageOf } from './messages/index.js';
import { buildTopic, parseTopic, type TopicKind, type TopicOf } from './topics.js';

export type DecodeErrorCode = 'UNKNOWN_TOPIC' | 'TOO_LARGE' | 'NOT_JSON' | 'INVALID';

/** A decoded message; `kind` tells both the topic and the type of the message. */
export type Decoded =
  | { [K in TopicKind]: { ok: true; kind: K; topic: TopicOf<K>; message: MessageOf[K] } }[TopicKind]
  | { ok: false; code: DecodeErrorCode; reason: string };

/** Ready to be published as it is. */
export interface Encoded {
  topic: string;
  payload: Buffer;
  qos: 1;
  retain: boolean;
}

/** A message of ours that breaks the contract: a fault in the caller, never the other side's doing. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

const validators = new Map<TSchema, Validator>();
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads bytes received under a topic, in either direction. Never throws: bad input is a value (rule 14). */
export function decode(topicText: string, bytes: Uint8Array): Decoded {
  const topic = parseTopic(topicText);
  if (topic === undefined) {
    return {
      ok: false,
      code: 'UNKNOWN_TOPIC',
      reason: `not a topic of the protocol: ${topicText.slice(0, 200)}`,
    };
  }
  const { maxBytes, schema } = MESSAGES[topic.kind];
  if (bytes.byteLength > maxBytes) {
    return { ok: false, code: 'TOO_LARGE', reason: `${bytes.byteLength} bytes, at most ${maxBytes}` };
  }
  if (topic.kind === 'alarm' && bytes.byteLength === 0)
    return { ok: true, kind: 'alarm', topic, message: null };
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return { ok: false, code: 'NOT_JSON', reason: (error as Error).message.slice(0, 300) };
  }
  const fault = firstFault(schema, value);
  if (fault !== undefined) return { ok: false, code: 'INVALID', reason: fault };
  // The schema of the topic's kind has just been checked, which is what the type says.
  return { ok: true, kind: topic.kind, topic, message: value } as Decoded;
}

/** Checks a message of ours and makes it ready to publish. Throws ContractError when it breaks its own schema or limit. */
export function encode<K extends TopicKind>(topic: TopicOf<K>, message: MessageOf[K]): Encoded {
  const { maxBytes, retain, schema } = MESSAGES[topic.kind];
  const text = buildTopic(topic);
  if (topic.kind === 'alarm' && message === null) {
    return { topic: text, payload: Buffer.alloc(0), qos: 1, retain };
  }
  const json = JSON.stringify(message);
  const payload = Buffer.from(json, 'utf8');
  if (payload.byteLength > maxBytes) {
    throw new ContractError(`${text}: ${payload.byteLength} bytes, at most ${maxBytes}`);
  }
  // Checked as the other side will see it: undefined fields are gone by then.
  const fault = firstFault(schema, JSON.parse(json));
  if (fault !== undefined) throw new ContractError(`${text}: ${fault}`);
  return { topic: text, payload, qos: 1, retain };
}

/** The first thing wrong with a value, in a sentence, or undefined when it fits the schema. */
export function firstFault(schema: TSchema, value: unknown): string | undefined {
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  if (validator.Check(value)) return undefined;
  const errors = validator.Errors(value);
  // In a union every variant complains; the deepest path is nearest to what was meant.
  const [worst] = [...errors].sort((a, b) => depth(b.instancePath) - depth(a.instancePath));
  if (worst === undefined) return 'does not fit the schema';
  return `${worst.instancePath === '' ? 'message' : worst.instancePath}: ${worst.message}`.slice(0, 300);
}

function depth(path: string): number {
  return path.split('/').length;
}
