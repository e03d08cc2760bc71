import { makeTemplate } from './database.js';
import { startRun } from './template.js';

export default async function setUp(): Promise<void> {
  startRun();
  await makeTemplate();
}
