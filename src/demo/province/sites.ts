import { cellsOf } from './cells.js';
import { type DemoFacts, type OperatorFact } from './facts.js';
import { type Point, distance, toPlane } from './plane.js';
import { type Ground, type Spot, nearestKm, spotAt, spread } from './placement.js';
import { build, confidenceOf } from './masts.js';
import { randomStream } from './random.js';
import { type DemoSite, SYNTHETIC } from './types.js';

/** Own sites by operator: 1,070 in all, as the province counts its stations. The split is made up. */
const PLAN: Readonly<Record<string, { count: number; landShare: number }>> = {
  viettel: { count: 400, landShare: 0.4 },
  vnpt: { count: 300, landShare: 0.4 },
  mobifone: { count: 250, landShare: 0.45 },
  vietnamobile: { count: 120, landShare: 0.65 },
};
const MIN_SPACING_KM = 0.35;

/** The three 5G stations: who, near which place, how far from it (km east, north), in which district or commune. */
const STATIONS_5G = [
  { operatorCode: 'viettel', placeKey: 'kcn-song-hau', offset: [-0.35, 0.2], within: '31375' },
  { operatorCode: 'vnpt', placeKey: 'kcn-song-hau', offset: [0.4, -0.25], within: '31375' },
  { operatorCode: 'viettel', placeKey: 'vi-thanh', offset: [0, 0], within: '930' },
] as const;

/** Masts lent to others: the guest goes where its own network is thinnest. */
const GUESTS = [
  { operatorCode: 'vietnamobile', count: 70 },
  { operatorCode: 'mobifone', count: 45 },
  { operatorCode: 'vnpt', count: 25 },
] as const;

/** Sites of one operator that hang on one ring of fibre. */
const SITES_PER_RING = 14;

interface Placed {
  spot: Spot;
  operator: OperatorFact;
  with5g: boolean;
  guests: string[];
}

function stations5g(operatorCode: string, facts: DemoFacts, grounds: readonly Ground[]): Spot[] {
  return STATIONS_5G.filter((station) => station.operatorCode === operatorCode).map(
    ({ placeKey, offset, within }) => {
      const place = facts.places.find(({ key }) => key === placeKey);
      if (!place) throw new Error(`the demo facts lack the place ${placeKey}`);
      const [x, y] = toPlane(place.lon, place.lat);
      for (const ground of grounds) {
        if (ground.fact.code !== within && ground.fact.districtCode !== within) continue;
        const spot = spotAt(ground, [x + offset[0], y + offset[1]]);
        if (spot) return spot;
      }
      throw new Error(`the place ${placeKey} is not in ${within}`);
    },
  );
}

function lendMasts(placed: readonly Placed[]): void {
  for (const { operatorCode, count } of GUESTS) {
    const served = placed.filter((p) => p.operator.code === operatorCode).map((p) => p.spot);
    const hosts = placed
      .filter((p) => p.operator.code !== operatorCode && p.guests.length === 0 && !p.with5g)
      .map((host) => ({ host, room: nearestKm(host.spot.at, served) }));
    for (let n = 0; n < count; n++) {
      const widest = hosts.reduce((a, b) => (b.room > a.room ? b : a));
      widest.host.guests.push(operatorCode);
      for (const other of hosts)
        other.room = Math.min(other.room, distance(other.host.spot.at, widest.host.spot.at));
    }
  }
}

/** Ring numbers by place: hubs by farthest points, every site on the ring of the nearest hub. */
function rings(spots: readonly Spot[]): number[] {
  const hubs: { at: Point }[] = spots.slice(0, 1);
  while (hubs.length < Math.ceil(spots.length / SITES_PER_RING)) {
    hubs.push(spots.reduce((a, b) => (nearestKm(b.at, hubs) > nearestKm(a.at, hubs) ? b : a)));
  }
  return spots.map(({ at }) => {
    let nearest = 0;
    hubs.forEach((hub, i) => {
      if (distance(at, hub.at) < distance(at, hubs[nearest]?.at ?? at)) nearest = i;
    });
    return nearest + 1;
  });
}

const isoDate = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** The stations' register: masts, who is on them, what they depend on, and their cells. */
export function demoSites(seed: number, facts: DemoFacts, grounds: readonly Ground[]): DemoSite[] {
  const placed: Placed[] = facts.operators.flatMap((operator) => {
    const plan = PLAN[operator.code];
    if (!plan) throw new Error(`the demo has no plan for the operator ${operator.code}`);
    const fixed = stations5g(operator.code, facts, grounds);
    const options = { ...plan, minSpacingKm: MIN_SPACING_KM, fixed };
    const spots = spread(grounds, options, randomStream(seed, `sites/${operator.code}`));
    return spots.map((spot, i) => ({ spot, operator, with5g: i < fixed.length, guests: [] }));
  });
  lendMasts(placed);
  const districts = new Map(facts.districts.map((d) => [d.code, `${d.type} ${d.name}`]));
  const prefixes = new Map(facts.operators.map((o) => [o.code, o.sitePrefix]));
  const certificate = { next: 1 };

  return facts.operators.flatMap((operator) => {
    const own = placed.filter((p) => p.operator === operator);
    const ringOf = rings(own.map((p) => p.spot));
    const random = randomStream(seed, `masts/${operator.code}`);
    return own.map(({ spot, with5g, guests }, i): DemoSite => {
      const { fact } = spot.ground;
      const code = `HGI-${operator.sitePrefix}-${String(i + 1).padStart(4, '0')}`;
      const inTown = fact.type !== 'Xã' || with5g;
      const { antennaHeightM, ...structure } = build(inTown, random);
      const confidence = with5g ? 'confirmed' : confidenceOf(random);
      const certified = with5g || random.chance(0.93);
      const verified = confidence === 'confirmed';
      const backhaul = with5g || random.chance(inTown ? 0.97 : 0.88) ? 'fibre' : 'microwave';
      const tenantCodes = [operator.code, ...guests];
      const firstAzimuthDeg = 10 * random.whole(0, 11);
      const cells = tenantCodes.flatMap((operatorCode, tenant) =>
        cellsOf(
          {
            operatorCode,
            codePrefix: `${code}-${prefixes.get(operatorCode) ?? operatorCode}`,
            firstAzimuthDeg: (firstAzimuthDeg + 20 * tenant) % 360,
            antennaHeightM: Math.max(8, antennaHeightM - 4 * tenant),
            confidence,
            inTown,
          },
          with5g,
          random,
        ),
      );
      return {
        code,
        name: `Trạm ${operator.brand} ${fact.type.toLowerCase()} ${fact.name} ${i + 1}`,
        lat: spot.lat,
        lon: spot.lon,
        communeCode: fact.code,
        address: `${fact.type} ${fact.name}, ${districts.get(fact.districtCode) ?? ''}, Hậu Giang`,
        ...structure,
        ownerCode: operator.code,
        tenantCodes,
        power: with5g || random.chance(inTown ? 0.5 : 0.2) ? 'grid_three_phase' : 'grid_single_phase',
        hasGenerator: random.chance(0.3),
        backupHours: confidence === 'estimated' ? null : random.pick([2, 4, 4, 6, 8]),
        backhaul,
        backhaulCapacityMbps: backhaul === 'microwave' ? random.pick([200, 400]) : with5g ? 10_000 : 1000,
        backhaulGroup: `${operator.sitePrefix}-RING-${String(ringOf[i]).padStart(2, '0')}`,
        powerGroup: `PWR-${fact.unit2025}`,
        lifecycle: 'active',
        certificateNumber: certified ? `DEMO-KD-${String(certificate.next++).padStart(5, '0')}` : null,
        certificateExpiresOn: certified
          ? isoDate(random.whole(2025, 2029), random.whole(1, 12), random.whole(1, 28))
          : null,
        confidence,
        lastVerifiedOn: verified
          ? isoDate(random.whole(2023, 2024), random.whole(1, 12), random.whole(1, 28))
          : null,
        assumedFields: [
          ...(confidence === 'estimated' ? ['structureHeightM', 'backupHours', 'power'] : []),
          ...(confidence === 'inferred' ? ['structureHeightM'] : []),
        ],
        cells,
        source: SYNTHETIC,
      };
    });
  });
}
