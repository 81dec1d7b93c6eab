import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const kept = join(import.meta.dirname, '..', '.rehearsal');

/**
 * A folder in `.rehearsal/` with what `pins`, files that name versions and hashes, ask for. `build` fills it on first
 * use, and again when a pin has changed. It is built under a name of its own and moved when complete: an interrupted
 * build leaves nothing that looks finished, and two runs side by side never share one.
 */
export const keptFolder = async (
  kind: string,
  pins: readonly string[],
  build: (draft: string) => Promise<void>,
): Promise<string> => {
  const hash = createHash('sha256');
  for (const pin of pins) hash.update(await readFile(pin));
  const folder = join(kept, `${kind}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(kept, { recursive: true });
  try {
    await build(draft);
    await move(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
};

const move = async (draft: string, folder: string): Promise<void> => {
  try {
    await rename(draft, folder);
  } catch (error) {
    // Another run was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  }
};
