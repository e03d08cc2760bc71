import { MESSAGES, type MessageDefinition } from './messages/index.js';
import {
  ALARM_CODE_PATTERN,
  AREA_CODE_PATTERN,
  CLUSTER_ID_PATTERN,
  TOPIC_ROOT,
  type TopicKind,
} from './topics.js';

/** A JSON object; the document is plain data, ready for JSON.stringify. */
export type JsonObject = { [key: string]: unknown };

export interface AsyncApiOptions {
  /** Version of the document's software, e.g. the package version. */
  version: string;
  /** Host and port of the broker, without a scheme. */
  brokerHost?: string;
  secure?: boolean;
}

const PARAMETERS: Record<string, JsonObject> = {
  clusterId: { description: `The cluster's code, ${CLUSTER_ID_PATTERN}`, examples: ['31318-01'] },
  areaCode: {
    description: `Code of a commune, district or province, ${AREA_CODE_PATTERN}`,
    examples: ['31318', '93'],
  },
  code: { description: `What is wrong, ${ALARM_CODE_PATTERN}`, examples: ['amplifier', 'clock'] },
};

const DESCRIPTION = [
  'What a loudspeaker cluster and the server say to each other. It is complete over plain MQTT 3.1.1, QoS 1.',
  'A cluster sets a will on its state topic (`online: false`, the same session), subscribes to its desired and command',
  'topics, to the command topic of each area in `desired.config.areaChain` and to the server state.',
  'Retained commands are dropped, repeated ids get their last ack again, and nothing is played after `notAfter`.',
  'Audio is fetched as `GET /media/{sha256}` with HTTP Basic (cluster id and secret), Range allowed. A live stream is fetched',
  'as `GET /live/{broadcastId}` in the same way: its body ends in order when the stream does (410 once it has), and is asked',
  'for again when it breaks off.',
].join('\n');

/**
 * The AsyncAPI 3.0 document of the protocol, made from the schemas that both sides run on. An operation is seen from one
 * side, so every channel has two: `server…` and `cluster…`, told apart by tag.
 */
export function buildAsyncApi(options: AsyncApiOptions): JsonObject {
  const kinds = Object.keys(MESSAGES) as TopicKind[];
  const each = (
    make: (kind: TopicKind, definition: MessageDefinition) => [string, JsonObject][],
  ): JsonObject => Object.fromEntries(kinds.flatMap((kind) => make(kind, MESSAGES[kind])));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Phủ Sóng cluster protocol',
      version: options.version,
      description: DESCRIPTION,
      tags: [{ name: 'server' }, { name: 'cluster' }],
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: options.brokerHost ?? 'localhost:1883',
        protocol: options.secure === true ? 'mqtts' : 'mqtt',
        protocolVersion: '3.1.1',
        description: 'Username and client id are the cluster id',
        security: [{ $ref: '#/components/securitySchemes/clusterPassword' }],
      },
    },
    channels: each((kind, definition) => [[kind, channel(kind, definition)]]),
    operations: each((kind, definition) => [
      operation('server', kind, definition),
      operation('cluster', kind, definition),
    ]),
    components: {
      messages: each((_kind, definition) => [[definition.name, message(definition)]]),
      parameters: PARAMETERS,
      securitySchemes: { clusterPassword: { type: 'userPassword' } },
    },
  };
}

/** The topic with its variable parts in braces, and the names of those. */
export function channelAddress(kind: TopicKind): { address: string; parameters: string[] } {
  switch (kind) {
    case 'serverState':
      return { address: `${TOPIC_ROOT}/server/state`, parameters: [] };
    case 'areaCommand':
      return { address: `${TOPIC_ROOT}/a/{areaCode}/command`, parameters: ['areaCode'] };
    case 'alarm':
      return { address: `${TOPIC_ROOT}/c/{clusterId}/alarm/{code}`, parameters: ['clusterId', 'code'] };
    default:
      return { address: `${TOPIC_ROOT}/c/{clusterId}/${kind}`, parameters: ['clusterId'] };
  }
}

function channel(kind: TopicKind, { name, summary }: MessageDefinition): JsonObject {
  const { address, parameters } = channelAddress(kind);
  return {
    address,
    summary,
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    ...(parameters.length > 0 && {
      parameters: Object.fromEntries(
        parameters.map((parameter) => [parameter, { $ref: `#/components/parameters/${parameter}` }]),
      ),
    }),
  };
}

function operation(
  side: MessageDefinition['from'],
  kind: TopicKind,
  { from, name, retain, summary }: MessageDefinition,
): [string, JsonObject] {
  const action = from === side ? 'send' : 'receive';
  return [
    `${side}${action === 'send' ? 'Sends' : 'Receives'}${name}`,
    {
      action,
      summary,
      tags: [{ name: side }],
      channel: { $ref: `#/channels/${kind}` },
      messages: [{ $ref: `#/channels/${kind}/messages/${name}` }],
      ...(action === 'send' && { bindings: { mqtt: { qos: 1, retain, bindingVersion: '0.2.0' } } }),
    },
  ];
}

function message({ name, summary, schema, examples, maxBytes }: MessageDefinition): JsonObject {
  return {
    name,
    summary,
    description: `At most ${maxBytes} bytes.`,
    contentType: 'application/json',
    payload: JSON.parse(JSON.stringify(schema)) as JsonObject,
    examples: examples.map((payload) => ({ payload })),
  };
}
