import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { project } from '../../../local/build/build.ts';
import { buildImage, type BuiltImage } from '../../../local/oci/build-image.ts';
import { pushImage } from '../../../local/oci/push-image.ts';
import { v2ImageStore } from '../../../local/oci/v2-image-store.ts';
import { programAt } from '../../../local/third-party.ts';
import { startDockerRegistry, type DockerRegistry } from '../../support/docker-registry.ts';
import type { CopyDone, CopyJob } from './copy-job.ts';
import { startEcrSink, type EcrSink } from './ecr-sink.ts';

export const repository = 'acme/web';
const mib = 1024 * 1024;

/** Two registries on loopback, one with images and one to copy to, a sink with ECR's API, and the bundled child. */
export interface CopyScene {
  from: DockerRegistry;
  to: DockerRegistry;
  sink: EcrSink;
  /** An image of so many layers of so many MiB, pushed to `from`; a layer is the same wherever its name is. */
  push: (tag: string, layers: readonly string[], size: number) => Promise<BuiltImage>;
  /** Takes everything out of `to`. */
  empty: () => Promise<void>;
  /** Runs one process of the engine. */
  run: (job: CopyJob) => Promise<{ ms: number; done: CopyDone }>;
  /** Runs a client of others. Milliseconds of the whole process, as always here. */
  peer: (program: 'skopeo' | 'crane', args: readonly string[]) => Promise<{ ms: number }>;
  close: () => Promise<void>;
}

const timed = async (command: string, args: readonly string[], home: string): Promise<{ ms: number; out: string }> => {
  const started = performance.now();
  const child = spawn(command, args, { env: { HOME: home, TMPDIR: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${errors.slice(-2_000)}`);
  return { ms: performance.now() - started, out };
};

/** Bundled as what is deployed is, so that a process starts as fast. */
const bundleChild = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'copy-child.mjs');
  const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'copy-child.ts')], outfile, bundle: true, minify: true },
    ...{ platform: 'node', target: 'node24', format: 'esm', mainFields: ['module', 'main'] },
    ...{ absWorkingDir: project, logLevel: 'error', banner: { js: require } },
  });
  return outfile;
};

export const openCopyScene = async (folder: string): Promise<CopyScene> => {
  const child = await bundleChild(folder);
  const from = await startDockerRegistry(join(folder, 'from'));
  const to = await startDockerRegistry(join(folder, 'to'));
  const sink = await startEcrSink();
  return {
    ...{ from, to, sink },
    push: async (tag, layers, size) => {
      const sized = layers.map((seed) => ({ seed, size: size * mib }));
      const image = buildImage({ seed: tag, layers: sized });
      await pushImage(v2ImageStore({ url: `http://${from.host}` }), { repository, tag }, { image });
      return image;
    },
    empty: () => rm(join(to.storage, 'docker'), { recursive: true, force: true }),
    run: async (job) => {
      const { ms, out } = await timed(process.execPath, [child, JSON.stringify(job)], folder);
      return { ms, done: JSON.parse(out) as CopyDone };
    },
    peer: async (program, args) => timed(programAt(program), args, folder),
    close: async () => {
      await Promise.all([from.close(), to.close(), sink.close()]);
    },
  };
};
