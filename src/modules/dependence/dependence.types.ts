import type { ServersRun } from '../coverage/index.js';
import type { Fate, Reason } from './domain/dependence.js';

/** What is down: the union of what is named. */
export interface Outage {
  /** Codes of sites. A site is a mast: all networks on it are down. */
  sites?: readonly string[];
  /** Code of an operator whose whole network is down. */
  operator?: string;
  /** Sites that lose their backhaul, or their power, together. */
  backhaulGroup?: string;
  powerGroup?: string;
}

/** A cluster's way to the network. */
export interface UplinkView {
  clusterId: string;
  name: string;
  areaCode: string;
  areaName: string;
  lon: number;
  lat: number;
  kind: string | null;
  operator: string | null;
  /** As the register has it. */
  siteCode: string | null;
  /** Predicted, the best first; null where there is no prediction, or none is needed. */
  servers: { siteCode: string; levelDbm: number; distanceM: number }[] | null;
  /** It hangs on one site alone. Null: unknown. */
  singleSite: boolean | null;
}

export interface ClusterFate {
  clusterId: string;
  name: string;
  areaCode: string;
  areaName: string;
  fate: Fate;
  reason: Reason;
  messageEn: string;
  messageVi: string;
  failedSites: string[];
  nextSite: string | null;
}

export interface OutageAnswer {
  /** Sites that are down, by code; those of a whole network are not listed. */
  sites: string[];
  operator: string | null;
  /** The coverage run that says which sites serve a cluster; null when there is none. */
  run: ServersRun | null;
  counts: Record<'clusters' | Fate, number>;
  /** Clusters that fall silent, then those that move, then those of which it cannot be said; each by id. */
  clusters: ClusterFate[];
}
