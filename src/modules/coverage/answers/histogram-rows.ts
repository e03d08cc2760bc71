import type { EntityManager } from 'typeorm';
import type { HistogramRow } from '../reckon-histograms.js';

/** Each histogram is a line of JSON; a statement of some hundred kilobytes is quick on both databases. */
const HISTOGRAMS_PER_STATEMENT = 1000;

/** Writes the histograms of a run that is being stored. */
export async function insertHistograms(
  manager: EntityManager,
  runId: string,
  histograms: readonly HistogramRow[],
): Promise<void> {
  for (let from = 0; from < histograms.length; from += HISTOGRAMS_PER_STATEMENT)
    await manager.query(
      `insert into coverage_histograms (run_id, area_id, area_code, area_kind, counted, technology, operator, environment,
              probability, area_km2, population, households)
       select $1, "areaId", "areaCode", "areaKind", counted, technology, operator, environment,
              probability, "areaKm2", population, households
         from jsonb_to_recordset($2::jsonb) as r(
                nr int, "areaId" uuid, "areaCode" text, "areaKind" text, counted text, technology text, operator text,
                environment text, probability float8, "areaKm2" float8[], population float8[], households float8[])
        order by nr`,
      [
        runId,
        JSON.stringify(
          histograms.slice(from, from + HISTOGRAMS_PER_STATEMENT).map((row, nr) => ({ nr, ...row })),
        ),
      ],
    );
}
