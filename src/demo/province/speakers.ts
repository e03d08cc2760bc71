import { type DemoFacts } from './facts.js';
import { type Ground, type Spot, drawSpot, nearestKm, spotAt } from './placement.js';
import { apportion, type RandomStream, randomStream } from './random.js';
import {
  type DemoCluster,
  type DemoHorn,
  type DemoPlainSpeakers,
  type DemoSpeakerGroup,
  SYNTHETIC,
} from './types.js';

const CLUSTERS = 120;
/** All loudspeakers of the province, horns of clusters included ("more than 3,500" published). */
const LOUDSPEAKERS = 3600;
const WIRED_SHARE = 0.55;

interface DemoSpeakers {
  clusters: DemoCluster[];
  plainSpeakers: DemoPlainSpeakers[];
  groups: DemoSpeakerGroup[];
}

/** The first stands at the commune's centre (for its committee's house), each other among the people, apart from the rest. */
function clusterSpots(ground: Ground, count: number, random: RandomStream): Spot[] {
  const spots = [spotAt(ground, ground.centre) ?? drawSpot(ground, 1, random)];
  while (spots.length < count) {
    const candidates = Array.from({ length: 4 }, () => drawSpot(ground, 0.85, random));
    spots.push(candidates.reduce((a, b) => (nearestKm(b.at, spots) > nearestKm(a.at, spots) ? b : a)));
  }
  return spots;
}

function horns(random: RandomStream): DemoHorn[] {
  const count = random.pick([2, 2, 3, 4]);
  const first = 10 * random.whole(0, 35);
  const powerW = random.pick([25, 30, 30, 50]);
  return Array.from({ length: count }, (_, i) => ({
    powerW,
    azimuthDeg: Math.round(first + (360 * i) / count) % 360,
  }));
}

function demoGroups(facts: DemoFacts, clusters: readonly DemoCluster[]): DemoSpeakerGroup[] {
  const communeOf = new Map(facts.communes.map((c) => [c.code, c]));
  const group = (
    code: string,
    name: string,
    kind: DemoSpeakerGroup['kind'],
    holds: (commune: DemoFacts['communes'][number]) => boolean,
  ): DemoSpeakerGroup => ({
    code,
    name,
    kind,
    clusterCodes: clusters
      .filter((cluster) => {
        const commune = communeOf.get(cluster.communeCode);
        return commune !== undefined && holds(commune);
      })
      .map((cluster) => cluster.code),
    source: SYNTHETIC,
  });
  return [
    ...facts.districts.map((d) =>
      group(`district-${d.code}`, `${d.type} ${d.name}`, 'district', (c) => c.districtCode === d.code),
    ),
    // Đông Phú, Mái Dầm and Phú Hữu hold the two phases of the park; Phú Tân lies on the river with them.
    group('kcn-song-hau', 'Khu công nghiệp Sông Hậu', 'theme', (c) =>
      ['31375', '31378', '31381'].includes(c.code),
    ),
    group('ven-song-hau', 'Ven sông Hậu', 'theme', (c) => ['31375', '31379', '31381'].includes(c.code)),
    group('do-thi', 'Phường và thị trấn', 'theme', (c) => c.type !== 'Xã'),
    // Salt water comes up from the west coast: Long Mỹ district and the western communes of Vị Thanh.
    group(
      'xam-nhap-man',
      'Vùng xâm nhập mặn',
      'theme',
      (c) => c.districtCode === '936' || ['31336', '31338', '31339'].includes(c.code),
    ),
  ];
}

/** 120 networked clusters (one at least in every commune, the others by population), plain loudspeakers, and groups. */
export function demoSpeakers(seed: number, facts: DemoFacts, grounds: readonly Ground[]): DemoSpeakers {
  const random = randomStream(seed, 'speakers');
  const people = grounds.map((g) => g.fact.population);
  const extra = apportion(CLUSTERS - grounds.length, people);
  const networks = facts.operators.filter((operator) => operator.fixedNetwork);

  const clusters = grounds.flatMap((ground, g) =>
    clusterSpots(ground, 1 + (extra[g] ?? 0), random).map((spot, i): DemoCluster => {
      const { code, type, name } = ground.fact;
      return {
        code: `hgi-${code}-${String(i + 1).padStart(2, '0')}`,
        name: `Cụm loa ${i + 1} ${type.toLowerCase()} ${name}`,
        lat: spot.lat,
        lon: spot.lon,
        communeCode: code,
        hornHeightM: random.whole(6, 12),
        horns: horns(random),
        uplink: random.chance(0.65) ? '4G' : 'fibre',
        uplinkOperatorCode: random.pick(networks).code,
        source: SYNTHETIC,
      };
    }),
  );
  const networked = clusters.reduce((sum, cluster) => sum + cluster.horns.length, 0);
  const plain = apportion(LOUDSPEAKERS - networked, people);
  const plainSpeakers = grounds.flatMap((ground, g): DemoPlainSpeakers[] => {
    const count = plain[g] ?? 0;
    const wired = Math.round(count * WIRED_SHARE);
    const communeCode = ground.fact.code;
    return [
      { communeCode, kind: 'wired', count: wired, source: SYNTHETIC },
      { communeCode, kind: 'fm', count: count - wired, source: SYNTHETIC },
    ];
  });
  return { clusters, plainSpeakers, groups: demoGroups(facts, clusters) };
}
