import fc from 'fast-check';
import { readTarget } from '../../../lib/adapters/aws/target-document.ts';
import {
  copyRule,
  gitlabRegistry,
  imageTarget,
  project,
  registry,
  target,
  targetDocument as document,
  without,
} from '../../support/samples.ts';

const id = { project, name: 'web' };
const read = (value: unknown, name = id.name) =>
  readTarget({ project, name }, typeof value === 'string' ? value : JSON.stringify(value), registry);
const problems = (value: unknown): string[] => {
  const result = read(value);
  return 'problems' in result ? result.problems : [];
};

describe('a document', () => {
  test('with the least is a target with the defaults', () => {
    expect(read(document)).toEqual({ target: target() });
  });

  test.each([
    [
      { job: { name: 'deploy-prod', ref: 'main' } },
      { kind: 'job', job: 'deploy-prod', ref: 'main', sources: ['push'] },
    ],
    [{ tag: { pattern: 'v*' } }, { kind: 'tag', pattern: 'v*', sources: ['push'] }],
    [
      { pipeline: { ref: 'main', sources: ['push', 'schedule'] } },
      { kind: 'pipeline', ref: 'main', sources: ['push', 'schedule'] },
    ],
  ])('on %p', (on, trigger) => {
    expect(read({ ...document, on })).toMatchObject({ target: { on: trigger } });
  });

  test('with everything', () => {
    const strategy = { type: 'rolling', timeout_minutes: 45 };
    expect(read({ ...document, strategy, environment: 'production', unprotected_refs: true })).toEqual({
      target: target({
        strategy: { type: 'rolling', timeoutMinutes: 45 },
        environment: 'production',
        unprotectedRefs: true,
      }),
    });
  });
});

const copied = { ...document, image: `${gitlabRegistry}/acme/web/app:{sha}`, ecr_repository: 'acme/web' };
const onImage = {
  ...without(document, 'image'),
  on: { image: { repository: 'acme/web/app', tag: 'v*' } },
  ecr_repository: 'acme/web',
};

describe('an image that is to be copied', () => {
  test("from GitLab's registry, with the defaults", () => {
    expect(read(copied)).toEqual({ target: target({ image: copied.image, copy: copyRule }) });
  });

  test('with everything', () => {
    const rule = {
      also_tag: ['latest', 'stable'],
      create_repository: true,
      copy_signatures: 'required',
      max_image_gib: 500,
    };
    const copy = {
      repository: 'acme/web',
      alsoTag: ['latest', 'stable'],
      createRepository: true,
      signatures: 'required',
      maxImageGib: 500,
    };
    expect(read({ ...copied, ...rule })).toMatchObject({ target: { copy } });
  });

  test('from a registry on a port', () => {
    const image = 'gitlab.example.com:5050/acme/web:{short_sha}';
    expect(read({ ...copied, image })).toMatchObject({ target: { image } });
  });

  test('as it is pushed: the trigger names it', () => {
    expect(read(onImage)).toEqual({ target: imageTarget() });
    expect(read({ ...onImage, unprotected_tags: true })).toEqual({ target: imageTarget({ unprotectedTags: true }) });
  });

  test.each<[string, object, RegExp]>([
    [
      'elsewhere, and not to be copied',
      without(copied, 'ecr_repository'),
      /^ecr_repository: must say where the image is copied to: it is not/,
    ],
    ['pushed, and not to be copied', without(onImage, 'ecr_repository'), /^ecr_repository: must say where in ECR/],
    [
      'pushed, and named a second time',
      { ...onImage, image: 'hunter2/web:1' },
      /^image: is named by on\.image already$/,
    ],
    [
      'pushed, with a guard for refs lowered',
      { ...onImage, unprotected_refs: true },
      /^unprotected_refs: is for targets/,
    ],
    ['built, with a guard for pushed tags lowered', { ...copied, unprotected_tags: true }, /^unprotected_tags: is for/],
    [
      "in another account's ECR",
      { ...copied, image: '999999999999.dkr.ecr.us-gov-west-1.amazonaws.com/hunter2:{sha}' },
      /^image: its host must be this account's ECR, .*, or GitLab's registry$/,
    ],
    ['not named at all', without(document, 'image'), /^image: must be there/],
    [
      'in ECR, and to be copied there',
      { ...document, ecr_repository: 'hunter2/web' },
      /^ecr_repository: is for images/,
    ],
    ['in ECR, with more tags', { ...document, also_tag: ['hunter2'] }, /^also_tag: is for images/],
    [
      'in ECR, with a repository to create',
      { ...document, create_repository: true },
      /^create_repository: is for images/,
    ],
    ['in ECR, with signatures', { ...document, copy_signatures: 'required' }, /^copy_signatures: is for images/],
    ['in ECR, with a limit', { ...document, max_image_gib: 1 }, /^max_image_gib: is for images/],
    ['copied into a host', { ...copied, ecr_repository: `${registry}/hunter2:1` }, /^ecr_repository: must be the name/],
    ['copied into one letter', { ...copied, ecr_repository: 'h' }, /^ecr_repository: must be the name/],
    [
      'copied into an endless name',
      { ...copied, ecr_repository: 'h'.repeat(257) },
      /^ecr_repository: must be the name/,
    ],
    ['with a tag that is none', { ...copied, also_tag: ['latest', 'hunter2:1'] }, /^also_tag\.1: must be a tag/],
    ['with a template for a tag', { ...copied, also_tag: ['{sha}'] }, /^also_tag\.0: must be a tag/],
    ['with eleven tags', { ...copied, also_tag: Array.from({ length: 11 }, (_, n) => `t${n}`) }, /^also_tag: /],
    ['with a repository created by half', { ...copied, create_repository: false }, /^create_repository: /],
    ['with signatures by taste', { ...copied, copy_signatures: 'hunter2' }, /^copy_signatures: /],
    ['of no size', { ...copied, max_image_gib: 0 }, /^max_image_gib: /],
    ['of any size', { ...copied, max_image_gib: 501 }, /^max_image_gib: /],
    ['of a size in halves', { ...copied, max_image_gib: 1.5 }, /^max_image_gib: /],
    ['of a guard lowered by text', { ...onImage, unprotected_tags: 'true' }, /^unprotected_tags: /],
    ['of no tag', { ...onImage, on: { image: { repository: 'acme/web' } } }, /^on\.image\.tag: /],
    ['of an empty tag', { ...onImage, on: { image: { repository: 'acme/web', tag: '' } } }, /^on\.image\.tag: /],
    ['of no repository', { ...onImage, on: { image: { tag: 'v*' } } }, /^on\.image\.repository: /],
    [
      'of a repository with its host',
      { ...onImage, on: { image: { repository: 'hunter2.example.com:5050/web', tag: 'v*' } } },
      /^on\.image\.repository: must be a path/,
    ],
    [
      'of a repository in capitals',
      { ...onImage, on: { image: { repository: 'Acme/Web', tag: 'v*' } } },
      /^on\.image\.repository: must be a path/,
    ],
    [
      'of sources',
      { ...onImage, on: { image: { repository: 'a', tag: 'v', sources: ['push'] } } },
      /on\.image.*sources/,
    ],
  ])('%s is a problem of that field', (_what, value, problem) => {
    expect(problems(value).join('\n')).toMatch(problem);
    expect(problems(value)).toHaveLength(1);
    expect(problems(value).join()).not.toContain('hunter2');
  });

  test('every problem is told at once', () => {
    const value = { ...without(onImage, 'ecr_repository'), image: `${gitlabRegistry}/a/b:c`, unprotected_refs: true };
    expect(problems(value).map((one) => one.split(':')[0])).toEqual(['image', 'unprotected_refs', 'ecr_repository']);
  });
});

describe('a problem names its field', () => {
  test.each<[string, object, RegExp]>([
    ['a misspelt field', { ...document, colour: 'hunter2' }, /colour/],
    [
      'a misspelt field further in',
      { ...document, on: { pipeline: { ref: 'main', reff: 'hunter2' } } },
      /on\.pipeline.*reff/,
    ],
    ['another strategy', { ...document, strategy: { type: 'hunter2' } }, /^strategy\.type: /],
    [
      'a timeout of no minutes',
      { ...document, strategy: { type: 'rolling', timeout_minutes: 0 } },
      /^strategy\.timeout_minutes: /,
    ],
    [
      'a timeout over twelve hours',
      { ...document, strategy: { type: 'rolling', timeout_minutes: 721 } },
      /^strategy\.timeout_minutes: /,
    ],
    [
      'a timeout as text',
      { ...document, strategy: { type: 'rolling', timeout_minutes: 'hunter2' } },
      /^strategy\.timeout_minutes: /,
    ],
    ['no containers', { ...document, containers: [] }, /^containers: /],
    ['a container that is no text', { ...document, containers: [7] }, /^containers\.0: /],
    ['a service by ARN', { ...document, service: 'arn:aws:ecs:hunter2' }, /^service: /],
    ['no cluster', { ...document, cluster: undefined }, /^cluster: /],
    ['a guard lowered by half', { ...document, unprotected_refs: false }, /^unprotected_refs: /],
    ['a guard lowered by text', { ...document, unprotected_refs: 'true' }, /^unprotected_refs: /],
    ['an empty ref', { ...document, on: { pipeline: { ref: '' } } }, /^on\.pipeline\.ref: /],
    ['a job without a ref', { ...document, on: { job: { name: 'hunter2' } } }, /^on\.job\.ref: /],
    ['no sources at all', { ...document, on: { tag: { pattern: 'v*', sources: [] } } }, /^on\.tag\.sources: /],
    ['two triggers', { ...document, on: { pipeline: { ref: 'main' }, tag: { pattern: 'v*' } } }, /^on: must be one of/],
    ['an unknown trigger', { ...document, on: { push: {} } }, /^on: must be one of pipeline, job, tag, image/],
    [
      'an image from elsewhere',
      { ...document, image: 'docker.io/hunter2/web:{sha}' },
      /^ecr_repository: must say where the image/,
    ],
    ['an image without a tag', { ...document, image: `${registry}/hunter2/web` }, /^image: must be/],
    ['a placeholder in the repository', { ...document, image: `${registry}/{sha}/web:1` }, /^image: must be/],
    [
      'an unknown placeholder',
      { ...document, image: `${registry}/acme/web:{hunter2}` },
      /^image: knows no placeholder/,
    ],
    ['an open brace', { ...document, image: `${registry}/acme/web:a{sha` }, /^image: /],
    ['an empty tag', { ...document, image: `${registry}/acme/web:` }, /^image: /],
  ])('%s', (_what, value, problem) => {
    expect(problems(value).join('\n')).toMatch(problem);
    expect(problems(value).join()).not.toContain('hunter2');
  });

  test('and says why, not only that it is invalid', () => {
    const value = { ...document, strategy: { type: 'rolling', timeout_minutes: 721 }, containers: [] };
    for (const problem of problems(value)) expect(problem).not.toMatch(/: Invalid input$/);
    expect(problems(value)).toHaveLength(2);
  });

  test.each(['', '{', 'hunter2'])('%p is not JSON', (text) => {
    expect(problems(text)).toEqual(['the document: is not JSON']);
  });

  test.each([[[]], [null], ['"hunter2"'], [7]])('%p is no document', (value) => {
    expect(problems(value).join()).toMatch(/^the document: /);
    expect(problems(value).join()).not.toContain('hunter2');
  });
});

test.each(['Web', 'web_1', '-web', 'web-', '', 'a'.repeat(41), 'web/x', 'wéb'])(
  'a target cannot be called %p',
  (name) => {
    expect(read(document, name)).toMatchObject({ problems: [expect.stringMatching(/^its name: /) as string] });
  },
);

test.each(['a', '0', 'a-b', 'a'.repeat(40)])('a target may be called %p', (name) => {
  expect(read(document, name)).toHaveProperty('target');
});

test('any text: a target or problems, and values only where they are harmless', () => {
  const leaf = fc.oneof(fc.jsonValue(), fc.constant('hunter2'));
  const changed = fc
    .constantFrom(...Object.keys(document))
    .chain((key) => leaf.map((value) => JSON.stringify({ ...document, [key]: value })));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), changed), (text) => {
      const result = read(text);
      if ('target' in result) expect(result.target.project).toBe(project);
      else expect(result.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});

describe('what GitLab is to show', () => {
  const shown = {
    ...document,
    environment: 'review/web-1',
    environment_url: 'https://www.example.com/',
    note_on_failure: true,
  };

  test('is an environment, its address, and notes', () => {
    const more = { environmentUrl: 'https://www.example.com/', noteOnFailure: true } as const;
    expect(read(shown)).toEqual({ target: target({ environment: 'review/web-1', ...more }) });
  });

  test.each(['/production', 'production/', 'pro:duction', '', 'x'.repeat(241)])(
    'no environment is called %j',
    (environment) => {
      expect(problems({ ...shown, environment })).toEqual([expect.stringMatching(/^environment: /)]);
    },
  );

  test.each([
    'http://www.example.com',
    'javascript:alert(1)',
    'https://user:hunter2@example.com',
    'www.example.com',
    7,
  ])('no address is %j', (environment_url) => {
    expect(problems({ ...shown, environment_url })).toEqual([expect.stringMatching(/^environment_url: (?!.*hunter2)/)]);
  });

  test('is nothing without an environment', () => {
    expect(problems(without(shown, 'environment'))).toEqual([
      'environment_url: only with environment',
      'note_on_failure: only with environment',
    ]);
    expect(problems({ ...shown, note_on_failure: false })).toEqual([expect.stringMatching(/^note_on_failure: /)]);
  });
});
