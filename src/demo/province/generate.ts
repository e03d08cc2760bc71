import { demoAreas, PROVINCE } from './areas.js';
import { type DemoFacts, loadFacts } from './facts.js';
import { demoFibre } from './fibre.js';
import { demoHamlets } from './hamlets.js';
import { groundOf } from './placement.js';
import { demoSites } from './sites.js';
import { demoSpeakers } from './speakers.js';
import { type DemoProvince, SYNTHETIC } from './types.js';

/**
 * The synthetic demo province: Hậu Giang's units, names and totals are facts, everything else is made up. The same seed and facts
 * give the same province. Sites, clusters and fibre refer to the communes before 2025-07-01.
 */
export function generateDemo(seed: number, facts: DemoFacts = loadFacts()): DemoProvince {
  const areas = demoAreas(seed, facts);
  const communes = areas.filter((area) => area.kind === 'commune' && area.validTo !== null);
  const grounds = facts.communes.map((fact) => {
    const ring = communes.find((area) => area.code === fact.code)?.boundary?.coordinates[0]?.[0];
    if (!ring) throw new Error(`no boundary for ${fact.code}`);
    return groundOf(fact, ring);
  });
  return {
    source: SYNTHETIC,
    seed,
    provinceCode: PROVINCE.code,
    name: `${PROVINCE.type} ${PROVINCE.name}`,
    areas,
    hamlets: demoHamlets(seed, grounds, communes),
    operators: facts.operators.map(({ code, name, brand }) => ({ code, name, brand, source: SYNTHETIC })),
    sites: demoSites(seed, facts, grounds),
    fibre: demoFibre(seed, facts, communes),
    ...demoSpeakers(seed, facts, grounds),
  };
}
