import { finding, type Finding } from '../domain/findings.js';
import { type Columns, headingOf, type ParsedRow } from '../domain/sheet.js';
import { type FoundPlace, NEAR_M } from './places.reader.js';
import { atField } from './row-rules.js';
import { isSameUnit } from './unit-names.js';

/** What stands at a place, and what it is called in a sentence: "the site", "trạm". */
export interface Placed {
  row: ParsedRow;
  code: string;
  lon: number;
  lat: number;
  en: string;
  vi: string;
}

/** Whether a place can be right: in the province, in the commune that the row names, and the importer's to change. */
export function placeFindings(
  columns: Columns,
  { row, lon, lat, en, vi }: Placed,
  place: FoundPlace,
  wasInJurisdiction: boolean,
): Finding[] {
  const at = `${lat}, ${lon}`;
  const say = (field: string, code: string, saysEn: string, saysVi: string, value: unknown = at) =>
    atField(columns, row, field, { code, en: saysEn, vi: saysVi }, value);
  if (place.commune === null) {
    if (place.swapped !== null)
      return [
        say(
          'lat',
          'SWAPPED',
          `lat and lon look exchanged: exchanged, ${en} lies in ${place.swapped}`,
          `vĩ độ và kinh độ có vẻ bị đổi chỗ: nếu đổi lại, ${vi} nằm ở ${place.swapped}`,
        ),
      ];
    const onEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    return onEarth
      ? [say('lat', 'OUTSIDE', `${at} lies outside of the province`, `${at} nằm ngoài địa bàn tỉnh`)]
      : [];
  }
  const findings: Finding[] = [];
  if (!place.inJurisdiction || !wasInJurisdiction)
    findings.push(
      say(
        'lat',
        'JURISDICTION',
        `${en} lies outside of the area you are responsible for`,
        `${vi} nằm ngoài địa bàn bạn phụ trách`,
      ),
    );
  const named = row.values.commune;
  if (typeof named === 'string' && !place.names.some((name) => isSameUnit(name, named)))
    findings.push(
      say(
        'commune',
        'COMMUNE_MISMATCH',
        `the place lies in ${place.commune}, not in ${named}`,
        `vị trí nằm ở ${place.commune}, không phải ${named}`,
        named,
      ),
    );
  return findings;
}

/** Another of the kind stands there already: in an earlier row of the file, or in the register. */
export function nearFindings(
  columns: Columns,
  { row, code, lon, lat }: Placed,
  earlierRow: number | undefined,
  near: string | null,
  [more, moreVi]: readonly [string, string] = ['', ''],
): Finding[] {
  if (earlierRow === undefined && near === null) return [];
  const [other, otherVi] =
    earlierRow === undefined ? [near, near] : [`row ${earlierRow}`, `dòng ${earlierRow}`];
  return [
    finding(
      'warning',
      {
        code: 'NEAR_DUPLICATE',
        en: `${code} stands within ${NEAR_M} m of ${other}${more}`,
        vi: `${code} cách ${otherVi} không quá ${NEAR_M} m${moreVi}`,
      },
      { row: row.row, column: headingOf(columns, 'lat'), value: `${lat}, ${lon}` },
    ),
  ];
}
