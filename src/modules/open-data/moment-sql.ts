import type { Bind } from './sources.js';

/** An expression that is a day (`date`) or an instant (`time`). */
export interface TimeExpression {
  sql: string;
  type: 'date' | 'time';
}

/** A day is taken as the whole day in UTC, an instant as it is. */
export type Moment = { date: string } | { timestamp: string };

const instantOf = ({ sql, type }: TimeExpression) =>
  type === 'time' ? sql : `(${sql}::timestamp at time zone 'UTC')`;

/** Condition that the expression lies after all of the moment. */
export function afterSql(expression: TimeExpression, moment: Moment, bind: Bind): string {
  if ('timestamp' in moment) return `${instantOf(expression)} > ${bind(moment.timestamp)}::timestamptz`;
  if (expression.type === 'date') return `${expression.sql} > ${bind(moment.date)}::date`;
  return `${expression.sql} >= ((${bind(moment.date)}::date + 1)::timestamp at time zone 'UTC')`;
}

/** Condition that the expression lies before all of the moment. */
export function beforeSql(expression: TimeExpression, moment: Moment, bind: Bind): string {
  if ('timestamp' in moment) return `${instantOf(expression)} < ${bind(moment.timestamp)}::timestamptz`;
  if (expression.type === 'date') return `${expression.sql} < ${bind(moment.date)}::date`;
  return `${expression.sql} < (${bind(moment.date)}::date::timestamp at time zone 'UTC')`;
}
