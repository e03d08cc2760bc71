import type { OnInterrupt, OnOverrun } from '../../contract/index.js';
import type { AnnouncementTarget } from '../broadcasts/index.js';
import type { RenditionItem } from '../media/index.js';
import type { ProgrammeState } from './domain/life-cycle.js';
import type { Schedule } from './domain/schedule.js';

export const PROGRAMME_CLASSES = ['NORMAL', 'PRIORITY'] as const;
export type ProgrammeClass = (typeof PROGRAMME_CLASSES)[number];

/** Who wrote some of a programme. */
export interface Author {
  kind: 'user' | 'api-key' | 'device';
  id: string;
  name: string;
}

/** What somebody writes; `null` is not said yet. */
export interface ProgrammeContent {
  title: string;
  class: ProgrammeClass;
  target: AnnouncementTarget | null;
  /** Heard one after another. */
  items: RenditionItem[];
  /** Null: each cluster's own. */
  volumePercent: number | null;
  onInterrupt: OnInterrupt;
  onOverrun: OnOverrun;
  schedule: Schedule | null;
}

/** A row of `programmes`. */
export interface Programme extends ProgrammeContent {
  id: string;
  state: ProgrammeState;
  isTemplate: boolean;
  /** The unit whose programme it is: nothing outside of it is addressed. */
  areaId: string;
  areaCode: string;
  areaName: string;
  /** The one audio file made of its items when it was submitted. */
  renditionSha256: string | null;
  /** Of that file. */
  durationS: number | null;
  /** SHA-256 over everything that is played, as submitted. */
  contentHash: string | null;
  approvedHash: string | null;
  version: number;
  copiedFrom: string | null;
  authors: Author[];
  createdBy: string;
  createdAt: Date;
  updatedBy: string;
  updatedAt: Date;
  submittedBy: string | null;
  submittedAt: Date | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  /** Why it was rejected or cancelled. */
  reason: string | null;
}

export const OCCURRENCE_STATES = ['PLANNED', 'REFUSED', 'WITHDRAWN', 'MISSED'] as const;
export type OccurrenceState = (typeof OCCURRENCE_STATES)[number];

/** A row of `programme_occurrences`: what became of one occurrence, once somebody has looked at it. */
export interface ProgrammeOccurrence {
  programmeId: string;
  /** Local date and time as its rule gives it, not moved: `YYYY-MM-DDTHH:mm:ss`. */
  recurrenceId: string;
  startsAt: Date;
  broadcastId: string | null;
  state: OccurrenceState;
  code: string | null;
  reasonEn: string | null;
  reasonVi: string | null;
  changedAt: Date;
}
