import fc from 'fast-check';
import { allOutside, outsideBounds, serviceArn } from '../../../lib/domain/stack-bounds.ts';
import { defaultSources, matchesPattern, targetLabel } from '../../../lib/domain/target.ts';
import { blueGreen, listenerArn, ruleArn, testRuleArn } from '../../support/blue-green-samples.ts';
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
    expect(allOutside(bounds, inside)).toEqual([]);
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
    const parts = allOutside({ ...bounds, services: [], repositories: [] }, inside).map(({ part }) => part);
    expect(parts).toEqual(['service', 'repository']);
    expect(outsideBounds({ ...bounds, services: [] }, inside)).toContain(':service/prod/web');
    expect(outsideBounds({ ...bounds, repositories: [] }, inside)).toContain(':repository/acme/web');
  });

  const question = { url: 'https://web.example.com/', status: 200 };
  const foreign = ruleArn.replace('/app/web/', '/app/other/');

  test('a swap inside: both services, the rule or the listener, the test rule', () => {
    const test = { ...question, rule: testRuleArn };
    expect(allOutside(bounds, { ...inside, swap: blueGreen({ test }) })).toEqual([]);
    const production = { kind: 'listener', arn: listenerArn } as const;
    expect(allOutside(bounds, { ...inside, swap: blueGreen({ production, test: question }) })).toEqual([]);
    expect(allOutside({ ...bounds, mayDelete: true }, { ...inside, swap: blueGreen({ retire: 'delete' }) })).toEqual(
      [],
    );
  });

  test('a swap outside: each part of it is told', () => {
    const narrow = { ...bounds, services: [serviceArn(bounds, inside)], listenerRules: [ruleArn, testRuleArn] };
    const production = { kind: 'rule', arn: foreign } as const;
    const swap = blueGreen({ production, test: { ...question, rule: `${foreign}0` }, retire: 'delete' });
    expect(allOutside(narrow, { ...inside, swap })).toEqual([
      { part: 'idleService', resource: serviceArn(bounds, { cluster: 'prod', service: 'web-green' }) },
      { part: 'production', resource: foreign },
      { part: 'testRule', resource: `${foreign}0` },
      { part: 'retire', resource: 'the right to delete services (mayDeleteServices)' },
    ]);
    expect(outsideBounds(narrow, { ...inside, swap })).toBe(
      serviceArn(bounds, { cluster: 'prod', service: 'web-green' }),
    );
  });

  test('a right to rules is none to listeners', () => {
    const narrow = { ...bounds, listenerRules: [ruleArn] };
    const production = { kind: 'listener', arn: listenerArn } as const;
    expect(outsideBounds(narrow, { ...inside, swap: blueGreen({ production }) })).toBe(listenerArn);
  });
});
