/** Where a raster lies: rows run from north to south, columns from west to east. */
export interface RasterPlace {
  /** Null: degrees of WGS84. Else metres in this zone of UTM, northern half. */
  utmZone: number | null;
  /** North-west corner of the first pixel. */
  west: number;
  north: number;
  /** Size of a pixel. */
  dx: number;
  dy: number;
}
