/** A site that serves a cluster's place with its operator's 4G, the best first. */
export interface Server {
  siteCode: string;
  levelDbm: number;
}

/** How a cluster reaches the network, as far as anybody knows. */
export interface ClusterUplink {
  clusterId: string;
  kind: string | null;
  /** Code of the operator; null when unknown or none of the register. */
  operator: string | null;
  /** The site that the register says it depends on; stands before any prediction. */
  siteCode: string | null;
  /** Predicted; null where there is no prediction. */
  servers: readonly Server[] | null;
}

/** What has failed. */
export interface Failure {
  siteCodes: ReadonlySet<string>;
  /** Networks that are down as a whole. */
  operators: ReadonlySet<string>;
}

/** silent: it falls silent; moves: another site takes it over; unknown: it cannot be said; unaffected: nothing changes. */
export const FATES = ['silent', 'moves', 'unknown', 'unaffected'] as const;
export type Fate = (typeof FATES)[number];

export const REASONS = {
  OPERATOR: {
    en: 'The whole network of its operator is down.',
    vi: 'Toàn bộ mạng của nhà mạng mà cụm loa dùng bị mất.',
  },
  REPORTED_SITE: {
    en: 'The register says that it depends on this site.',
    vi: 'Theo hồ sơ, cụm loa phụ thuộc trạm này.',
  },
  ALL_SERVING_SITES: {
    en: 'All sites of its operator that reach it with 4G are down.',
    vi: 'Mọi trạm 4G của nhà mạng phủ tới cụm loa đều bị mất.',
  },
  BEST_SITE: {
    en: 'Its best site is down; another one of its operator reaches it.',
    vi: 'Trạm tốt nhất bị mất; còn trạm khác của nhà mạng phủ tới.',
  },
  OTHER_SITES: { en: 'It does not depend on what is down.', vi: 'Không phụ thuộc phần bị mất.' },
  FIBRE: {
    en: 'It is connected by fibre, not over mobile sites.',
    vi: 'Kết nối bằng cáp quang, không qua trạm di động.',
  },
  UPLINK_UNKNOWN: { en: 'Nobody has said how it is connected.', vi: 'Không rõ cụm loa kết nối bằng gì.' },
  OPERATOR_UNKNOWN: { en: 'Its mobile operator is unknown.', vi: 'Không rõ nhà mạng di động của cụm loa.' },
  NO_PREDICTION: {
    en: 'No coverage run says which sites serve its place.',
    vi: 'Chưa có lần tính vùng phủ nào cho biết trạm phục vụ vị trí này.',
  },
  NOT_SERVED: {
    en: 'By the coverage run no site of its operator reaches it.',
    vi: 'Theo lần tính vùng phủ, không trạm nào của nhà mạng phủ tới cụm loa.',
  },
} as const;
export type Reason = keyof typeof REASONS;

export interface Verdict {
  fate: Fate;
  reason: Reason;
  /** Sites on which it hangs and that have failed. */
  failedSites: string[];
  /** Site that takes it over. */
  nextSite: string | null;
}

/** What becomes of a cluster. What is reported counts before what is predicted, and what is unknown is said to be. */
export function verdictOf(uplink: ClusterUplink, failure: Failure): Verdict {
  const { kind, operator, siteCode, servers } = uplink;
  const verdict = (
    fate: Fate,
    reason: Reason,
    failedSites: string[] = [],
    nextSite: string | null = null,
  ) => ({
    fate,
    reason,
    failedSites,
    nextSite,
  });
  const mobile = kind === '4G';
  if (mobile && operator !== null && failure.operators.has(operator)) return verdict('silent', 'OPERATOR');
  if (siteCode !== null)
    return failure.siteCodes.has(siteCode)
      ? verdict('silent', 'REPORTED_SITE', [siteCode])
      : verdict('unaffected', 'OTHER_SITES');
  if (kind === null) return verdict('unknown', 'UPLINK_UNKNOWN');
  if (!mobile) return verdict('unaffected', 'FIBRE');
  if (operator === null) return verdict('unknown', 'OPERATOR_UNKNOWN');
  // A network as a whole has failed, and it is another one: no prediction is needed.
  if (failure.siteCodes.size === 0) return verdict('unaffected', 'OTHER_SITES');
  if (servers === null) return verdict('unknown', 'NO_PREDICTION');
  if (servers.length === 0) return verdict('unknown', 'NOT_SERVED');
  const failed = servers.map((server) => server.siteCode).filter((code) => failure.siteCodes.has(code));
  const next = servers.find((server) => !failure.siteCodes.has(server.siteCode));
  if (!next) return verdict('silent', 'ALL_SERVING_SITES', failed);
  return failed.includes(servers[0]?.siteCode as string)
    ? verdict('moves', 'BEST_SITE', failed, next.siteCode)
    : verdict('unaffected', 'OTHER_SITES', failed);
}
