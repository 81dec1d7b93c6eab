import fc from 'fast-check';
import { outsideBounds } from '../../../lib/domain/stack-bounds.ts';
import { defaultSources, matchesPattern, targetLabel } from '../../../lib/domain/target.ts';
import { account, bounds, partition, region, target } from '../../support/samples.ts';

describe('patterns', () => {
  test.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['main', 'xmain', false],
    ['*', '', true],
    ['*', 'feature/x', true],
    ['release/*', 'release/1.2', true],
    ['release/*', 'release', false],
    ['v*.*', 'v1.2', true],
    ['v*.*', 'v12', false],
    ['v1.2', 'v1x2', false],
    ['a+b(c)[d]^$|\\', 'a+b(c)[d]^$|\\', true],
    ['v?', 'v1', false],
    ['v*', 'v1\nmain', true],
    ['main', 'main\n', false],
    ['', 'main', false],
  ])('%p on %p: %p', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });

  test('without a star matches exactly itself', () => {
    const plain = fc.string().filter((text) => !text.includes('*'));
    fc.assert(fc.property(plain, plain, (pattern, text) => matchesPattern(pattern, text) === (pattern === text)));
  });
});

test('a label names the project too: target names are unique only there', () => {
  expect(targetLabel(target())).toBe('4711/web');
});

test('only pushes are trusted, unless a target says otherwise', () => {
  expect(defaultSources).toEqual(['push']);
});

describe('what the stack may touch', () => {
  const inside = { cluster: 'prod', service: 'web', repository: 'acme/web' };

  test('all inside', () => {
    expect(outsideBounds(bounds, inside)).toBeUndefined();
  });

  test.each([
    ['another cluster', { cluster: 'staging' }, `arn:${partition}:ecs:${region}:${account}:service/staging/web`],
    [
      'another repository',
      { repository: 'other/web' },
      `arn:${partition}:ecr:${region}:${account}:repository/other/web`,
    ],
  ])('%s is outside, and named', (_what, change, arn) => {
    expect(outsideBounds(bounds, { ...inside, ...change })).toBe(arn);
  });

  test('no bounds allow nothing', () => {
    expect(outsideBounds({ ...bounds, services: [] }, inside)).toContain(':service/prod/web');
    expect(outsideBounds({ ...bounds, repositories: [] }, inside)).toContain(':repository/acme/web');
  });
});
