/** What server and cluster share. A device maker needs nothing else (see the AsyncAPI document made from it). */
export * from './access.js';
export * from './asyncapi.js';
export * from './clock-trust.js';
export * from './foretell.js';
export * from './messages/index.js';
export * from './order.js';
export * from './overrun.js';
export * from './play-id.js';
export * from './quiet-hours.js';
export * from './signing.js';
export * from './topics.js';
export * from './validate.js';
