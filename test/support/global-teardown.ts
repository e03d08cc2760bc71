import { dropTemplate } from './database.js';

export default async function tearDown(): Promise<void> {
  await dropTemplate();
}
