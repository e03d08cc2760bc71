import { Desk } from './desk.js';
import { FailedSitesReader } from './failed-sites.reader.js';
import { OutageConsequences } from './outage-consequences.js';
import { PlanningNetworks } from './planning-network.js';
import { PlanningUnitsReader } from './planning-units.reader.js';
import { PlanningService } from './planning.service.js';

/** What the module of coverage needs for the questions of planners. */
export const PLANNING_PROVIDERS = [
  { provide: Desk, useFactory: () => new Desk() },
  FailedSitesReader,
  OutageConsequences,
  PlanningNetworks,
  PlanningUnitsReader,
  PlanningService,
];
