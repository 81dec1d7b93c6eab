import type { ListImageReferrersResponse } from '@aws-sdk/client-ecr';
import {
  deployed,
  executionEnd,
  executions,
  fleet,
  gitlab,
  gitlabRepository,
  healthy,
  journalled,
  registry,
  rehearsed,
  statesOf,
  until,
} from '../support/deployed.ts';
import {
  begunBy,
  blobRequests,
  ecrOf,
  forget,
  pushed,
  stallNextBlob,
  storagePath,
  tellDoor,
  tellOfPushes,
} from '../support/deployed-images.ts';
import { endedDeployed, turnOf } from '../support/deployed-service.ts';

/** Pushed to GitLab's registry, told, copied into ECR, deployed: nobody but Drawbridge has a right in AWS. */

tellOfPushes();

const mebibyte = 2 ** 20;
const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }));
/** Takes so long to be healthy that the next one has to wait for its turn. */
const slow = { does: 'become healthy', after: 60 } as const;
const patientService = { healthCheckGracePeriod: 120 };

const waitingFor = (execution: string): Promise<true> =>
  until(`${execution} to wait for its turn`, async () =>
    (await statesOf(execution)).includes('Wait for turn') ? true : undefined,
  );

pushed(
  'all of an image is copied as it is, in parts and on from where a connection broke off; its tags come last; it runs by its digest',
  'whole-image',
  async (scene, users) => {
    const layers = [{ size: 25 * mebibyte, seed: 'whole-image' }, { size: 2_000 }];
    const whole = { layers, platforms, attestations: true, signature: true, referrer: true, seed: 'whole' };
    const { blobs } = await scene.push({ ...whole, tag: 'build-1' });
    const big = blobs.find(({ size }) => size === 25 * mebibyte)?.digest ?? '';
    const cut = { kind: 'cut', at: 12 * mebibyte } as const;
    await gitlab.setRegistryFault({ route: `GET ${storagePath(big)}`, fault: cut });
    const image = await scene.push({ ...whole, tag: 'v1' });
    expect(await executionEnd(image.execution)).toMatchObject(endedDeployed);

    const { images, layers: copied } = await scene.ecr();
    expect(images.map(({ digest }) => digest).toSorted()).toEqual(image.manifests.toSorted());
    const sizes = (all: readonly { digest: string; size: number }[]) =>
      new Map(all.map((one) => [one.digest, one.size]));
    expect(sizes(copied)).toEqual(sizes(blobs));
    expect(copied.find(({ digest }) => digest === big)).toMatchObject({ bytesReceived: 25 * mebibyte });
    const asked = (await gitlab.registryRequests()).filter(({ path }) => path === storagePath(big));
    expect(asked.map(({ status, fault, range }) => [status, fault, range])).toEqual([
      ['cut', 'cut', undefined],
      [206, undefined, expect.stringMatching(/^bytes=[1-9]\d+-$/)],
    ]);

    expect(images.filter(({ tags }) => tags.length > 0).map(({ digest, tags }) => [digest, tags.toSorted()])).toEqual(
      expect.arrayContaining([
        [image.digest, ['latest', 'v1']],
        [expect.any(String), [`${image.digest.replace(':', '-')}.sig`]],
      ]),
    );
    const puts = (await scene.ecrCalls('PutImage')).map(({ input }) => input['imageTag']);
    expect(puts.slice(-2)).toEqual(['v1', 'latest']);
    const input = { repositoryName: ecrOf(scene.name), subjectId: { imageDigest: image.digest } };
    const answer = await fleet.call({ service: 'ecr', operation: 'ListImageReferrers', input });
    expect((answer as ListImageReferrersResponse).referrers?.map(({ digest }) => digest)).toEqual([
      image.manifests.at(-1),
    ]);

    expect((await scene.view()).rollouts).toMatchObject([{ rolloutState: 'COMPLETED', images: [scene.pinned(image)] }]);
    expect(await scene.updates()).toHaveLength(1);
    expect(users.traffic().byDigest[image.digest]).toBeGreaterThan(0);
  },
  { target: { also_tag: ['latest'] }, beside: true },
);

/** Impatient as GitLab's default, and less so; that go on for ever, as older registries do, or give up. */
const senders = [
  { name: 'impatient for ever', timeout: 500, retries: 'for ever' },
  { name: 'impatient', timeout: 500, retries: 5 },
  { name: 'patient for ever', timeout: 1_000, retries: 'for ever', version: 'v2' },
  { name: 'patient', timeout: 1_000, retries: 5, version: 'v2' },
] as const;
// What they wait for an answer is real time; so is a second before the next try, then.
const backoff = 1_000 * deployed.speed;

pushed(
  'the same event from five senders, most of them impatient: none is stalled, and there is one deployment, into a repository made for it, where no other image gets the tag',
  'told-five-times',
  async (scene) => {
    for (const sender of senders) await tellDoor({ ...sender, backoff });
    const image = await scene.push({ tag: 'v1' });
    const told = await until('all five to be answered', async () => {
      const all = (await gitlab.registryDeliveries()).filter(({ event }) => event === image.event);
      return all.filter(({ state }) => state !== 'to be retried').length === 5 ? all : undefined;
    });
    for (const { name } of senders) await gitlab.removeRegistryNotifications({ name });
    const accepted = told.filter(({ state }) => state === 'accepted');
    // Who gives up may have lost it to a machine that is too busy.
    const stubborn = ['drawbridge', 'impatient for ever', 'patient for ever'];
    expect(accepted.map(({ endpoint }) => endpoint)).toEqual(expect.arrayContaining(stubborn));
    expect(new Set(accepted.map(({ responseStatus }) => responseStatus))).toEqual(new Set([202]));
    expect(new Set(accepted.map(begunBy))).toEqual(new Set([image.execution]));

    expect(await executionEnd(image.execution)).toMatchObject(endedDeployed);
    expect(await executions(image.execution.replace(/-\d+$/, ''))).toEqual([image.execution]);
    expect(await scene.updates()).toHaveLength(1);
    expect((await scene.ecr()).imageTagMutability).toBe('IMMUTABLE');

    const other = await scene.push({ tag: 'v1' });
    expect(await executionEnd(other.execution)).toMatchObject({ status: 'FAILED', error: 'TagTaken' });
    expect(await scene.tagged('v1')).toBe(image.digest);
    expect((await scene.view()).rollouts).toMatchObject([{ images: [scene.pinned(image)] }]);
    expect(await scene.updates()).toHaveLength(1);
  },
  { target: { create_repository: true }, beside: true },
);

pushed(
  'A, B and A again by three pushes: three deployments, and the last one moves no byte',
  'back-and-forth',
  async (scene) => {
    const received: number[] = [];
    for (const seed of ['a', 'b', 'a']) {
      const image = await scene.push({ tag: 'v1', seed });
      expect(await executionEnd(image.execution)).toMatchObject(endedDeployed);
      expect((await scene.view()).rollouts).toMatchObject([{ images: [scene.pinned(image)] }]);
      expect(await scene.tagged('v1')).toBe(image.digest);
      received.push((await scene.ecr()).bytesReceived);
    }
    expect(await scene.updates()).toHaveLength(3);
    expect(received[1]).toBeGreaterThan(received[0] ?? 0);
    expect(received[2]).toBe(received[1]);
  },
  { beside: true },
);

pushed(
  'a tag that is moved during the copy: what was confirmed runs, and then the other image',
  'moved',
  async (scene, users) => {
    const stalled = await stallNextBlob(scene.images);
    const first = await scene.push({ tag: 'v1' });
    await stalled();
    const second = await scene.push({ tag: 'v1' });
    await gitlab.releaseRegistry();
    expect(await executionEnd(first.execution)).toMatchObject(endedDeployed);
    expect(await executionEnd(second.execution)).toMatchObject(endedDeployed);
    expect(await journalled(first.execution)).toMatchObject({ found: { digest: first.digest } });
    expect(users.traffic().byDigest[first.digest]).toBeGreaterThan(0);
    expect((await scene.view()).rollouts).toMatchObject([{ images: [scene.pinned(second)] }]);
    const tagged = (await scene.ecrCalls('PutImage')).filter(({ input }) => input['imageTag'] === 'v1');
    expect(tagged.map(({ input }) => input['imageDigest'])).toEqual([first.digest, second.digest]);
  },
  { beside: true },
);

pushed(
  'a tag that is overwritten while its image waits for its turn: what it named at Confirm is deployed',
  'overwritten',
  async (scene) => {
    const before = await scene.push({ tag: 'v1', behaviour: slow });
    await turnOf(scene, before.execution);
    const waiting = await scene.push({ tag: 'v2' });
    await waitingFor(waiting.execution);
    // Nothing is told of the other image: what is newer would supersede the one that waits.
    await forget(scene.images);
    const other = await scene.push({ tag: 'v2' });
    expect(other.execution).toBe('');
    expect(await executionEnd(before.execution)).toMatchObject(endedDeployed);
    expect(await executionEnd(waiting.execution)).toMatchObject(endedDeployed);
    expect((await scene.view()).rollouts).toMatchObject([{ images: [scene.pinned(waiting)] }]);
    expect(await scene.tagged('v2')).toBe(waiting.digest);
    expect((await scene.ecr()).images.map(({ digest }) => digest)).not.toContain(other.digest);
  },
  { service: patientService, beside: true },
);

rehearsed(
  'the image of a pipeline, in GitLab’s registry: found once and copied, of the next one only what changed, also when its tag is overwritten meanwhile',
  'from-gitlab',
  async ({ name, project, ...scene }) => {
    const images = gitlabRepository(name);
    await fleet.putRepository({ name: ecrOf(name) });
    const release = async (change: string, behaviour: typeof healthy = healthy) => {
      const { sha } = await gitlab.push({ project, ref: 'main' });
      const layers = [
        { size: 300_000, seed: 'from-gitlab' },
        { size: 20_000, seed: change },
      ];
      const image = await gitlab.pushImage({ repository: images, tag: sha, layers, behaviour });
      const before = await scene.begun();
      await gitlab.runPipeline({ project, sha });
      const execution = (await scene.begun()).find((one) => !before.includes(one)) ?? '';
      return { ...image, sha, execution };
    };
    const first = await release('one');
    expect(await executionEnd(first.execution)).toMatchObject(endedDeployed);
    const second = await release('two', slow);
    await turnOf({ name, project, ...scene }, second.execution);
    const third = await release('three');
    await waitingFor(third.execution);
    await gitlab.pushImage({ repository: images, tag: third.sha });
    expect(await executionEnd(second.execution)).toMatchObject(endedDeployed);
    expect(await executionEnd(third.execution)).toMatchObject(endedDeployed);

    const { images: copied, bytesReceived } = await fleet.ecrView(ecrOf(name));
    const tags = new Map(copied.map((one) => [one.digest, one.tags.toSorted()]));
    expect(tags).toEqual(
      new Map([
        [first.digest, [first.sha]],
        [second.digest, [second.sha]],
        [third.digest, ['latest', third.sha].toSorted()],
      ]),
    );
    const blobs = new Map([first, second, third].flatMap((one) => one.blobs.map(({ digest, size }) => [digest, size])));
    expect(bytesReceived).toBe([...blobs.values()].reduce((sum, size) => sum + size));
    const base = first.blobs.find(({ size }) => size === 300_000)?.digest ?? '';
    expect((await blobRequests(images)).filter(({ path }) => path.endsWith(base))).toHaveLength(1);
    expect((await scene.view()).rollouts).toMatchObject([{ images: [`${registry}/${ecrOf(name)}@${third.digest}`] }]);
    expect(await scene.updates()).toHaveLength(3);
  },
  { copied: { ecr_repository: ecrOf('from-gitlab'), also_tag: ['latest'] }, service: patientService, beside: true },
);
