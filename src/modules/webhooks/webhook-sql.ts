/** Everything of a webhook but its secret. */
export const WEBHOOK_COLUMNS = `id, name, url, resources, active, note, failures, retry_at as "retryAt",
  created_at as "createdAt"`;
