/** Whether a filter may mean more than one topic. A character of a wildcard may stand nowhere else (MQTT 3.1.1, 4.7.1). */
export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#');
}

/** MQTT 3.1.1, 4.7: `+` is one level, `#` the level above and all below; neither stands for a first level with `$`. */
export function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && hasWildcard(wanted[0] ?? '')) return false;
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
