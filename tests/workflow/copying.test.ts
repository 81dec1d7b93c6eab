import type { ImageCause } from '../../lib/domain/cause.ts';
import type { CopyRule, Target } from '../../lib/domain/target.ts';
import { copyFailures } from '../support/copy-failures.ts';
import type { PushedImage } from '../support/pushed-image.ts';
import { copyRule, imageTarget, project, registry, target } from '../support/samples.ts';
import { healthy, repository, startWorkflowWorld, unhealthy, type WorkflowWorld } from '../support/workflow-world.ts';

/** Images of GitLab's registry, by the real verbs, adapters and definition: copied into ECR and deployed, or refused by name. */

let world: WorkflowWorld;
const seen = new Set<string>();

/** A world whose only target waits for images, with this rule for their copy. */
const begin = async (rule: Partial<CopyRule> = {}): Promise<Target> => {
  world = await startWorkflowWorld();
  const one = imageTarget({ unprotectedTags: true, copy: { ...copyRule, ...rule } });
  world.targets[0] = one;
  return one;
};

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  await world.close();
});

const deploy = async (one: Target, image: Partial<PushedImage> = {}, behaviour = healthy) => {
  const cause = await world.push(behaviour, image);
  return { ...(await world.run(cause, { target: one })), digest: cause.digest };
};

const ecr = (name = repository) => world.world.ecrView(name);
const tagged = (tag: string) => ecr().images.find(({ tags }) => tags.includes(tag))?.digest;
const times = (states: readonly string[], state: string) => states.filter((one) => one === state).length;
const running = () => world.world.serviceView('prod', 'web').rollouts.flatMap(({ images }) => images);
const updates = () => world.fleet.calls.filter(({ operation }) => operation === 'UpdateService').length;

/** The run failed by this name, the service was not touched and is free, and ECR has no tag of the image. */
const expectFailed = (run: { error?: string; execution: string }, name: string): void => {
  expect(run.error).toBe(name);
  seen.add(name);
  expect(world.journal.records.get(run.execution)?.end).toMatchObject({ outcome: 'failed', failure: name });
  expect(world.journal.locks.get('prod/web')?.holder).toBeUndefined();
  expect(updates()).toBe(0);
  expect(world.traffic.failed).toBe(0);
};

const platforms = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];
const whole: Partial<PushedImage> = { platforms, attestations: true, signature: true, referrer: true };

describe('a pushed image', () => {
  test('is copied whole, tagged last, and deployed by its digest', async () => {
    const one = await begin({ alsoTag: ['latest'] });
    const layers = [{ size: 5_000 }, { size: 300 }];
    const run = await deploy(one, { ...whole, layers });
    expect(run.status).toBe('succeeded');
    expect([tagged('v1'), tagged('latest')]).toEqual([run.digest, run.digest]);
    // index, two images, two attestations; signature and bill of materials
    expect(ecr().images.filter(({ tags }) => !tags.includes('first'))).toHaveLength(7);
    expect(running()).toContain(`${registry}/${repository}@${run.digest}`);
    expect(world.copies.progress.size).toBe(0);
    expect(world.traffic.failed).toBe(0);
  });

  test('is looked at again once it is copied, since the service may have changed meanwhile', async () => {
    const one = await begin();
    const { states } = await deploy(one);
    expect(states.slice(states.indexOf('Look'), states.indexOf('Register'))).toEqual([
      ...['Look', 'Ready?', 'Copy image', 'Copied?', 'Look', 'Ready?'],
    ]);
    expect(states.length).toBeLessThanOrEqual(90);
  });

  test('that is in ECR already moves no byte', async () => {
    const one = await begin({ alsoTag: ['latest'] });
    await deploy(one, { seed: 'one' });
    await deploy(one, { seed: 'two' });
    const { bytesReceived } = ecr();
    const run = await deploy(one, { seed: 'one', tag: 'v2' });
    expect(run.status).toBe('succeeded');
    expect(ecr().bytesReceived).toBe(bytesReceived);
    expect([tagged('v2'), tagged('latest')]).toEqual([run.digest, run.digest]);
  });

  test('A, B, A by three pushes: three deployments', async () => {
    const one = await begin();
    for (const seed of ['a', 'b', 'a']) {
      const run = await deploy(one, { seed });
      expect(run.status).toBe('succeeded');
      expect(running()).toContain(`${registry}/${repository}@${run.digest}`);
    }
    expect(updates()).toBe(3);
  });

  test('that does not come to life is undone like any other', async () => {
    const one = await begin();
    const run = await deploy(one, {}, unhealthy);
    expect(run.error).toBe('RolloutFailed');
    expect(world.traffic.failed).toBe(0);
  });

  test('of a pipeline is found under the commit in GitLab’s registry', async () => {
    await begin();
    const image = `${world.gitlab.registryHost}/acme/web/app:{sha}`;
    world.targets[0] = target({ image, copy: copyRule });
    const { sha } = await world.gitlab.control.push({ project, ref: 'main' });
    const { digest } = await world.push(healthy, { tag: sha });
    const { id, finishedAt } = await world.gitlab.control.runPipeline({ project, sha });
    const cause = {
      kind: 'pipeline',
      project,
      pipeline: id,
      finishedAt: (finishedAt ?? '').slice(0, 19) + 'Z',
    } as const;
    expect((await world.run(cause)).status).toBe('succeeded');
    expect(tagged(sha)).toBe(digest);
    expect(running()).toContain(`${registry}/${repository}@${digest}`);
  });
});

describe('a copy that takes long', () => {
  test('goes on in as many invocations as it needs, and sends next to nothing twice', async () => {
    const one = await begin();
    let asked = 0;
    world.invocation.remaining = () => ((asked += 1) % 12 === 0 ? 0 : 900_000);
    const size = 40_000;
    const run = await deploy(one, { layers: [{ size }, { size }] });
    expect(run.status).toBe('succeeded');
    const invocations = times(run.states, 'Copy image');
    expect(invocations).toBeGreaterThan(3);
    expect(ecr().bytesReceived).toBeGreaterThan(2 * size);
    expect(ecr().bytesReceived).toBeLessThan(2 * size + 2_000 + invocations * 2 * 1_024);
    expect(tagged('v1')).toBe(run.digest);
  });

  test('waits while the registry is down, and goes on when it is back', async () => {
    const one = await begin();
    const fault = { kind: 'error', status: 502 } as const;
    await world.gitlab.control.setRegistryFault({ route: 'GET /v2/**', forSeconds: 180, fault });
    const run = await deploy(one);
    expect(run.status).toBe('succeeded');
    expect(times(run.states, 'Wait for copy')).toBe(12);
  });

  test('takes the signature that came two minutes after its image', async () => {
    const one = await begin({ signatures: 'required' });
    world.eachSecond((second) => {
      if (second === 120) void world.push(healthy, { seed: 'signed', signature: true });
    });
    const run = await deploy(one, { seed: 'signed' });
    expect(run.status).toBe('succeeded');
    expect(times(run.states, 'Wait for copy')).toBe(8);
    expect(ecr().images.flatMap(({ tags }) => tags)).toContain(`${run.digest.replace(':', '-')}.sig`);
  });
});

/** A manifest that no client would push, under v1; the cause of its push. */
const pushManifest = async (layer: object): Promise<ImageCause> => {
  const { blobs } = await world.gitlab.control.pushImage({ repository: 'acme/web/app', layers: [{ size: 1_000 }] });
  const [config] = blobs.filter(({ size }) => size !== 1_000);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const document = {
    ...{ schemaVersion: 2, mediaType },
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${'c'.repeat(64)}`, ...layer }],
  };
  const put = { repository: 'acme/web/app', tag: 'v1', mediaType, body: JSON.stringify(document) };
  const { digest } = await world.gitlab.control.putRegistryManifest(put);
  const pushedAt = new Date(world.clock.now()).toISOString();
  return { kind: 'image', project, repository: 'acme/web/app', tag: 'v1', digest, event: 'by-hand', pushedAt };
};

describe('a copy that is refused or gives up', () => {
  test('PlatformMissing: nothing is copied', async () => {
    const one = await begin();
    expectFailed(await deploy(one, { platforms: [{ os: 'linux', architecture: 'arm64' }] }), 'PlatformMissing');
    expect(ecr().bytesReceived).toBe(0);
  });

  test('RepositoryMissing', async () => {
    const one = await begin({ repository: 'acme/none' });
    expectFailed(await deploy(one), 'RepositoryMissing');
  });

  test('a repository that the target wants made is made, with immutable tags', async () => {
    const one = await begin({ repository: 'acme/none', createRepository: true });
    expect((await deploy(one)).status).toBe('succeeded');
    expect(ecr('acme/none').imageTagMutability).toBe('IMMUTABLE');
  });

  test('TagTaken: the image is there, and the tag stays where it was', async () => {
    const one = await begin();
    world.world.putRepository({ name: repository, imageTagMutability: 'IMMUTABLE' });
    const { digest } = world.world.putImage({ repository, tag: 'v1', behaviour: healthy });
    const run = await deploy(one);
    expectFailed(run, 'TagTaken');
    expect(tagged('v1')).toBe(digest);
    expect(ecr().images.map((image) => image.digest)).toContain(run.digest);
  });

  test('ImageRefused: a layer that lies elsewhere', async () => {
    const one = await begin();
    const cause = await pushManifest({ size: 10, urls: ['https://example.com/layer'] });
    expectFailed(await world.run(cause, { target: one }), 'ImageRefused');
    expect(ecr().bytesReceived).toBe(0);
  });

  test('LayerTooLarge, before the first byte', async () => {
    const one = await begin({ maxImageGib: 500 });
    const cause = await pushManifest({ size: 60_000 * 2 ** 20 });
    expectFailed(await world.run(cause, { target: one }), 'LayerTooLarge');
    expect(ecr().bytesReceived).toBe(0);
  });

  test('RegistryRefused: it wants our login somewhere else', async () => {
    const one = await begin();
    const fault = { kind: 'challenge', realm: 'https://login.example.com/auth' } as const;
    await world.gitlab.control.setRegistryFault({ route: 'GET /v2/**', rate: 1, fault });
    expectFailed(await deploy(one), 'RegistryRefused');
  });

  test('SignatureMissing after five minutes, and no tag', async () => {
    const one = await begin({ signatures: 'required' });
    const run = await deploy(one);
    expectFailed(run, 'SignatureMissing');
    expect(times(run.states, 'Wait for copy')).toBe(20);
    expect(tagged('v1')).toBeUndefined();
  });

  test('CopyTimedOut after six hours', async () => {
    const one = await begin();
    world.invocation.remaining = () => 0;
    const run = await deploy(one);
    expectFailed(run, 'CopyTimedOut');
    expect(times(run.states, 'Copy image')).toBe(25);
  });
});

test('every failure of a copy was reached', async () => {
  await begin();
  expect(copyFailures.filter((name) => !seen.has(name))).toEqual([]);
});
