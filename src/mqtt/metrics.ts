import { Counter, Gauge } from 'prom-client';

export const published = new Counter({
  name: 'phusong_mqtt_published_total',
  help: 'Messages that the broker has confirmed, by kind of topic',
  labelNames: ['kind'],
});
export const neverSent = new Counter({
  name: 'phusong_mqtt_never_sent_total',
  help: 'Messages that were not sent: too late, or broken',
  labelNames: ['why'],
});
export const received = new Counter({
  name: 'phusong_mqtt_received_total',
  help: 'Messages taken from the broker, by kind of topic',
  labelNames: ['kind'],
});
export const deadLetters = new Counter({
  name: 'phusong_mqtt_dead_letters_total',
  help: 'Messages that could not be used, by reason',
  labelNames: ['code'],
});
export const unknownAcks = new Counter({
  name: 'phusong_mqtt_unknown_acks_total',
  help: 'Acks of commands that are not on record: confirmations of logs, and commands of a lost database',
});
export const inboundWaiting = new Gauge({
  name: 'phusong_mqtt_inbound_waiting',
  help: 'Messages taken from the broker and not yet handled',
});
export const connected = new Gauge({
  name: 'phusong_mqtt_connected',
  help: '1 while there is a connection to the broker',
});
