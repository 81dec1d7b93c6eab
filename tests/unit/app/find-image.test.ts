import { findImage, type FindImageInput } from '../../../lib/app/find-image.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { failing } from '../../support/memory-faults.ts';
import { memoryImages, memoryTags } from '../../support/memory-ports.ts';
import { digest, gitlabRegistry, olderDigest, registry as ecr } from '../../support/samples.ts';

const inEcr = { host: ecr, repository: 'acme/web', tag: 'v1' };
const inGitlab = { host: gitlabRegistry, repository: 'acme/web/app', tag: 'v1' };
const wait = { unreachable: 0, seconds: 15 };

const world = () => {
  const ports = { images: memoryImages({ 'acme/web:v1': olderDigest }), registry: memoryTags(), ecr };
  const find = (image: FindImageInput['image'], waited = wait) =>
    findImage(ports)({ deployment: 'web-1', image, copy: image.host !== ecr, wait: waited });
  return { ...ports, find };
};

test('an image in ECR is found there by its tag, and GitLab is not asked', async () => {
  const { find, registry } = world();
  expect(await find(inEcr)).toEqual({ done: true, digest: olderDigest, copy: false });
  expect(registry.asked).toBe(0);
});

test("an image that is to be copied is found in GitLab's registry", async () => {
  expect(await world().find(inGitlab)).toEqual({ done: true, digest, copy: true });
});

test('a pushed image is the one that Confirm saw, whatever the tag names by now; nobody is asked', async () => {
  const { find, registry } = world();
  registry.tags.set('acme/web/app:v1', olderDigest);
  expect(await find({ ...inGitlab, digest })).toEqual({ done: true, digest, copy: true });
  expect(registry.asked).toBe(0);
});

describe('an image that was deployed before', () => {
  const again = (digestBefore: string, copy: boolean) => {
    const { images, registry } = world();
    registry.down = new DeployFailure('RegistryUnavailable', 'down');
    const image = { ...inEcr, digest: digestBefore };
    return findImage({ images, registry, ecr })({ deployment: 'web-1', image, copy, wait });
  };

  test.each([true, false])(
    'is not copied when ECR has it, and GitLab is not asked (could be copied: %s)',
    async (copy) => {
      expect(await again(olderDigest, copy)).toEqual({ done: true, digest: olderDigest, copy: false });
    },
  );

  test('is copied again when ECR has lost it', async () => {
    expect(await again(digest, true)).toEqual({ done: true, digest, copy: true });
  });

  test('that ECR has lost and that cannot be copied is ImageMissing', async () => {
    await expect(again(digest, false)).rejects.toMatchObject({
      name: 'ImageMissing',
      because: 'ECR has no image of this name',
    });
  });
});

test.each([
  ['ECR', { ...inEcr, tag: 'v2' }],
  ["GitLab's registry", { ...inGitlab, tag: 'v2' }],
])('one that is not in %s is ImageMissing', async (where, image) => {
  await expect(world().find(image)).rejects.toMatchObject({
    name: 'ImageMissing',
    because: `${where} has no image of this name`,
    facts: { repository: image.repository, tag: 'v2' },
  });
});

describe('while the registry does not answer', () => {
  const down = new DeployFailure('RegistryUnavailable', 'the registry answered 502');

  test('it is asked again, for thirty minutes, then RegistryUnavailable', async () => {
    const { find, registry } = world();
    registry.down = down;
    const waits: FindImageInput['wait'][] = [];
    for (let last = wait; last.unreachable < 1800; waits.push(last)) {
      const output = await find(inGitlab, last);
      expect(output).toMatchObject({ done: false, because: 'the registry answered 502' });
      last = (output as { wait: FindImageInput['wait'] }).wait;
    }
    const seconds = waits.map((one) => one.seconds);
    expect([seconds.reduce((all, one) => all + one), [...new Set(seconds)]]).toEqual([1800, [15, 60]]);
    await expect(find(inGitlab, { unreachable: 1800, seconds: 60 })).rejects.toBe(down);
  });

  test('an image in ECR does not wait for it', async () => {
    const { find, registry } = world();
    registry.down = down;
    expect(await find(inEcr)).toMatchObject({ done: true });
  });
});

test.each(['RegistryRefused', 'AwsUnavailable'] as const)('%s is no case for asking again here', async (name) => {
  const { registry, ...ports } = world();
  const failure = new DeployFailure(name, 'x');
  const find = findImage({ ...ports, registry: failing(registry, 'digestOf', { failure }) });
  await expect(find({ deployment: 'web-1', image: inGitlab, copy: true, wait })).rejects.toBe(failure);
});
