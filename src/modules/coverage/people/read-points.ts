import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { fieldProblem, Problem, type FieldProblem } from '../../../common/http/problem.js';
import { isLonLat } from '../../../geo/index.js';
import type { PeoplePoints } from '../domain/index.js';
import { refusedFile } from '../geotiff/refused.js';

/** A province of 1,600 km² has 160,000 squares of 100 m. */
export const MOST_POINTS = 1_000_000;
export const MOST_BYTES = 50_000_000;
const MOST_PROBLEMS = 100;
/** More people than any place of a hectare or so has. */
export const MOST_PEOPLE = 1e6;

/**
 * Reads points from CSV in UTF-8 with the columns `lon`, `lat`, `people` and perhaps `households`. Throws 400 with the first hundred
 * lines that are wrong (`file.12.lon`: line 12); nothing is passed over, but for points where nobody lives.
 */
export async function readPeoplePoints(stream: Readable): Promise<PeoplePoints> {
  const lists: Record<'lon' | 'lat' | 'people' | 'households', number[]> = {
    lon: [],
    lat: [],
    people: [],
    households: [],
  };
  const problems: FieldProblem[] = [];
  const wrong = (line: number, column: string, en: string, vi: string) =>
    problems.push(fieldProblem(`file.${line}.${column}`, 'VALUE', { en, vi }));
  let columns: string[] | undefined;
  let line = 0;
  const parser = stream.pipe(parse({ bom: true, relax_column_count: true, max_record_size: 10_000 }));
  stream.once('error', (error) => parser.destroy(error));
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      line++;
      if (!columns) {
        columns = record.map((name) => name.trim().toLowerCase());
        checkColumns(columns);
        continue;
      }
      const given = columns;
      const value = (name: string): number => {
        const at = given.indexOf(name);
        const text = at < 0 ? '0' : (record[at] ?? '').trim();
        return text === '' && name === 'households' ? 0 : text === '' ? NaN : Number(text);
      };
      const [lon, lat, people, households] = [
        value('lon'),
        value('lat'),
        value('people'),
        value('households'),
      ];
      if (!isLonLat(lon, lat))
        wrong(
          line,
          'lon',
          'lon and lat must be a place in degrees',
          'lon và lat phải là tọa độ tính bằng độ',
        );
      else if (!(people >= 0 && people <= MOST_PEOPLE))
        wrong(
          line,
          'people',
          `people must be from 0 to ${MOST_PEOPLE}`,
          `people phải từ 0 đến ${MOST_PEOPLE}`,
        );
      else if (!(households >= 0 && households <= MOST_PEOPLE))
        wrong(
          line,
          'households',
          `households must be from 0 to ${MOST_PEOPLE}`,
          `households phải từ 0 đến ${MOST_PEOPLE}`,
        );
      else if (people > 0) {
        lists.lon.push(lon);
        lists.lat.push(lat);
        lists.people.push(people);
        lists.households.push(households);
      }
      if (problems.length >= MOST_PROBLEMS) break;
      if (lists.lon.length > MOST_POINTS)
        throw refusedFile(`the file has more than ${MOST_POINTS} points`, `tệp có hơn ${MOST_POINTS} điểm`);
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw refusedFile(
        `line ${line + 1} is no CSV: ${error.message}`,
        `dòng ${line + 1} không đúng dạng CSV`,
      );
    throw error;
  }
  if (problems.length > 0) throw Problem.invalid(problems);
  if (lists.lon.length === 0)
    throw refusedFile('the file has no point with people', 'tệp không có điểm nào có dân');
  return {
    lon: Float64Array.from(lists.lon),
    lat: Float64Array.from(lists.lat),
    people: Float64Array.from(lists.people),
    households: Float64Array.from(lists.households),
  };
}

function checkColumns(columns: readonly string[]): void {
  const missing = ['lon', 'lat', 'people'].filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw refusedFile(`columns are missing: ${missing.join(', ')}`, `thiếu cột: ${missing.join(', ')}`);
}
