import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../../local/oci/build-image.ts';
import { sha256 } from '../../local/oci/manifest-document.ts';
import { executionEnd, healthy, until } from '../support/deployed.ts';
import { begunBy, ecrOf, pushed } from '../support/deployed-images.ts';
import { endedDeployed } from '../support/deployed-service.ts';
import type { DockerRegistry } from '../support/docker-registry.ts';
import { startHookForwarder, type Passed } from '../support/hook-forwarder.ts';
import { logInToEcr, realClients, writeLayout } from '../support/real-clients.ts';
import { startRealRegistry, useRegistry } from '../support/real-registry.ts';

/** A real registry tells our door of what a real client pushed, and real clients find it in ECR as it was. */

let folder: string;
let forwarder: Awaited<ReturnType<typeof startHookForwarder>>;
let registry: DockerRegistry;
let putBack: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-real-parts-'));
  forwarder = await startHookForwarder();
  registry = await startRealRegistry(folder, forwarder.url);
  putBack = await useRegistry(registry.host);
}, 60_000);

afterAll(async () => {
  await putBack();
  await registry.close();
  forwarder.close();
  await rm(folder, { recursive: true });
}, 60_000);

const begun = (): Promise<Passed> =>
  until('the push to begin a deployment', () => Promise.resolve(forwarder.passed.find(({ status }) => status === 202)));

pushed(
  'what skopeo pushes to docker-registry is deployed; skopeo and crane find index and children in ECR, byte for byte',
  'real-parts',
  async (scene, users) => {
    const { ask } = realClients(folder);
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }));
    const layers = [{ size: 12 * 2 ** 20 }, { size: 300_000, seed: 'shared' }];
    const image = buildImage({ seed: 'real-parts', platforms, layers, attestations: true, behaviour: healthy });
    await writeLayout(join(folder, 'layout'), image, 'v1');
    const insecure = ['--insecure-policy', 'copy', '--all'];
    const pushTo = `docker://${registry.host}/${scene.images}:v1`;
    await ask('skopeo', [...insecure, '--dest-tls-verify=false', `oci:${join(folder, 'layout')}:v1`, pushTo]);

    const execution = begunBy({ responseBody: (await begun()).answer });
    expect(await executionEnd(execution)).toMatchObject(endedDeployed);
    expect((await scene.view()).rollouts).toMatchObject([
      { rolloutState: 'COMPLETED', images: [scene.pinned(image.main)] },
    ]);
    expect(users.traffic().byDigest[image.main.digest]).toBeGreaterThan(0);
    expect(forwarder.passed.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);

    const copied = `${await logInToEcr(folder)}/${ecrOf(scene.name)}`;
    expect((await ask('crane', ['digest', '--insecure', `${copied}:v1`])).toString().trim()).toBe(image.main.digest);
    expect(image.children).toHaveLength(4);
    for (const { digest, bytes } of [image.main, ...image.children]) {
      const name = `${copied}@${digest}`;
      const raw = await ask('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${name}`]);
      expect([sha256(raw), raw.equals(bytes)]).toEqual([digest, true]);
      expect((await ask('crane', ['digest', '--insecure', name])).toString().trim()).toBe(digest);
    }
    // All of its blobs, too: skopeo holds each against its digest.
    await ask('skopeo', [
      ...insecure,
      '--src-tls-verify=false',
      `docker://${copied}:v1`,
      `dir:${join(folder, 'pulled')}`,
    ]);
  },
);
