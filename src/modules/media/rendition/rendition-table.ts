import type { EntityManager } from 'typeorm';
import type { RenditionRecipe } from '../domain/rendition-item.js';

/** The asset that this recipe has made, if it has. */
export async function findRendition(
  manager: EntityManager,
  recipeSha256: string,
): Promise<string | undefined> {
  const rows = await manager.query<{ sha256: string }[]>(
    `select sha256 from media_renditions where recipe_sha256 = $1`,
    [recipeSha256],
  );
  return rows[0]?.sha256;
}

export async function insertRendition(
  manager: EntityManager,
  row: { recipeSha256: string; sha256: string; recipe: RenditionRecipe; createdAt: Date },
): Promise<void> {
  await manager.query(
    `insert into media_renditions (recipe_sha256, sha256, recipe, created_at) values ($1, $2, $3::jsonb, $4)
     on conflict (recipe_sha256) do nothing`,
    [row.recipeSha256, row.sha256, JSON.stringify(row.recipe), row.createdAt],
  );
}

/** What an asset is made of; of several recipes with the same bytes the first. */
export async function recipeOf(manager: EntityManager, sha256: string): Promise<RenditionRecipe | undefined> {
  const rows = await manager.query<{ recipe: RenditionRecipe }[]>(
    `select recipe from media_renditions where sha256 = $1 order by created_at, recipe_sha256 limit 1`,
    [sha256],
  );
  return rows[0]?.recipe;
}
