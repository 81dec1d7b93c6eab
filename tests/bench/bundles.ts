import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A function's bundle as it is deployed: bytes, minified; and as gzip at its default level makes them. */
export interface BundleSize {
  name: string;
  bytes: number;
  gzip: number;
}

/** The sizes of all bundles in a build's folder, by name. */
export const bundleSizes = async (out: string): Promise<BundleSize[]> => {
  const names = (await readdir(join(out, 'meta'))).map((file) => file.replace(/\.json$/, '')).sort();
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(out, name, 'index.mjs'));
      return { name, bytes: content.length, gzip: gzipSync(content).length };
    }),
  );
};

/** The source files that a function's bundle was made from, from esbuild's metafile. */
export const bundleInputs = async (out: string, name: string): Promise<string[]> => {
  const { inputs } = JSON.parse(await readFile(join(out, 'meta', `${name}.json`), 'utf8')) as { inputs: object };
  return Object.keys(inputs);
};
