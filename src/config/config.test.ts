import { ConfigError, loadConfig } from './config.js';

test('defaults are the embedded laptop set-up', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    role: 'all',
    host: '127.0.0.1',
    port: 3000,
    mqttPort: 1883,
    demo: true,
    mqttProtocol: 4,
    publicUrl: 'http://127.0.0.1:3000',
  });
  expect(config.databaseUrl).toBeUndefined();
  expect(Object.isFrozen(config)).toBe(true);
});

test('real services switch the demo off and MQTT 5 on', () => {
  const config = loadConfig({
    DATABASE_URL: 'postgresql://a:b@h/db',
    MQTT_URL: 'mqtt://h:1883',
    HOST: '0.0.0.0',
  });
  expect(config).toMatchObject({ demo: false, mqttProtocol: 5, publicUrl: 'http://127.0.0.1:3000' });
  expect(config.logFile).toBeUndefined();
});

test('every bad variable is named at once', () => {
  const load = () =>
    loadConfig({ PORT: 'http', MQTT_URL: 'redis://x', ADMIN_PASSWORD: 'short', DEMO: 'maybe' });
  expect(load).toThrow(ConfigError);
  try {
    load();
  } catch (error) {
    expect((error as ConfigError).problems.map((p) => p.split(':')[0]).sort()).toEqual([
      'ADMIN_PASSWORD',
      'DEMO',
      'MQTT_URL',
      'PORT',
    ]);
  }
});

test('a split role without its services is refused', () => {
  expect(() => loadConfig({ ROLE: 'worker' })).toThrow(/ROLE: worker needs DATABASE_URL and MQTT_URL/);
});

test('files for Mosquitto need the password that goes into them', () => {
  expect(() => loadConfig({ MOSQUITTO_DIR: '/access' })).toThrow(/MOSQUITTO_DIR: needs MQTT_PASSWORD/);
  expect(loadConfig({ MOSQUITTO_DIR: '/access', MQTT_PASSWORD: 'x' }).mosquittoDir).toBe('/access');
});
