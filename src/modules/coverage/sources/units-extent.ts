import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import type { Bbox } from '../../../geo/index.js';
import { refusedFile } from '../geotiff/refused.js';

/** Where sources are looked at: what lies elsewhere is of no use, however large the file. */
@Injectable()
export class UnitsExtent {
  constructor(private readonly uow: UnitOfWork) {}

  /** The box about all administrative units, of whatever day. Throws 400 when none has a boundary yet. */
  async box(): Promise<Bbox> {
    const [box] = await this.uow.reader.query<[Record<keyof Bbox, number | null>]>(
      `select st_xmin(box) as west, st_ymin(box) as south, st_xmax(box) as east, st_ymax(box) as north
         from (select st_extent(boundary::geometry) as box from areas) e`,
    );
    const { west, south, east, north } = box;
    if (west === null || south === null || east === null || north === null)
      throw refusedFile(
        'no administrative unit has a boundary yet: import them first',
        'chưa có đơn vị hành chính nào có ranh giới: hãy nhập ranh giới trước',
      );
    return { west, south, east, north };
  }
}
