import { cost231Hata } from './cost231.js';
import { extendedHata } from './extended-hata.js';
import { freeSpace } from './free-space.js';
import type { PropagationModel } from './model.js';
import { okumuraHata } from './okumura-hata.js';
import { rmaModel } from './rma.js';
import { umaModel } from './uma.js';

const MODELS: readonly PropagationModel[] = [
  freeSpace,
  okumuraHata,
  cost231Hata,
  extendedHata,
  rmaModel('blend'),
  rmaModel('nlos'),
  umaModel('blend'),
  umaModel('nlos'),
];

/** Ids that a run's parameters may name. */
export const MODEL_IDS = [
  'free-space',
  'okumura-hata',
  'cost231-hata',
  'extended-hata',
  '3gpp-38901-rma',
  '3gpp-38901-rma-nlos',
  '3gpp-38901-uma',
  '3gpp-38901-uma-nlos',
] as const;
export type ModelId = (typeof MODEL_IDS)[number];

/** The model of an id; undefined for an unknown one. */
export function findModel(id: string): PropagationModel | undefined {
  return MODELS.find((model) => model.id === id);
}
