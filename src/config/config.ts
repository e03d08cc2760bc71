import path from 'node:path';
import { bool, cleanEnv, makeValidator, num, port, str, type ValidatorSpec } from 'envalid';

export type Role = 'all' | 'api' | 'worker';

/** Everything the process is told from outside, validated once and frozen. Nothing else reads the environment. */
export interface Config {
  role: Role;
  host: string;
  port: number;
  mqttPort: number;
  /** Where the embedded database, media files and the log live. */
  dataDir: string;
  mediaDir: string;
  /** Undefined: the embedded PostgreSQL is started. */
  databaseUrl?: string;
  databasePoolSize: number;
  /** Undefined: the embedded broker is started. */
  mqttUrl?: string;
  mqttUsername: string;
  mqttPassword?: string;
  /** 5 with an external broker that has shared subscriptions; the embedded one speaks 3.1.1 (4). */
  mqttProtocol: 4 | 5;
  /** Where a Mosquitto's password and ACL files are kept up to date; undefined: nowhere. */
  mosquittoDir?: string;
  /** The private keys by which emergencies are signed (PEM); made when it is not there. One file for all processes. */
  emergencyKeyFile: string;
  /** The address under which clusters fetch media. */
  publicUrl: string;
  /** Addresses of reverse proxies whose `X-Forwarded-For` is believed; undefined: nobody's. */
  trustProxy?: string;
  adminPassword?: string;
  /** Load the synthetic demo province into an empty embedded database and simulate its clusters. */
  demo: boolean;
  logLevel: string;
  /** A file, or undefined for standard output. */
  logFile?: string;
  mediaMaxBytes: number;
  /** Integrated loudness that renditions are brought to. */
  renditionLufs: number;
  /** Webhooks may be sent to loopback and private networks, also over http. */
  webhooksAllowPrivate: boolean;
}

/** The environment holds values that cannot be used; `problems` has one line for each variable. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`Configuration is not usable: ${problems.join('; ')}`);
  }
}

const mqttUrl = makeValidator<string>((value) => {
  if (!/^(mqtts?|wss?):\/\/[^/]+/.test(value))
    throw new Error('expected mqtt://host:port or mqtts://host:port');
  return value;
});
const databaseUrl = makeValidator<string>((value) => {
  if (!/^postgres(ql)?:\/\/[^/]+\/.+/.test(value))
    throw new Error('expected postgresql://user:password@host:port/database');
  return value;
});
const httpUrl = makeValidator<string>((value) => {
  if (!/^https?:\/\/[^/]+/.test(value)) throw new Error('expected http://host:port or https://host');
  return value.replace(/\/+$/, '');
});
const onOff = makeValidator<boolean>((value) => {
  const word = String(value).toLowerCase();
  if (['on', 'true', '1', 'yes'].includes(word)) return true;
  if (['off', 'false', '0', 'no'].includes(word)) return false;
  throw new Error('expected on or off');
});
const password = makeValidator<string>((value) => {
  if (value.length < 12) throw new Error('expected at least 12 characters');
  return value;
});
/** envalid's optional values are `undefined` by default; this keeps that readable below. */
const optional = <T>(spec: (o: { default: undefined }) => ValidatorSpec<T | undefined>) =>
  spec({ default: undefined });

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const values = cleanEnv(
    env,
    {
      ROLE: str({ choices: ['all', 'api', 'worker'], default: 'all' }),
      HOST: str({ default: '127.0.0.1' }),
      PORT: port({ default: 3000 }),
      MQTT_PORT: port({ default: 1883 }),
      DATA_DIR: str({ default: './data' }),
      MEDIA_DIR: optional(str),
      DATABASE_URL: optional(databaseUrl),
      DATABASE_POOL_SIZE: num({ default: 10 }),
      MQTT_URL: optional(mqttUrl),
      MQTT_USERNAME: str({ default: 'server' }),
      MQTT_PASSWORD: optional(str),
      MQTT_SHARED: bool({ default: true }),
      MOSQUITTO_DIR: optional(str),
      EMERGENCY_KEY_FILE: optional(str),
      PUBLIC_URL: optional(httpUrl),
      TRUST_PROXY: optional(str),
      ADMIN_PASSWORD: optional(password),
      DEMO: optional(onOff),
      LOG_LEVEL: str({
        choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        default: 'info',
      }),
      LOG_FILE: optional(str),
      MEDIA_MAX_BYTES: num({ default: 100 * 1024 * 1024 }),
      RENDITION_LUFS: num({ default: -18 }),
      WEBHOOKS_ALLOW_PRIVATE: bool({ default: false }),
    },
    {
      reporter: ({ errors }) => {
        for (const [name, error] of Object.entries(errors))
          problems.push(`${name}: ${error?.message ?? 'not usable'}`);
      },
    },
  );
  if (problems.length === 0) {
    if (!Number.isInteger(values.DATABASE_POOL_SIZE) || values.DATABASE_POOL_SIZE < 2)
      problems.push('DATABASE_POOL_SIZE: expected a whole number of at least 2');
    if (!Number.isInteger(values.MEDIA_MAX_BYTES) || values.MEDIA_MAX_BYTES < 1024)
      problems.push('MEDIA_MAX_BYTES: expected a whole number of at least 1024');
    if (!(values.RENDITION_LUFS >= -23 && values.RENDITION_LUFS <= -16))
      problems.push('RENDITION_LUFS: expected a number from -23 to -16');
    if (values.ROLE !== 'all' && (!values.DATABASE_URL || !values.MQTT_URL))
      problems.push(
        `ROLE: ${values.ROLE} needs DATABASE_URL and MQTT_URL, because the embedded ones live in one process`,
      );
    if (values.MOSQUITTO_DIR && !values.MQTT_PASSWORD)
      problems.push(
        'MOSQUITTO_DIR: needs MQTT_PASSWORD, the password that the server itself has on that broker',
      );
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const dataDir = path.resolve(values.DATA_DIR);
  const embedded = !values.DATABASE_URL;
  return Object.freeze<Config>({
    role: values.ROLE,
    host: values.HOST,
    port: values.PORT,
    mqttPort: values.MQTT_PORT,
    dataDir,
    mediaDir: path.resolve(values.MEDIA_DIR ?? path.join(dataDir, 'media')),
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    mqttUrl: values.MQTT_URL,
    mqttUsername: values.MQTT_USERNAME,
    mqttPassword: values.MQTT_PASSWORD,
    mqttProtocol: values.MQTT_URL && values.MQTT_SHARED ? 5 : 4,
    mosquittoDir: values.MOSQUITTO_DIR && path.resolve(values.MOSQUITTO_DIR),
    emergencyKeyFile: path.resolve(values.EMERGENCY_KEY_FILE ?? path.join(dataDir, 'emergency-key.pem')),
    publicUrl: values.PUBLIC_URL ?? `http://${urlHost(values.HOST)}:${values.PORT}`,
    trustProxy: values.TRUST_PROXY,
    adminPassword: values.ADMIN_PASSWORD,
    demo: values.DEMO ?? embedded,
    logLevel: values.LOG_LEVEL,
    logFile: values.LOG_FILE ?? (embedded ? path.join(dataDir, 'phu-song.log') : undefined),
    mediaMaxBytes: values.MEDIA_MAX_BYTES,
    renditionLufs: values.RENDITION_LUFS,
    webhooksAllowPrivate: values.WEBHOOKS_ALLOW_PRIVATE,
  });
}

/** An address to listen on is not always one to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
