import type { Group, Severity } from './domain/findings.js';
import type { Mapping } from './domain/sheet.js';
import type { ImportActor } from './importers/importer.js';

export const RESOURCES = ['sites', 'cells', 'clusters', 'loudspeakers', 'hamlets', 'areas', 'fibre'] as const;
export type Resource = (typeof RESOURCES)[number];

export const IMPORT_MODES = ['dry-run', 'apply'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

export const ON_ERRORS = ['refuse', 'valid-rows'] as const;
export type OnErrors = (typeof ON_ERRORS)[number];

export const IMPORT_STATES = [
  'queued',
  'checking',
  'applying',
  'checked',
  'refused',
  'applied',
  'failed',
  'cancelled',
  'undone',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface CodeCount {
  group: Group;
  severity: Severity;
  code: string;
  count: number;
}

export interface ImportCounts {
  rows: number;
  /** Rows that cannot be stored. */
  badRows: number;
  created: number;
  updated: number;
  unchanged: number;
  findings: CodeCount[];
}

export interface ImportError {
  code: string;
  message: string;
  messageVi: string;
}

export interface NewImport {
  resource: Resource;
  sourceName: string;
  fileName: string;
  fileBytes: number;
  sheetName: string | null;
  mode: ImportMode;
  onErrors: OnErrors;
  mapping: Mapping;
  actor: ImportActor;
}

export interface ImportRun extends NewImport {
  id: string;
  state: ImportState;
  jobId: string | null;
  headings: string[];
  counts: Partial<ImportCounts>;
  error: ImportError | null;
  progress: number;
  progressNote: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}
