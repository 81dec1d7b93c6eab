import type { ConfirmInput } from '../../../lib/app/confirm.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { Target } from '../../../lib/domain/target.ts';
import {
  copyRule,
  digest,
  gitlabRegistry,
  imageCause,
  imageTarget,
  jobTarget,
  olderDigest,
  operatorCause,
  operatorOfTag,
  pipelineCause,
  project,
  record,
  registry as ecr,
  sha,
  target,
  without,
} from '../../support/samples.ts';
import { confirmWorld, noWait, patience, type ConfirmWorld } from './confirm-world.ts';

/** Confirm for images in GitLab's registry: those that a pipeline built there, and those whose push is the cause. */

const world = (waiting: Target = imageTarget()): ConfirmWorld => {
  const here = confirmWorld(waiting);
  return { ...here, ask: (change) => here.ask({ cause: imageCause, ...change }) };
};

const sought = { host: gitlabRegistry, repository: 'acme/web/app', tag: 'v1', digest };
const copy = { ...copyRule, from: { repository: 'acme/web/app', tag: 'v1' } };

describe('a pushed image', () => {
  test('is confirmed by its digest, to be copied', async () => {
    expect(await world().ask()).toEqual({ done: true, image: sought, copy: true });
  });

  test('is journalled under its name in ECR, with where it comes from; it says nothing of a commit', async () => {
    const { journal, ask } = world();
    await ask();
    const expected = {
      ...without(without(record(), 'sha'), 'ref'),
      cause: imageCause,
      askedAt: imageCause.pushedAt,
      key: [1_767_606_000_123],
      image: `${ecr}/acme/web:v1`,
      copy,
    };
    expect([...journal.records.values()]).toStrictEqual([expected]);
  });

  test('that was pushed over since is superseded: a success, and no record is opened', async () => {
    const { registry, journal, ask } = world();
    registry.tags.set('acme/web/app:v1', olderDigest);
    expect(await ask()).toEqual({
      state: 'ended',
      outcome: 'superseded',
      because: 'the tag names another image by now',
    });
    expect(journal.records.size).toBe(0);
  });

  test('whose tag is gone is ImageMissing', async () => {
    const { registry, journal, ask } = world();
    registry.tags.clear();
    await expect(ask()).rejects.toMatchObject({
      name: 'ImageMissing',
      facts: { repository: 'acme/web/app', tag: 'v1' },
    });
    expect(journal.records.size).toBe(0);
  });

  test.each<[string, (world: ConfirmWorld) => unknown, RegExp]>([
    [
      'whose tag no rule covers',
      ({ gitlab }) => (gitlab.tagRules = new Map()),
      /no rule of the project protects the tag/,
    ],
    [
      'where GitLab shows no rules',
      ({ gitlab }) => (gitlab.tagRules = undefined),
      /older than 18\.7.*unprotected_tags/,
    ],
    ["of another project's repository", ({ gitlab }) => gitlab.paths.set(project, 'acme/we'), /not the project's own/],
    [
      'of a project that GitLab does not know',
      ({ gitlab }) => {
        gitlab.paths.clear();
      },
      /knows no such project/,
    ],
  ])('%s is NotConfirmed, before the registry is asked', async (_what, act, because) => {
    const here = world();
    act(here);
    await expect(here.ask()).rejects.toMatchObject({
      name: 'NotConfirmed',
      because: expect.stringMatching(because) as string,
    });
    expect([here.journal.records.size, here.registry.asked]).toEqual([0, 0]);
  });

  test.each([
    ["another repository's", 'v*', { repository: 'acme/web/other' }],
    ['of a tag that the target does not wait for', 'v*', { tag: 'latest' }],
    ['that is a signature', '*', { tag: `sha256-${'a'.repeat(64)}.sig` }],
  ])('%s is NotConfirmed before anybody is asked', async (_what, pattern, change) => {
    const { gitlab, registry, ask } = world(
      imageTarget({ on: { kind: 'image', repository: 'acme/web/app', tag: pattern } }),
    );
    gitlab.down = 'x';
    await expect(ask({ cause: { ...imageCause, ...change } })).rejects.toMatchObject({ name: 'NotConfirmed' });
    expect(registry.asked).toBe(0);
  });

  test('with an unguarded tag will do where ops said so, but not out of another project', async () => {
    const { gitlab, ask } = world(imageTarget({ unprotectedTags: true }));
    gitlab.tagRules = undefined;
    expect(await ask()).toMatchObject({ done: true });
    gitlab.paths.set(project, 'acme/other');
    await expect(ask()).rejects.toMatchObject({ name: 'NotConfirmed' });
  });
});

describe('causes of the other kind', () => {
  test.each([
    ['a pipeline, where an image is waited for', imageTarget(), pipelineCause],
    ["an operator's pipeline, where an image is waited for", imageTarget(), operatorCause],
    ['an image, where a pipeline is waited for', target(), imageCause],
    ['an image, where a job is waited for', jobTarget(), imageCause],
    ["an operator's tag, where a pipeline is waited for", target(), operatorOfTag],
  ])('%s: NotConfirmed', async (_what, waiting, cause) => {
    const { journal, ask } = world(waiting);
    await expect(ask({ cause })).rejects.toMatchObject({
      name: 'NotConfirmed',
      because: expect.stringMatching(/^the target waits for (an|no) image$/) as string,
    });
    expect(journal.records.size).toBe(0);
  });
});

describe("an operator's tag", () => {
  test('is what it names now, past the order', async () => {
    const { registry, journal, ask } = world();
    registry.tags.set('acme/web/app:v1', olderDigest);
    expect(await ask({ cause: operatorOfTag })).toEqual({
      done: true,
      image: { ...sought, digest: olderDigest },
      copy: true,
    });
    expect(journal.records.get('web-1')).toMatchObject({
      cause: operatorOfTag,
      key: [],
      askedAt: operatorOfTag.at,
      copy,
    });
  });

  test.each<[string, (world: ConfirmWorld) => unknown]>([
    ['no rule covers it', ({ gitlab }) => (gitlab.tagRules = new Map())],
    ["the repository is not the project's", ({ gitlab }) => gitlab.paths.set(project, 'acme/other')],
  ])('is asked the same as a push: %s', async (_what, act) => {
    const here = world();
    act(here);
    await expect(here.ask({ cause: operatorOfTag })).rejects.toMatchObject({ name: 'NotConfirmed' });
  });

  test("must be one that the target waits for: it decides what may run, the operator's word only when", async () => {
    await expect(world().ask({ cause: { ...operatorOfTag, tag: 'latest' } })).rejects.toMatchObject({
      name: 'NotConfirmed',
      because: 'its tag is another',
    });
  });

  test('that is no tag is refused, naming the field', async () => {
    await expect(world().ask({ cause: { ...operatorOfTag, tag: 'v1 v2' } })).rejects.toMatchObject({
      name: 'NotConfirmed',
      because: expect.stringContaining('cause.tag') as string,
    });
  });
});

describe('an image that a pipeline built into GitLab’s registry', () => {
  const image = `${gitlabRegistry}/acme/web/app:{sha}`;
  const copied = target({ image, copy: copyRule });

  test('is to be looked for there, and copied', async () => {
    const { journal, ask } = world(copied);
    const found = { host: gitlabRegistry, repository: 'acme/web/app', tag: sha };
    expect(await ask({ cause: pipelineCause })).toEqual({ done: true, image: found, copy: true });
    expect([...journal.records.values()]).toStrictEqual([
      record({
        image: `${ecr}/acme/web:${sha}`,
        copy: { ...copyRule, from: { repository: 'acme/web/app', tag: sha } },
      }),
    ]);
  });

  test.each([
    [
      "on a host that is not the registry's",
      { image: 'registry.evil.example/acme/web/app:{sha}', copy: copyRule },
      'registry.evil.example',
    ],
    ['without a word on its copy', { image }, gitlabRegistry],
    [
      "in another account's ECR",
      { image: '999999999999.dkr.ecr.us-gov-west-1.amazonaws.com/acme/web:{sha}', copy: copyRule },
      '999999999999.dkr.ecr.us-gov-west-1.amazonaws.com',
    ],
  ])('%s: OutsideStack, by the host', async (_what, change, resource) => {
    const { journal, ask } = world(target(change));
    await expect(ask({ cause: pipelineCause })).rejects.toMatchObject({ name: 'OutsideStack', facts: { resource } });
    expect(journal.records.size).toBe(0);
  });
});

test.each([
  ['pushed', imageTarget({ copy: { ...copyRule, repository: 'other/web' } }), imageCause],
  [
    'built',
    target({ image: `${gitlabRegistry}/acme/web/app:{sha}`, copy: { ...copyRule, repository: 'other/web' } }),
    pipelineCause,
  ],
])('the ECR repository that is written is what the stack’s bounds are about: %s', async (_what, waiting, cause) => {
  const { journal, ask } = world(waiting);
  await expect(ask({ cause })).rejects.toMatchObject({
    name: 'OutsideStack',
    facts: { resource: 'arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/other/web' },
  });
  expect(journal.records.size).toBe(0);
});

describe('asking again', () => {
  const down = new DeployFailure('RegistryUnavailable', 'the registry answered 502');

  test.each<[string, Target, ConfirmInput['cause']]>([
    ['a pushed image', imageTarget(), imageCause],
    ["an operator's tag", imageTarget(), operatorOfTag],
    ['a built image', target({ image: `${gitlabRegistry}/acme/web/app:{sha}`, copy: copyRule }), pipelineCause],
  ])(
    'the registry does not answer about %s: for thirty minutes, then RegistryUnavailable',
    async (_what, waiting, cause) => {
      const here = world(waiting);
      here.registry.down = down;
      expect(await here.ask({ cause })).toEqual({
        done: false,
        wait: { unsettled: 0, unreachable: 15, seconds: 15 },
        because: 'the registry answered 502',
      });
      expect(await patience(here, cause)).toBe(1800);
      await expect(here.ask({ cause, wait: { ...noWait, unreachable: 1800 } })).rejects.toBe(down);
      expect(here.journal.records.size).toBe(0);
    },
  );

  test('what it refuses for good is no case for it', async () => {
    const { registry, ask } = world();
    registry.down = new DeployFailure('RegistryRefused', 'x');
    await expect(ask()).rejects.toMatchObject({ name: 'RegistryRefused' });
  });

  test('GitLab unreachable: for thirty minutes, then GitLabUnavailable', async () => {
    const here = world();
    here.gitlab.down = 'GitLab answered 502';
    expect(await here.ask()).toMatchObject({ done: false, because: 'GitLab answered 502' });
    expect(await patience(here, imageCause)).toBe(1800);
    await expect(here.ask({ wait: { ...noWait, unreachable: 1800 } })).rejects.toMatchObject({
      name: 'GitLabUnavailable',
    });
  });

  test('GitLab answers where the project lies, and then no more', async () => {
    const { gitlab, ask } = world();
    gitlab.imageTagProtected = () => Promise.resolve({ state: 'unavailable', because: 'GitLab answered 429' });
    expect(await ask()).toMatchObject({ done: false, because: 'GitLab answered 429' });
  });
});
