import type { BroadcastClass, OnInterrupt, OnOverrun } from '../../contract/index.js';
import type { DeliveryState } from './domain/delivery-state.js';

/** Whom an announcement is for: everybody, or the union of what is named. */
export interface AnnouncementTarget {
  /** Every cluster in service; for who has a jurisdiction, every one in it. */
  all?: boolean;
  clusterIds?: string[];
  groupIds?: string[];
  /** Administrative units by code or id; each stands for all below it. */
  areas?: string[];
}

/** What is asked for. */
export interface Announcement {
  title: string;
  /** The audio file, by its hash. */
  sha256: string;
  target: AnnouncementTarget;
  /** NORMAL unless said. EMERGENCY needs its own permission and a reason. */
  class?: BroadcastClass;
  /** The clusters' own volume unless said; a cluster's cap holds for all but EMERGENCY. */
  volumePercent?: number | null;
  /** How often it is played in a row; once unless said. */
  repeat?: number;
  /** At once unless said. */
  startAt?: Date | null;
  /** RESUME unless said. */
  onInterrupt?: OnInterrupt;
  /** FINISH unless said. */
  onOverrun?: OnOverrun;
  /** Why; goes into the audit trail. */
  reason?: string | null;
}

/** Who approved what is announced, and when. */
export interface Approval {
  by: string;
  at: Date;
}

/** PLANNED: its time has not come. RUNNING: something is still expected. DONE: nothing is. STOPPED: by order. */
export const BROADCAST_STATES = ['PLANNED', 'RUNNING', 'DONE', 'STOPPED'] as const;
export type BroadcastState = (typeof BROADCAST_STATES)[number];

/** What the clusters themselves have said so far. */
export interface DeliveryCounts {
  total: number;
  byState: Record<DeliveryState, number>;
  /** Took the order (or play) up, by their own word. */
  accepted: number;
  /** Began to play, by their own word. */
  started: number;
  /** Heard to the end, by their own word. */
  finished: number;
  /** Nothing more is expected of them. */
  settled: number;
  /** By the clusters' clocks. */
  firstStartedAt: Date | null;
  lastFinishedAt: Date | null;
}

export interface BroadcastView {
  id: string;
  title: string;
  class: BroadcastClass;
  sha256: string;
  /** Of the file, once. */
  durationS: number;
  repeat: number;
  volumePercent: number | null;
  onInterrupt: OnInterrupt;
  onOverrun: OnOverrun;
  startAt: Date | null;
  target: AnnouncementTarget;
  reason: string | null;
  state: BroadcastState;
  createdAt: Date;
  createdBy: string;
  /** Null for what nobody had to approve. */
  approvedAt: Date | null;
  approvedBy: string | null;
  stoppedAt: Date | null;
  stoppedBy: string | null;
  settledAt: Date | null;
  correlationId: string | null;
  counts: DeliveryCounts;
}

type Stored<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

/** A broadcast that was kept as JSON. */
export function storedView(json: unknown): BroadcastView {
  const stored = json as Stored<Omit<BroadcastView, 'counts'>> & { counts: Stored<DeliveryCounts> };
  const date = (text: string | null | undefined) => (text ? new Date(text) : null);
  const { counts } = stored;
  return {
    ...stored,
    startAt: date(stored.startAt),
    createdAt: new Date(stored.createdAt),
    approvedAt: date(stored.approvedAt),
    stoppedAt: date(stored.stoppedAt),
    settledAt: date(stored.settledAt),
    counts: {
      ...counts,
      firstStartedAt: date(counts.firstStartedAt),
      lastFinishedAt: date(counts.lastFinishedAt),
    },
  };
}

export interface DeliveryView {
  playId: string;
  occurrenceId: string;
  clusterId: string;
  clusterName: string;
  areaId: string;
  areaCode: string;
  areaName: string;
  state: DeliveryState;
  settled: boolean;
  plannedAt: Date;
  sentAt: Date | null;
  acceptedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  endedAt: Date | null;
  notAfter: Date;
  code: string | null;
  sha256Played: string | null;
  volumePercent: number | null;
  clockSynced: boolean | null;
  clockOffsetMs: number | null;
  lastWordAt: Date | null;
}
