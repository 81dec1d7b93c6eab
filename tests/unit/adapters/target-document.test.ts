import fc from 'fast-check';
import { readTarget } from '../../../lib/adapters/aws/target-document.ts';
import { project, registry, target, targetDocument as document } from '../../support/samples.ts';

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
    ['an unknown trigger', { ...document, on: { push: {} } }, /^on: must be one of pipeline, job, tag/],
    ['an image from elsewhere', { ...document, image: 'docker.io/hunter2/web:{sha}' }, /^image: its host must be/],
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
