import {
  imageRegistry,
  isLocal,
  lookInterval,
  rotationOverlap,
  rotationWaits,
  setting,
  stackBounds,
} from '../../../lib/runtime/config.ts';

const environment = { ...process.env };
const set = (variables: Record<string, string>) => {
  process.env = { ...environment, ...variables };
};
afterEach(() => {
  process.env = environment;
});

test.each([
  'STAGE',
  'TABLE_NAME',
  'HOOK_SECRET',
  'GITLAB_SECRET',
  'MANAGER_SECRET',
  'HOOK_URL',
  'STATE_MACHINE_ARN',
  'LOOK_SECONDS',
  'PRIVATE_HOSTS',
] as const)('a missing %s is named', (key) => {
  set({});
  Reflect.deleteProperty(process.env, key);
  expect(() => setting(key)).toThrow(`environment variable ${key} is missing or of the wrong form`);
});

test.each([
  ['TABLE_NAME', ''],
  ['LOOK_SECONDS', '0'],
  ['LOOK_SECONDS', '-15'],
  ['LOOK_SECONDS', 'hunter2'],
  ['SECRET_CACHE_SECONDS', ''],
  ['MAY_TOUCH_SERVICES', ''],
  ['MAY_TOUCH_LISTENER_RULES', ''],
  ['MAY_DELETE_SERVICES', ''],
  ['MAY_DELETE_SERVICES', 'yes'],
  ['PRIVATE_HOSTS', 'https://gitlab.internal'],
  ['PRIVATE_HOSTS', '*.internal'],
  ['PRIVATE_HOSTS', 'gitlab.internal:8443'],
  ['PRIVATE_HOSTS', 'GitLab.internal'],
  ['PRIVATE_HOSTS', 'a,,b'],
  ['HOOK_URL', 'http://hooks.example.com/webhooks/pipeline'],
  ['HOOK_URL', 'https://user:pass@hooks.example.com/'],
  ['HOOK_URL', 'https://hooks.example.com/webhooks/pipeline?a=b'],
  ['HOOK_URL', 'at https://hooks.example.com/'],
  ['ROTATION_SETTLE_SECONDS', '0'],
  ['ROTATION_DAYS', '1.5'],
  ['ROTATION_DAYS', '0'],
] as const)('%s=%p is named, its value is not told', (key, value) => {
  set({ [key]: value });
  const failure = (): unknown => {
    try {
      return setting(key);
    } catch (error) {
      return error;
    }
  };
  const because = `environment variable ${key} is missing or of the wrong form`;
  expect(failure()).toMatchObject({ name: 'Misconfigured', message: JSON.stringify({ because }) });
});

test('numbers may be fractions: the rehearsal’s are', () => {
  set({ LOOK_SECONDS: '0.75', SLOW_LOOK_SECONDS: '3' });
  expect(lookInterval()).toEqual({ fast: 0.75, slow: 3, fastFor: 600 });
});

test('a rotation’s waits and its overlap are in milliseconds', () => {
  set({ ROTATION_SETTLE_SECONDS: '6.5', ROTATION_DRAIN_SECONDS: '1.5', ROTATION_OVERLAP_SECONDS: '2' });
  expect(rotationWaits()).toEqual({ settle: 6_500, drain: 1_500 });
  expect(rotationOverlap()).toBe(2_000);
});

test('lists are split at commas, blanks around them no part of them', () => {
  set({ MAY_TOUCH_SERVICES: 'arn:a, arn:b' });
  expect(setting('MAY_TOUCH_SERVICES')).toEqual(['arn:a', 'arn:b']);
});

test.each([
  ['', []],
  ['gitlab.internal', ['gitlab.internal']],
  ['gitlab.internal, registry.internal', ['gitlab.internal', 'registry.internal']],
])('the hosts that may be private, %j', (text, hosts) => {
  set({ PRIVATE_HOSTS: text });
  expect(setting('PRIVATE_HOSTS')).toEqual(hosts);
});

test('the stack’s bounds and its registry', () => {
  set({
    PARTITION: 'aws-us-gov',
    AWS_REGION: 'us-gov-west-1',
    ACCOUNT_ID: '123456789012',
    MAY_TOUCH_SERVICES: 'arn:s',
    MAY_TOUCH_REPOSITORIES: 'arn:r',
    MAY_TOUCH_LISTENER_RULES: 'arn:l',
    MAY_DELETE_SERVICES: 'true',
  });
  expect(stackBounds()).toEqual({
    partition: 'aws-us-gov',
    region: 'us-gov-west-1',
    account: '123456789012',
    services: ['arn:s'],
    repositories: ['arn:r'],
    listenerRules: ['arn:l'],
    mayDelete: true,
  });
  expect(imageRegistry()).toBe('123456789012.dkr.ecr.us-gov-west-1.amazonaws.com');
});

test.each([
  ['local', true],
  ['prod', false],
  ['localhost', false],
])('stage %s is the rehearsal: %p', (stage, local) => {
  set({ STAGE: stage });
  expect(isLocal()).toBe(local);
});
