import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite, type Extension } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import type { CacheFolder } from './cache-folder.js';
import { readTar, writeTar } from './tar.js';

/** Extensions of every embedded database. */
export const EXTENSION_NAMES = ['postgis', 'pgcrypto', 'pg_trgm', 'btree_gist', 'unaccent'] as const;

/** Parts of the PostGIS package that are never loaded; without them the process is about 300 MB smaller. */
const UNUSED_PARTS = /raster|topology|tiger|unpackaged|--ANY--|share\/postgresql\/contrib/;

/** PostgreSQL's own limit of nesting: with its usual 2 MB the WebAssembly stack overflows first. */
const STACK_DEPTH = '500kB';

const PGLITE_ENTRY = import.meta.resolve('@electric-sql/pglite');
const POSTGIS_ENTRY = import.meta.resolve('@electric-sql/pglite-postgis');

/** Names the versions that made a cached file, so that an upgrade makes new ones. The last digit is our own recipe. */
export const ENGINE_KEY = `${versionBeside(PGLITE_ENTRY)}-${versionBeside(POSTGIS_ENTRY)}-1`;

/** Opens a database: in a folder that exists already, or in memory from a dump, or new and empty in memory. */
export async function openEngine(
  cache: CacheFolder,
  where: { folder: string } | { dump: Blob } | 'empty',
): Promise<PGlite> {
  const extensions = { postgis: slimPostgis(cache), pgcrypto, pg_trgm, btree_gist, unaccent };
  const options = {
    extensions,
    startParams: [...PGlite.defaultStartParams, '-c', `max_stack_depth=${STACK_DEPTH}`],
  };
  if (where === 'empty') return PGlite.create(options);
  if ('dump' in where) return PGlite.create({ ...options, loadDataDir: where.dump });
  return PGlite.create(where.folder, options);
}

/** A dump (tar.gz) of a new database with its extensions, made once per version: that takes 8 s, loading it 2 s. */
export function templateDump(cache: CacheFolder): Promise<string> {
  return cache.file(`template-${ENGINE_KEY}.tar.gz`, async () => {
    const engine = await openEngine(cache, 'empty');
    for (const name of EXTENSION_NAMES) await engine.exec(`CREATE EXTENSION IF NOT EXISTS ${name}`);
    await engine.exec('VACUUM ANALYZE');
    const dump = await dumpEngine(engine);
    await engine.close();
    return dump;
  });
}

export async function dumpEngine(engine: PGlite): Promise<Buffer> {
  const dump = await engine.dumpDataDir('none');
  return gzipSync(Buffer.from(await dump.arrayBuffer()), { level: 1 });
}

function slimPostgis(cache: CacheFolder): Extension {
  return {
    name: 'postgis',
    setup: async (_engine, emscriptenOpts: { PGLITE_ENV: Record<string, string> }) => {
      const bundle = await cache.file(`postgis-${ENGINE_KEY}.tar.gz`, () => {
        const whole = readFileSync(fileURLToPath(new URL('./postgis.tar.gz', POSTGIS_ENTRY)));
        const entries = [...readTar(gunzipSync(whole))];
        return gzipSync(writeTar(entries.filter((entry) => !UNUSED_PARTS.test(entry.name))), { level: 4 });
      });
      emscriptenOpts.PGLITE_ENV.PROJ_DATA = '/pglite/share/proj';
      return { emscriptenOpts, bundlePath: pathToFileURL(bundle) };
    },
  };
}

function versionBeside(entry: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Error(`no version in the package of ${entry}`);
}
