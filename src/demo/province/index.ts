export { generateDemo } from './generate.js';
export * from './types.js';
