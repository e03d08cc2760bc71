export * from './ast.js';
export { isDate, isTimestamp } from './literals.js';
export { parseCql2Json } from './parse-json.js';
export { parseCql2Text } from './parse-text.js';
