import { build as bundle } from 'esbuild';
import type { BuildOptions as EsbuildOptions, Plugin } from 'esbuild';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { runChild } from '../children.ts';
import { importEnvironment } from './environment.ts';
import { zip } from './zip.ts';
import type { ZipEntry } from './zip.ts';

export const project = join(import.meta.dirname, '..', '..');

export interface BuildOptions {
  /** Where bundles and zips go: `<out>/<function>/index.mjs`, `<out>/<function>.zip`, `<out>/meta/<function>.json`. */
  out: string;
  /** Whether each zip carries the local stage's own runtime. */
  bootstrap: boolean;
  /** A PEM file that each zip carries as `caFile`; none when empty. */
  caBundle: string;
  /** Which Lambdas, by name; all when absent. */
  functions?: readonly string[];
}

/** Its name in a Lambda's folder. */
export const caFile = 'ca.pem';

/** Bundles and zips each Lambda below functions/ that is asked for, and imports every bundle once: one that fails there fails the build. */
export const build = async ({ out, bootstrap, caBundle, functions }: BuildOptions): Promise<void> => {
  const sources = (await functionSources()).filter((source) => functions?.includes(nameOf(source)) ?? true);
  await bundleFunctions(sources, out);
  const names = sources.map(nameOf);
  const check = [join(import.meta.dirname, 'import-check.ts'), ...names.map((name) => bundlePath(out, name))];
  await runChild(process.execPath, check, { env: await importEnvironment(project) });
  const runtime = bootstrap ? [{ name: 'bootstrap', content: await bundleBootstrap(), executable: true }] : [];
  const certificates = caBundle === '' ? [] : [await certificatesIn(caBundle)];
  await Promise.all(names.map((name) => zipFunction(name, out, [...runtime, ...certificates])));
};

/** The file of each Lambda: functions/ and functions/tasks/, by name. */
const functionSources = async (): Promise<string[]> => {
  const folders = [join(project, 'functions'), join(project, 'functions', 'tasks')];
  const found = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).filter(isSource).map((file) => join(folder, file))),
  );
  return found.flat().sort();
};

const isSource = (file: string) => file.endsWith('.ts');
const nameOf = (source: string) => basename(source, '.ts');
const bundlePath = (out: string, name: string) => join(out, name, 'index.mjs');

/**
 * A bundle's `import … from 'node:http'` would make Node.js read every export of it, WebSocket among them, and load its
 * whole fetch for that, at each cold start. Nothing is read ahead of a module that is asked for by name.
 */
const httpByName: Plugin = {
  name: 'http-by-name',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path, namespace: 'by-name' }));
    bundler.onLoad({ filter: /./, namespace: 'by-name' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

/** As every function is bundled. */
export const esbuildOptions: EsbuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  // Prefers the SDK's ES modules: 37 % smaller and 20 % faster to load than the default.
  mainFields: ['module', 'main'],
  // Providers that a Lambda never asks: the environment's credentials come first in the SDK's chain.
  external: ['sso', 'ini', 'process', 'web-identity', 'login'].map((name) => `@aws-sdk/credential-provider-${name}`),
  legalComments: 'none',
  logLevel: 'error',
  absWorkingDir: project,
  plugins: [httpByName],
};

/** Each function's bundle, and what went into it. All in one run: what they share, most of AWS's SDK, is read once. */
const bundleFunctions = async (sources: readonly string[], out: string): Promise<void> => {
  const entryPoints = Object.fromEntries(sources.map((source) => [nameOf(source), source]));
  const options = { ...esbuildOptions, entryPoints, outdir: out, write: false, metafile: true } as const;
  const { outputFiles, metafile } = await bundle(options);
  const made = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  for (const [path, { inputs }] of Object.entries(metafile.outputs)) {
    const [name, content] = [basename(path, '.js'), made.get(resolve(project, path))];
    if (content === undefined) throw new Error(`esbuild made nothing of ${name}`);
    await write(bundlePath(out, name), content);
    await write(join(out, 'meta', `${name}.json`), JSON.stringify({ inputs }));
  }
};

const bundleBootstrap = async (): Promise<Buffer> => {
  const entryPoints = [join(import.meta.dirname, 'bootstrap.ts')];
  const result = await bundle({ ...esbuildOptions, entryPoints, banner: { js: '#!/usr/bin/env node' }, write: false });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('esbuild made nothing of the bootstrap');
  return Buffer.from(file.contents);
};

/** Node passes over a file that it cannot read, and GitLab would then not be trusted: such a file fails the build. */
const certificatesIn = async (path: string): Promise<ZipEntry> => {
  const content = await readFile(resolve(project, path));
  if (!content.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`caBundle: ${path} holds no PEM certificate`);
  return { name: caFile, content, executable: false };
};

const zipFunction = async (name: string, out: string, more: readonly ZipEntry[]): Promise<void> => {
  const code = { name: 'index.mjs', content: await readFile(bundlePath(out, name)), executable: false };
  await write(join(out, `${name}.zip`), zip([code, ...more]));
};

/** In one step, so that a build beside this one never reads half a file. */
const write = async (path: string, content: string | Uint8Array): Promise<void> => {
  const draft = `${path}.${process.pid}`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(draft, content);
  await rename(draft, path);
};

if (import.meta.main) await build({ out: join(project, '.build'), bootstrap: false, caBundle: '' });
