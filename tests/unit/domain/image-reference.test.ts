import fc from 'fast-check';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import {
  ecrHost,
  imageFor,
  isTagTemplate,
  pinnedName,
  refSlug,
  splitImageName,
} from '../../../lib/domain/image-reference.ts';
import { digest, registry, sha } from '../../support/samples.ts';

const parts = { sha, ref: 'main', tag: false, pipeline: 90001 };
const tagged = (template: string, change = {}) =>
  imageFor(`${registry}/acme/web:${template}`, { ...parts, ...change }).tag;

describe('filling in an image name', () => {
  test.each([
    ['{sha}', {}, sha],
    ['{short_sha}', {}, '2bf863fe'],
    ['build-{pipeline_id}', {}, 'build-90001'],
    ['{ref_slug}', { ref: 'Feature/Ünicode_1' }, 'feature--nicode-1'],
    ['{tag}', { ref: 'v1.2.3', tag: true }, 'v1.2.3'],
    ['{ref_slug}-{short_sha}', {}, 'main-2bf863fe'],
    ['latest', {}, 'latest'],
    // empty on a branch
    ['x{tag}', {}, 'x'],
  ])('%s', (template, change, filled) => {
    expect(tagged(template, change)).toBe(filled);
  });

  test('keeps host and repository apart from the tag', () => {
    expect(imageFor('localhost:5000/a/b:{short_sha}', parts)).toEqual({
      host: 'localhost:5000',
      repository: 'a/b',
      tag: '2bf863fe',
    });
  });

  test.each([
    ['{tag} of a branch', '{tag}', {}],
    ['a tag with a slash', '{tag}', { ref: 'release/1', tag: true }],
    ['a tag with a line break', '{tag}', { ref: 'v1\n', tag: true }],
    ['a tag of 129 characters', '{tag}', { ref: 'v'.repeat(129), tag: true }],
    ['a tag that begins with a dash', '{tag}', { ref: '-v1', tag: true }],
    ['a placeholder inside a ref, which is not filled again', '{tag}', { ref: '{sha}', tag: true }],
    ['an unknown placeholder', '{branch}', {}],
    ['a name out of Object itself', '{constructor}', {}],
    ['an open brace', 'a{sha', {}],
  ])('%s is ImageNameInvalid', (_what, template, change) => {
    expect(() => tagged(template, change)).toThrow('is not an OCI reference');
  });

  test.each([
    ['what came of it', `${registry}/acme/web:{tag}`, { ref: 'release/1', tag: true }, 'release/1'],
    ['that nothing could be filled in', 'web:{tag}', {}, ''],
  ])('an ImageNameInvalid tells the template and %s', (_what, template, change, filled) => {
    const invalid = new DeployFailure('ImageNameInvalid', 'the image name, once filled in, is not an OCI reference', {
      facts: { template, filled },
    });
    expect(() => imageFor(template, { ...parts, ...change })).toThrow(invalid);
  });

  test('whatever GitLab calls things: an OCI tag or ImageNameInvalid', () => {
    const template = fc.constantFrom(
      '{sha}',
      '{short_sha}',
      '{tag}',
      '{ref_slug}',
      'x{ref_slug}',
      '{tag}-{pipeline_id}',
    );
    fc.assert(
      fc.property(template, fc.string({ unit: 'binary' }), fc.boolean(), (text, ref, tag) => {
        try {
          expect(tagged(text, { ref, tag })).toMatch(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/);
        } catch (error) {
          expect((error as DeployFailure).name).toBe('ImageNameInvalid');
        }
      }),
    );
  });
});

describe('splitting an image name', () => {
  test.each(['web', 'web:1', `${registry}/acme/web`, `${registry}/Acme/web:1`, `/acme/web:1`, `${registry}/:1`, ''])(
    '%p is none',
    (name) => {
      expect(splitImageName(name)).toBeUndefined();
    },
  );

  // The distribution specification's grammar for a name
  test.each(['web', 'a/b/c', 'my.app', 'my_app', 'my__app', 'my-app', 'my---app', 'team_a/my.web---app/x1'])(
    'a repository may be called %s',
    (repository) => {
      expect(splitImageName(`h/${repository}:1`)).toEqual({ host: 'h', repository, tag: '1' });
    },
  );

  test.each([
    'web-',
    '-web',
    'my..app',
    'my___app',
    'my._app',
    'a//b',
    'a/',
    'a/-b',
    'a/b-',
    'my app',
    'web/Api',
    'wéb',
  ])('no repository is called %s', (repository) => {
    expect(splitImageName(`${registry}/${repository}:1`)).toBeUndefined();
  });

  test('the port of a host is no tag', () => {
    expect(splitImageName('localhost:5000/web')).toBeUndefined();
  });
});

describe("a target's tag", () => {
  test.each(['{sha}', 'v{tag}', '{ref_slug}-{short_sha}', 'latest', 'build.{pipeline_id}_x', 'x'.repeat(128)])(
    '%p may be an OCI tag',
    (template) => {
      expect(isTagTemplate(template)).toBe(true);
    },
  );

  test.each(['', '-{sha}', '{sha', '{Sha}', '{}', 'a b', 'a/{sha}', 'x'.repeat(129)])('%p never is one', (template) => {
    expect(isTagTemplate(template)).toBe(false);
  });
});

describe('a ref as GitLab slugs it', () => {
  test.each([
    ['main', 'main'],
    ['Feature/ABC_1', 'feature-abc-1'],
    ['--a--', 'a'],
    [`${'a'.repeat(62)}/b`, 'a'.repeat(62)],
    // Ruby counts characters, not UTF-16 halves: CI_COMMIT_REF_SLUG has one dash for each
    ['release/🚀1', 'release--1'],
  ])('%p → %p', (ref, slug) => {
    expect(refSlug(ref)).toBe(slug);
  });
});

test('a pinned name is by digest only', () => {
  expect(pinnedName({ host: registry, repository: 'acme/web', tag: 'x', digest })).toBe(
    `${registry}/acme/web@${digest}`,
  );
});

test("ECR's host in GovCloud ends like everywhere", () => {
  expect(ecrHost('123456789012', 'us-gov-west-1')).toBe('123456789012.dkr.ecr.us-gov-west-1.amazonaws.com');
});
