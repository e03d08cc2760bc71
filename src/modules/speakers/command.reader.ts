/** Columns of a `CommandView`, from `commands m`. */
export const COMMAND_COLUMNS = `m.id, m.cluster_id as "clusterId", m.type, m.payload, m.state,
  m.created_at as "createdAt", m.not_after as "notAfter", m.sent_at as "sentAt", m.accepted_at as "acceptedAt",
  m.started_at as "startedAt", m.ended_at as "endedAt", m.code, m.reason, m.result, m.correlation_id as "correlationId"`;
