export { type DemoFacts, loadFacts } from './facts.js';
export { generateDemo } from './generate.js';
export * from './types.js';
