import { type Cql2Geometry, type Cql2Place, type Cql2Position, Cql2Error } from './ast.js';

/** Rules that the values in a filter keep to, whichever way it is written. Each throws `Cql2Error`. */

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

export function isDate(text: string): boolean {
  if (!DATE.test(text) || text.startsWith('0000')) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export function isTimestamp(text: string): boolean {
  return isDate(TIMESTAMP.exec(text)?.[1] ?? '');
}

export function checkDate(text: string, place: Cql2Place): string {
  if (isDate(text)) return text;
  throw new Cql2Error(place, 'a day is written YYYY-MM-DD', 'ngày viết dạng YYYY-MM-DD');
}

export function checkTimestamp(text: string, place: Cql2Place): string {
  if (isTimestamp(text)) return text;
  throw new Cql2Error(
    place,
    'an instant is written YYYY-MM-DDThh:mm:ssZ',
    'thời điểm viết dạng YYYY-MM-DDThh:mm:ssZ',
  );
}

/** Ends of an interval: days, instants or `..`; at least one of them, in their order. */
export function checkInterval(from: string, to: string, place: Cql2Place): [string, string] {
  for (const end of [from, to])
    if (end !== '..' && !isDate(end) && !isTimestamp(end))
      throw new Cql2Error(
        place,
        'an interval is between days, instants or ".."',
        'khoảng thời gian nằm giữa hai ngày, hai thời điểm hoặc ".."',
      );
  if (from === '..' || to === '..' || Date.parse(from) <= Date.parse(to)) return [from, to];
  throw new Cql2Error(
    place,
    'the interval ends before it begins',
    'khoảng thời gian kết thúc trước khi bắt đầu',
  );
}

export function checkText(text: string, place: Cql2Place): string {
  if (!text.includes('\0')) return text;
  throw new Cql2Error(place, 'a text must not hold a NUL', 'văn bản không được chứa ký tự NUL');
}

export function checkNumber(value: number, place: Cql2Place): number {
  if (!Number.isFinite(value)) throw new Cql2Error(place, 'the number is too large', 'số quá lớn');
  return value === 0 ? 0 : value;
}

function checkPosition([lon, lat]: Cql2Position, place: Cql2Place): void {
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return;
  throw new Cql2Error(
    place,
    'a position is longitude (±180) and latitude (±90) in degrees',
    'vị trí gồm kinh độ (±180) và vĩ độ (±90) tính bằng độ',
  );
}

function checkRing(ring: readonly Cql2Position[], place: Cql2Place): void {
  const [first, last] = [ring[0], ring.at(-1)];
  for (const position of ring) checkPosition(position, place);
  if (ring.length >= 4 && first?.[0] === last?.[0] && first?.[1] === last?.[1]) return;
  throw new Cql2Error(
    place,
    'a ring has at least four positions and ends where it begins',
    'vòng khép kín cần ít nhất bốn vị trí, điểm cuối trùng điểm đầu',
  );
}

export function checkGeometry<T extends Cql2Geometry>(geometry: T, place: Cql2Place): T {
  const empty = () => new Cql2Error(place, 'the geometry is empty', 'hình học rỗng');
  switch (geometry.type) {
    case 'Point':
      checkPosition(geometry.coordinates, place);
      break;
    case 'LineString':
      if (geometry.coordinates.length < 2)
        throw new Cql2Error(place, 'a line has at least two positions', 'đường cần ít nhất hai vị trí');
      for (const position of geometry.coordinates) checkPosition(position, place);
      break;
    case 'Polygon':
      if (geometry.coordinates.length === 0) throw empty();
      for (const ring of geometry.coordinates) checkRing(ring, place);
      break;
    case 'MultiPolygon':
      if (geometry.coordinates.length === 0) throw empty();
      for (const rings of geometry.coordinates) {
        if (rings.length === 0) throw empty();
        for (const ring of rings) checkRing(ring, place);
      }
  }
  return geometry;
}

export function checkBox(numbers: readonly number[], place: Cql2Place): [number, number, number, number] {
  const [west, south, east, north] = numbers;
  if (
    numbers.length !== 4 ||
    west === undefined ||
    south === undefined ||
    east === undefined ||
    north === undefined ||
    west > east ||
    south > north
  )
    throw new Cql2Error(
      place,
      'a box is west, south, east, north, with west ≤ east and south ≤ north',
      'khung gồm tây, nam, đông, bắc, với tây ≤ đông và nam ≤ bắc',
    );
  checkPosition([west, south], place);
  checkPosition([east, north], place);
  return [west, south, east, north];
}
