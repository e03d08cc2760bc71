/** What a value of a property is; dates are days, times are instants. */
export type ValueType = 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'time';

export interface Property {
  type: ValueType;
  en: string;
  vi: string;
  /** Of a custom attribute: its value as SQL on the source's row `y`. Others are columns of the source. */
  valueSql?: string;
}

/** What is offered to everyone who reads OGC API: its words and its properties. How it is read is `sources.ts`. */
export interface Collection {
  id: string;
  en: string;
  vi: string;
  geometry: 'point' | 'polygon';
  /** By name: all can be read, filtered by, and asked for as a query parameter. */
  properties: Readonly<Record<string, Property>>;
  /** The properties that tell since when and until when (exclusively) a feature holds, or when it was changed last. */
  time: { from: string; to: string | null };
  /** What the tiles show of a feature. */
  tileProperties: readonly string[];
  /** The resource whose custom attributes are properties too, as `attr_<name>`: the source has a column `attributes`. */
  attributesOf?: 'sites' | 'cells' | 'hamlets' | 'areas' | 'clusters';
  /** Changes of these resources change the collection. */
  resources: readonly string[];
}

const text = (en: string, vi: string): Property => ({ type: 'string', en, vi });
const number = (en: string, vi: string): Property => ({ type: 'number', en, vi });
const count = (en: string, vi: string): Property => ({ type: 'integer', en, vi });
const day = (en: string, vi: string): Property => ({ type: 'date', en, vi });
const UPDATED: Property = {
  type: 'time',
  en: 'When the record was changed last',
  vi: 'Lần thay đổi gần nhất',
};

const COMMUNE = {
  code: text('Code of the commune', 'Mã xã'),
  name: text('Name of the commune with its kind', 'Tên xã, phường, thị trấn'),
};

export const COLLECTIONS: readonly Collection[] = [
  {
    id: 'communes',
    en: 'Communes, wards and townships, of every period',
    vi: 'Xã, phường, thị trấn theo từng thời kỳ',
    geometry: 'polygon',
    properties: {
      ...COMMUNE,
      type: text('Kind of unit', 'Loại đơn vị'),
      parentCode: text('Code of the unit above', 'Mã đơn vị cấp trên'),
      validFrom: day('First day in force', 'Ngày bắt đầu hiệu lực'),
      validTo: day('First day no longer in force; none: in force', 'Ngày hết hiệu lực; trống: còn hiệu lực'),
      areaKm2: number('Area, km²', 'Diện tích, km²'),
      population: count('People', 'Dân số'),
      populationBasis: text('How the number of people is known', 'Nguồn của số dân'),
      households: count('Households', 'Số hộ'),
      householdsBasis: text('How the number of households is known', 'Nguồn của số hộ'),
      source: text('Source of the record', 'Nguồn dữ liệu'),
      updatedAt: UPDATED,
    },
    time: { from: 'validFrom', to: 'validTo' },
    tileProperties: ['code', 'name', 'population', 'households'],
    attributesOf: 'areas',
    resources: ['area'],
  },
  {
    id: 'hamlets',
    en: 'Hamlets (ấp, khu vực) at their community houses, with the mobile signal reported of them',
    vi: 'Ấp, khu vực tại vị trí nhà văn hóa, kèm tình trạng sóng di động được báo cáo',
    geometry: 'point',
    properties: {
      code: text('Code of the hamlet', 'Mã ấp, khu vực'),
      name: text('Name of the hamlet', 'Tên ấp, khu vực'),
      kind: text('ap: ấp; khu_vuc: khu vực', 'ap: ấp; khu_vuc: khu vực'),
      communeCode: text('Code of the commune today', 'Mã xã hiện nay'),
      households: count('Households', 'Số hộ'),
      population: count('People', 'Dân số'),
      signal: text(
        'Mobile signal as reported: served, weak, none; empty: not reported',
        'Sóng di động: served (có), weak (lõm sóng), none (trắng sóng); trống: chưa có báo cáo',
      ),
      signalReportedOn: day('Day of the report on the signal', 'Ngày báo cáo sóng'),
      signalSource: text('Who reported on the signal', 'Nguồn báo cáo sóng'),
      source: text('Source of the record', 'Nguồn dữ liệu'),
      updatedAt: UPDATED,
    },
    time: { from: 'updatedAt', to: null },
    tileProperties: ['code', 'name', 'signal', 'households'],
    attributesOf: 'hamlets',
    resources: ['hamlet', 'area'],
  },
  {
    id: 'sites',
    en: 'Mobile sites (masts)',
    vi: 'Trạm BTS (cột ăng-ten)',
    geometry: 'point',
    properties: {
      code: text('Code of the site', 'Mã trạm'),
      name: text('Name of the site', 'Tên trạm'),
      address: text('Address', 'Địa chỉ'),
      communeCode: text('Code of the commune today', 'Mã xã hiện nay'),
      structure: text('Structure', 'Loại công trình'),
      mastClass: text('Class of antenna mast', 'Loại cột ăng-ten'),
      structureHeightM: number('Height of the structure, m', 'Chiều cao công trình, m'),
      ownerCode: text('Who owns the mast', 'Đơn vị sở hữu hạ tầng'),
      tenants: text(
        'Networks on the mast, with commas between',
        'Các mạng trên cột, cách nhau bằng dấu phẩy',
      ),
      technologies: text(
        'Technologies of its cells, with commas between',
        'Công nghệ, cách nhau bằng dấu phẩy',
      ),
      cellCount: count('Number of cells', 'Số cell'),
      power: text('Power supply', 'Nguồn điện'),
      hasGenerator: { type: 'boolean', en: 'Has a generator', vi: 'Có máy phát điện' },
      backupHours: number('Backup, hours', 'Thời gian dự phòng, giờ'),
      backhaul: text('Backhaul', 'Truyền dẫn'),
      backhaulCapacityMbps: number('Capacity of the backhaul, Mbit/s', 'Dung lượng truyền dẫn, Mbit/s'),
      lifecycle: text('State in its life cycle', 'Trạng thái vòng đời'),
      certificateNumber: text('Number of the inspection certificate', 'Số giấy chứng nhận kiểm định'),
      certificateExpiresOn: day('The certificate expires on', 'Giấy chứng nhận hết hạn ngày'),
      confidence: text('Confidence in the record', 'Độ tin cậy'),
      lastVerifiedOn: day('Verified last on', 'Kiểm tra gần nhất ngày'),
      source: text('Source of the record', 'Nguồn dữ liệu'),
      updatedAt: UPDATED,
    },
    time: { from: 'updatedAt', to: null },
    tileProperties: ['code', 'name', 'ownerCode', 'technologies', 'lifecycle'],
    attributesOf: 'sites',
    resources: ['site', 'area'],
  },
  {
    id: 'cells',
    en: 'Cells (antennas) at the places of their sites',
    vi: 'Cell (ăng-ten) tại vị trí của trạm',
    geometry: 'point',
    properties: {
      siteCode: text('Code of the site', 'Mã trạm'),
      code: text('Code of the cell on its site', 'Mã cell trong trạm'),
      operatorCode: text('Network', 'Nhà mạng'),
      technology: text('Technology', 'Công nghệ'),
      band: text('Band', 'Băng tần'),
      frequencyMhz: number('Frequency, MHz', 'Tần số, MHz'),
      bandwidthMhz: number('Bandwidth, MHz', 'Băng thông, MHz'),
      azimuthDeg: number('Azimuth, degrees', 'Góc phương vị, độ'),
      mechanicalTiltDeg: number('Mechanical tilt, degrees', 'Góc nghiêng cơ, độ'),
      electricalTiltDeg: number('Electrical tilt, degrees', 'Góc nghiêng điện, độ'),
      antennaHeightM: number('Height of the antenna above ground, m', 'Độ cao ăng-ten, m'),
      txPowerDbm: number('Transmit power, dBm', 'Công suất phát, dBm'),
      gainDbi: number('Gain, dBi', 'Độ lợi, dBi'),
      siteLifecycle: text('State of the site in its life cycle', 'Trạng thái vòng đời của trạm'),
      onAirSince: day('On air since', 'Phát sóng từ ngày'),
      onAirUntil: day('First day no longer on air', 'Ngày ngừng phát sóng'),
      source: text('Source of the record', 'Nguồn dữ liệu'),
      updatedAt: UPDATED,
    },
    time: { from: 'onAirSince', to: 'onAirUntil' },
    tileProperties: ['siteCode', 'code', 'operatorCode', 'technology', 'azimuthDeg'],
    attributesOf: 'cells',
    resources: ['site'],
  },
  {
    id: 'clusters',
    en: 'Loudspeaker clusters',
    vi: 'Cụm loa truyền thanh',
    geometry: 'point',
    properties: {
      id: text('Id of the cluster', 'Mã cụm loa'),
      name: text('Name of the cluster', 'Tên cụm loa'),
      communeCode: text('Code of its unit', 'Mã đơn vị quản lý'),
      hornHeightM: number('Height of the horns, m', 'Độ cao loa, m'),
      hornCount: count('Number of horns', 'Số loa'),
      uplink: text('Uplink', 'Đường truyền'),
      uplinkOperator: text('Network of the uplink', 'Nhà mạng của đường truyền'),
      active: { type: 'boolean', en: 'In service', vi: 'Đang sử dụng' },
      source: text('Source of the record', 'Nguồn dữ liệu'),
      updatedAt: UPDATED,
    },
    time: { from: 'updatedAt', to: null },
    tileProperties: ['id', 'name', 'active'],
    attributesOf: 'clusters',
    resources: ['cluster'],
  },
  {
    id: 'fibre',
    en: 'Fibre to households: the latest figures of each commune, over all operators',
    vi: 'Cáp quang đến hộ gia đình: số liệu mới nhất của từng xã, gộp các doanh nghiệp',
    geometry: 'polygon',
    properties: {
      communeCode: COMMUNE.code,
      communeName: COMMUNE.name,
      quarter: text('Quarter of the figures', 'Quý của số liệu'),
      quarterFrom: day('First day of the quarter', 'Ngày đầu quý'),
      quarterTo: day('First day after the quarter', 'Ngày đầu quý sau'),
      operators: text('Operators that reported, with commas between', 'Doanh nghiệp báo cáo'),
      households: count('Households', 'Số hộ'),
      passedAtLeast: count('Households passed, at least', 'Số hộ có thể kết nối, ít nhất'),
      passedAtMost: count('Households passed, at most', 'Số hộ có thể kết nối, nhiều nhất'),
      connected: count('Households connected', 'Số hộ đã kết nối'),
      connectedPct: number('Share connected, %', 'Tỷ lệ kết nối, %'),
      passed25MbpsAtLeast: count('Passed with 25/3 Mbit/s, at least', 'Số hộ đạt 25/3 Mbit/s, ít nhất'),
      passed25MbpsAtMost: count('Passed with 25/3 Mbit/s, at most', 'Số hộ đạt 25/3 Mbit/s, nhiều nhất'),
      passed100MbpsAtLeast: count('Passed with 100/20 Mbit/s, at least', 'Số hộ đạt 100/20 Mbit/s, ít nhất'),
      passed100MbpsAtMost: count('Passed with 100/20 Mbit/s, at most', 'Số hộ đạt 100/20 Mbit/s, nhiều nhất'),
      updatedAt: UPDATED,
    },
    time: { from: 'quarterFrom', to: 'quarterTo' },
    tileProperties: ['communeCode', 'communeName', 'quarter', 'households', 'passedAtLeast', 'connectedPct'],
    resources: ['fibre', 'area'],
  },
];

/** JSON Schema's words for a property. */
export function schemaOf({ type, en, vi }: Property): Record<string, string> {
  const format = { date: 'date', time: 'date-time' }[type as string];
  return {
    title: en,
    description: vi,
    type: format ? 'string' : type,
    ...(format ? { format } : {}),
  };
}
