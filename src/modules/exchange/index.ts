export { ExchangeModule } from './exchange.module.js';
export { csvOf } from './export/csv.js';
export type { Row } from './export/exporter.js';
export { MEDIA_TYPES } from './export/exports.service.js';
export { xlsxOf } from './export/xlsx.js';
export type { Field } from './domain/sheet.js';
