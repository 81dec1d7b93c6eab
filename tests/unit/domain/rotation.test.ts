import { judgeStep, meansSecret, rotationSteps, versionLabelled } from '../../../lib/domain/rotation.ts';

const description = {
  rotationEnabled: true,
  labels: { old: ['AWSPREVIOUS'], now: ['AWSCURRENT'], next: ['other', 'AWSPENDING'] },
};

describe('versionLabelled', () => {
  test.each([
    ['AWSCURRENT', 'now'],
    ['AWSPENDING', 'next'],
    ['AWSPREVIOUS', 'old'],
  ] as const)('%s', (label, version) => {
    expect(versionLabelled(description, label)).toBe(version);
    expect(versionLabelled({ ...description, labels: {} }, label)).toBeUndefined();
  });
});

describe('meansSecret', () => {
  const arn = 'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:';

  test.each(['drawbridge/prod/hook', `${arn}drawbridge/prod/hook`, `${arn}drawbridge/prod/hook-AbC123`])('%s', (id) => {
    expect(meansSecret(id, 'drawbridge/prod/hook')).toBe(true);
  });

  test.each([
    '',
    'hook',
    'drawbridge/prod/hook-AbC123',
    `${arn}drawbridge/prod/hook-`,
    `${arn}drawbridge/prod/hook-AbC12`,
    `${arn}drawbridge/prod/hook-AbC1234`,
    `${arn}drawbridge/prod/hook-Ab_123`,
    `${arn}drawbridge/prod/hookAbC123`,
    `${arn}drawbridge/prod/hook-AbC123-AbC123`,
    `${arn}drawbridge/prod/other-AbC123`,
    `${arn}x/drawbridge/prod/hook-AbC123`,
    `${arn}drawbridge/prod/hook\n`,
    `x${arn}drawbridge/prod/hook`,
    `arn:x/y:secret:drawbridge/prod/hook`,
    arn,
  ])('not %j', (id) => {
    expect(meansSecret(id, 'drawbridge/prod/hook')).toBe(false);
  });
});

describe('judgeStep', () => {
  const judge = (version: string, step: string, change = {}) =>
    judgeStep({ ...description, ...change }, { version, step });
  const refused = (because: string, version: string) => ({ name: 'RotationRefused', because, facts: { version } });

  test.each(rotationSteps)('%s of the version that is AWSPENDING', (step) => {
    expect(judge('next', step)).toBe(step);
  });

  test('of a version that is AWSCURRENT there is nothing left to do, whatever else it carries', () => {
    expect(judge('now', 'setSecret')).toBe('already current');
    expect(judge('now', 'nonsense', { labels: { now: ['AWSPENDING', 'AWSCURRENT'] } })).toBe('already current');
  });

  test.each([
    ['rotation is not enabled for this secret', 'next', 'setSecret', { rotationEnabled: false }],
    ['rotation is not enabled for this secret', 'now', 'setSecret', { rotationEnabled: false }],
    ['this version is not AWSPENDING', 'old', 'setSecret', {}],
    ['this version is not AWSPENDING', 'unknown', 'setSecret', {}],
    ['there is no such step', 'next', 'toString', {}],
    ['there is no such step', 'next', '', {}],
  ])('%s: %s, %j', (because, version, step, change) => {
    expect(() => judge(version, step, change)).toThrow(expect.objectContaining(refused(because, version)) as Error);
  });
});
