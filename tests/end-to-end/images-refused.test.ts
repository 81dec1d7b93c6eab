import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { executionEnd, gitlab, lockOf } from '../support/deployed.ts';
import {
  awaitImages,
  ecrOf,
  pushed,
  pushTo,
  tellOfPushes,
  type ImageScene,
  type Pushed,
} from '../support/deployed-images.ts';
import { ourWrites } from '../support/deployed-service.ts';

/** Pushed images that must not be deployed: each ends by its name, and nothing of the service is written. */

tellOfPushes();

/** An image repository of the scene's project for each case, and a target that waits for its images. */
const repositoryFor = async (
  scene: ImageScene,
  what: string,
  fields: Record<string, unknown> = {},
): Promise<string> => {
  const repository = `acme/${scene.name}/${what}`;
  await awaitImages(scene, { target: what, repository, fields });
  return repository;
};

const endingOf = async ({ execution }: Pick<Pushed, 'execution'>): Promise<string> => {
  const { status, error, output } = await executionEnd(execution);
  return status === 'SUCCEEDED' ? (output['end'] as { outcome: string }).outcome : error;
};

const endingsOf = async (all: Record<string, Pick<Pushed, 'execution'>>): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(Object.entries(all).map(async ([what, one]) => [what, await endingOf(one)] as const)),
  );

const expectNothingDone = async (scene: ImageScene): Promise<void> => {
  expect(await ourWrites(scene)).toEqual([]);
  expect(await scene.ecr()).toMatchObject({ images: [], bytesReceived: 0 });
  expect((await scene.view()).rollouts).toMatchObject([{ taskDefinitionArn: scene.service.taskDefinitionArn }]);
  expect(await lockOf(scene.name)).not.toHaveProperty('holder');
};

const arm = [{ os: 'linux', architecture: 'arm64' }];

/** Two pushes under one tag; the first one's Confirm learns what the tag names when the second one is there. */
const pushedOver = async (scene: ImageScene): Promise<{ over: Pushed; arm: Pushed }> => {
  const repository = await repositoryFor(scene, 'over');
  const route = `HEAD /v2/${repository}/manifests/v1`;
  await gitlab.setRegistryFault({ route, fault: { kind: 'slow', seconds: 30 } });
  const over = await pushTo(repository, { tag: 'v1' });
  return { over, arm: await pushTo(repository, { tag: 'v1', platforms: arm }) };
};

pushed(
  'an open tag, an image pushed over, one for another platform, an ECR repository or a registry that is not ours',
  'refused-images',
  async (scene) => {
    const { name } = scene;
    const everyTag = { repository: `acme/${name}/open`, tag: '*' };
    const open = await repositoryFor(scene, 'open', { on: { image: everyTag } });
    const nowhere = await repositoryFor(scene, 'nowhere', { ecr_repository: ecrOf('nowhere') });
    const elsewhere = { on: { pipeline: { ref: 'main' } }, image: `registry.example.com/acme/${name}:{sha}` };
    await repositoryFor(scene, 'elsewhere', elsewhere);
    const all = {
      ...(await pushedOver(scene)),
      open: await pushTo(open, { tag: 'latest' }),
      nowhere: await pushTo(nowhere, { tag: 'v1' }),
      elsewhere: { execution: (await scene.release('none')).execution },
    };
    expect(await endingsOf(all)).toEqual({
      over: 'superseded',
      arm: 'PlatformMissing',
      open: 'NotConfirmed',
      nowhere: 'RepositoryMissing',
      elsewhere: 'OutsideStack',
    });
    await expectNothingDone(scene);
  },
  { beside: true },
);

/** Somebody on this machine who would like to be shown a credential; what he was asked. */
const startStranger = async () => {
  const asked: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push({ url, headers });
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="http://127.0.0.1/",service="x"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, asked, close };
};

pushed(
  'a registry that leads astray, to the metadata address, to another host, to another login: RegistryRefused, and nobody is shown a credential',
  'led-astray',
  async (scene) => {
    const stranger = await startStranger();
    const metadata = '169.254.169.254/latest/meta-data/iam/security-credentials/';
    const faults = {
      metadata: { kind: 'redirect', to: `http://${metadata}` },
      'metadata-by-tls': { kind: 'redirect', to: `https://${metadata}` },
      'another-host': { kind: 'redirect', to: `${stranger.url}/layer` },
      'another-login': { kind: 'challenge', realm: `${stranger.url}/jwt/auth` },
    } as const;
    const astray: Record<string, Pushed> = {};
    for (const [what, fault] of Object.entries(faults)) {
      const repository = await repositoryFor(scene, what);
      await gitlab.setRegistryFault({ route: `GET /v2/${repository}/blobs/**`, rate: 1, fault });
      astray[what] = await pushTo(repository, { tag: 'v1' });
    }
    const endings = await endingsOf(astray);
    await stranger.close();
    expect(endings).toEqual(Object.fromEntries(Object.keys(faults).map((what) => [what, 'RegistryRefused'])));
    expect(new Set(stranger.asked.map(({ url, headers }) => [url, headers.authorization].join()))).toEqual(
      new Set(['/layer,']),
    );
    await expectNothingDone(scene);
  },
  { beside: true },
);
