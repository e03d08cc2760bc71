export * from './amounts.js';
export * from './candidate-covers.js';
export * from './outage.js';
export * from './siting.js';
