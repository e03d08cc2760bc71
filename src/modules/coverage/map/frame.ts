import {
  bboxOf,
  localProjection,
  polygonsOf,
  projectX,
  projectY,
  unionBbox,
  type AreaGeometry,
  type Ring,
} from '../../../geo/index.js';

/** Where on the paper the map goes, in pixels of the drawing. */
export interface MapBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Paths are drawn in tenths of a pixel, so that whole numbers are exact enough. */
export const UNITS_PER_PIXEL = 10;

/** Brings longitude and latitude onto the paper: the local plane, north up, as large as the box allows. */
export class MapFrame {
  readonly pixelsPerM: number;
  private readonly left: number;
  private readonly top: number;
  private readonly project: (lon: number, lat: number) => [x: number, y: number];

  /** @param shapes what must be in the picture; not empty. */
  constructor(shapes: readonly AreaGeometry[], box: MapBox) {
    const bbox = unionBbox(shapes.map(bboxOf).filter(({ west, east }) => west <= east));
    if (!bbox) throw new RangeError('A map needs a shape to show.');
    const plane = localProjection((bbox.west + bbox.east) / 2, (bbox.south + bbox.north) / 2);
    this.project = (lon, lat) => [projectX(plane, lon), projectY(plane, lat)];
    const [west, south] = this.project(bbox.west, bbox.south);
    const [east, north] = this.project(bbox.east, bbox.north);
    this.pixelsPerM = Math.min(box.width / Math.max(1, east - west), box.height / Math.max(1, north - south));
    this.left = box.left + box.width / 2 - ((west + east) / 2) * this.pixelsPerM;
    this.top = box.top + box.height / 2 + ((south + north) / 2) * this.pixelsPerM;
  }

  /** Pixels from the paper's upper left corner. */
  pixel(lon: number, lat: number): [x: number, y: number] {
    const [x, y] = this.project(lon, lat);
    return [this.left + x * this.pixelsPerM, this.top - y * this.pixelsPerM];
  }

  /** A path over the outlines of areas in tenths of a pixel, relative and without moves of nothing. */
  path(shapes: readonly AreaGeometry[]): string {
    return shapes
      .flatMap((shape) => polygonsOf(shape).flatMap((rings) => rings.map((r) => this.ring(r))))
      .join('');
  }

  private ring(ring: Ring): string {
    let d = '';
    let [lastX, lastY] = [0, 0];
    ring.slice(0, -1).forEach(([lon, lat], i) => {
      const [x, y] = this.pixel(lon, lat).map((value) => Math.round(value * UNITS_PER_PIXEL)) as [
        number,
        number,
      ];
      if (i === 0) d = `M${x},${y}`;
      else if (x !== lastX || y !== lastY) d += `${i === 1 ? 'l' : ' '}${x - lastX},${y - lastY}`;
      [lastX, lastY] = [x, y];
    });
    // A ring whose second point fell onto its first still needs its letter.
    return `${d.replace(/^(M-?\d+,-?\d+) /, '$1l')}z`.replaceAll(',-', '-').replaceAll(' -', '-');
  }
}

/** A round length for the scale bar, metres: the longest of 1, 2 or 5 times a power of ten that fits. */
export function scaleBarM(pixelsPerM: number, widestPx: number): number {
  const widestM = widestPx / pixelsPerM;
  const power = 10 ** Math.floor(Math.log10(widestM));
  return [5, 2, 1].map((n) => n * power).find((m) => m <= widestM) ?? power;
}
