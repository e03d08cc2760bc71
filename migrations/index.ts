import { Foundation1764000000000 } from './1764000000000-foundation.js';
import { Identity1764000000050 } from './1764000000050-identity.js';
import { Audit1764000000060 } from './1764000000060-audit.js';
import { Areas1764000000100 } from './1764000000100-areas.js';
import { Sites1764000000300 } from './1764000000300-sites.js';
import { Fibre1764000000400 } from './1764000000400-fibre.js';
import { Coverage1764000000450 } from './1764000000450-coverage.js';
import { Speakers1764000000500 } from './1764000000500-speakers.js';
import { Media1764000000600 } from './1764000000600-media.js';
import { Broadcasts1764000000700 } from './1764000000700-broadcasts.js';
import { Exchange1764000000800 } from './1764000000800-exchange.js';
import { History1764000000810 } from './1764000000810-history.js';
import { SitesLifecycle1764000000820 } from './1764000000820-sites-lifecycle.js';
import { Webhooks1764000000830 } from './1764000000830-webhooks.js';
import { Idempotency1764000000840 } from './1764000000840-idempotency.js';
import { OpenData1764000000900 } from './1764000000900-open-data.js';
import { FibreQuarters1764000000850 } from './1764000000850-fibre-quarters.js';
import { FibreTiers1764000000920 } from './1764000000920-fibre-tiers.js';
import { Hamlets1764000000910 } from './1764000000910-hamlets.js';
import { SpeakerVersions1764000000940 } from './1764000000940-speaker-versions.js';
import { Attributes1764000000930 } from './1764000000930-attributes.js';
import { AttributesOfHamlets1764000000935 } from './1764000000935-attributes-of-hamlets.js';
import { AttributesOfClustersAreasFibre1764000000936 } from './1764000000936-attributes-of-clusters-areas-fibre.js';
import { LimitsOfDates1764000000937 } from './1764000000937-limits-of-dates.js';
import { Reach1764000000950 } from './1764000000950-reach.js';
import { ReachSettings1764000000955 } from './1764000000955-reach-settings.js';
import { CoverageAnswers1764000000960 } from './1764000000960-coverage-answers.js';
import { CoverageSettings1764000000970 } from './1764000000970-coverage-settings.js';
import { PopulationSources1764000000975 } from './1764000000975-population-sources.js';
import { GridSources1764000000980 } from './1764000000980-grid-sources.js';
import { Programmes1764000001010 } from './1764000001010-programmes.js';
import { Renditions1764000001020 } from './1764000001020-renditions.js';
import { Emergencies1764000001030 } from './1764000001030-emergencies.js';
import { Reports1764000001040 } from './1764000001040-reports.js';
import { Overruns1764000001140 } from './1764000001140-overruns.js';
import { AreaOrders1764000001160 } from './1764000001160-area-orders.js';
import { LeanDeliveries1764000001150 } from './1764000001150-lean-deliveries.js';

/** In the order in which they run. */
export const migrations = [
  Foundation1764000000000,
  Identity1764000000050,
  Audit1764000000060,
  Areas1764000000100,
  Sites1764000000300,
  Fibre1764000000400,
  Coverage1764000000450,
  Speakers1764000000500,
  Media1764000000600,
  Broadcasts1764000000700,
  Exchange1764000000800,
  History1764000000810,
  SitesLifecycle1764000000820,
  Webhooks1764000000830,
  Idempotency1764000000840,
  OpenData1764000000900,
  FibreQuarters1764000000850,
  Hamlets1764000000910,
  FibreTiers1764000000920,
  SpeakerVersions1764000000940,
  Attributes1764000000930,
  AttributesOfHamlets1764000000935,
  AttributesOfClustersAreasFibre1764000000936,
  LimitsOfDates1764000000937,
  Reach1764000000950,
  ReachSettings1764000000955,
  CoverageAnswers1764000000960,
  CoverageSettings1764000000970,
  PopulationSources1764000000975,
  GridSources1764000000980,
  Programmes1764000001010,
  Renditions1764000001020,
  Emergencies1764000001030,
  Reports1764000001040,
  Overruns1764000001140,
  LeanDeliveries1764000001150,
  AreaOrders1764000001160,
];
