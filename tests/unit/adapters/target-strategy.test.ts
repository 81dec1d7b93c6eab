import { readTarget } from '../../../lib/adapters/aws/target-document.ts';
import {
  blueGreen,
  blueGreenDocument as good,
  groups,
  listenerArn,
  ruleArn,
  testRuleArn,
} from '../../support/blue-green-samples.ts';
import { project, registry, target, targetDocument, without } from '../../support/samples.ts';

const read = (strategy: unknown, service = 'web') =>
  readTarget({ project, name: 'web' }, JSON.stringify({ ...targetDocument, service, strategy }), registry);
const problems = (strategy: unknown, service?: string): string[] => {
  const result = read(strategy, service);
  return 'problems' in result ? result.problems : [];
};
const asked = { ...good, test_url: 'https://web.example.com/health' };

describe('a blue-green strategy', () => {
  test('with the least has the defaults', () => {
    const strategy = { type: 'blue-green', timeoutMinutes: 30, swap: blueGreen() } as const;
    expect(read(good)).toEqual({ target: target({ strategy }) });
  });

  test('with everything', () => {
    const everything = {
      ...asked,
      timeout_minutes: 10,
      idle_service: 'web_2',
      steps: [{ weight: 5, minutes: 3 }, { weight: 50, minutes: 4 }, { weight: 100 }],
      bake_minutes: 0,
      alarms: ['web 5xx', 'web latency'],
      test_expect: { status: 204, text: 'ready' },
      test_listener_rule: testRuleArn,
      retire: 'delete',
    };
    const swap = blueGreen({
      idleService: 'web_2',
      steps: [
        { weight: 5, minutes: 3 },
        { weight: 50, minutes: 4 },
        { weight: 100, minutes: 0 },
      ],
      alarms: ['web 5xx', 'web latency'],
      test: { url: asked.test_url, status: 204, text: 'ready', rule: testRuleArn },
      retire: 'delete',
    });
    expect(read(everything)).toEqual({
      target: target({ strategy: { type: 'blue-green', timeoutMinutes: 10, swap } }),
    });
  });

  test("of a listener's default action", () => {
    const strategy = { ...without(good, 'listener_rule'), listener: listenerArn };
    const swap = { production: { kind: 'listener', arn: listenerArn } };
    expect(read(strategy)).toMatchObject({ target: { strategy: { swap } } });
  });

  test.each(['canary10', 'linear10'])('with steps by name: %s', (steps) => {
    expect(problems({ ...good, steps })).toEqual([]);
  });

  test('of canary10, baked for long', () => {
    const swap = {
      steps: [
        { weight: 10, minutes: 5 },
        { weight: 100, minutes: 60 },
      ],
    };
    expect(read({ ...good, steps: 'canary10', bake_minutes: 60 })).toMatchObject({ target: { strategy: { swap } } });
  });

  test('that asks, and says nothing of the answer, wants 200', () => {
    const swap = { test: { url: asked.test_url, status: 200 } };
    expect(read(asked)).toMatchObject({ target: { strategy: { swap } } });
    expect(read({ ...asked, test_expect: { text: 'ready' } })).toMatchObject({
      target: { strategy: { swap: { test: { status: 200, text: 'ready' } } } },
    });
  });

  test('of twelve hours in all', () => {
    expect(problems({ ...good, bake_minutes: 690 })).toEqual([]);
    expect(problems({ ...good, bake_minutes: 691 })).toEqual([
      'strategy: steps, bake_minutes and timeout_minutes must not be over 720 together',
    ]);
  });
});

const elsewhere = (resource: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:${resource}`;

test.each<[string, unknown, RegExp]>([
  ['no object', 'hunter2', /^strategy: must be rolling or blue-green$/],
  ['another type', { ...good, type: 'hunter2' }, /^strategy\.type: must be rolling or blue-green$/],
  ['no type', without(good, 'type'), /^strategy\.type: must be rolling or blue-green$/],
  ['a misspelt field', { ...good, colour: 'hunter2' }, /^strategy: .*"colour"/],
  ['a field of rolling alone', { type: 'rolling', alarms: ['hunter2'] }, /^strategy: .*"alarms"/],
  ['neither rule nor listener', without(good, 'listener_rule'), /^strategy\.listener_rule: must be there, unless/],
  ['both rule and listener', { ...good, listener: listenerArn }, /^strategy\.listener: is not for a strategy with/],
  ['a rule that is none', { ...good, listener_rule: 'hunter2' }, /^strategy\.listener_rule: must be the ARN of a rule/],
  ['a listener for a rule', { ...good, listener_rule: listenerArn }, /^strategy\.listener_rule: must be the ARN/],
  ['a rule for a listener', { ...without(good, 'listener_rule'), listener: ruleArn }, /^strategy\.listener: must be/],
  [
    'a rule of a Network Load Balancer',
    { ...good, listener_rule: elsewhere('listener-rule/net/hunter2/1/2/3') },
    /^strategy\.listener_rule: must be the ARN of a rule of an Application Load Balancer$/,
  ],
  [
    'half a rule',
    { ...good, listener_rule: elsewhere('listener-rule/app/hunter2/1/2') },
    /^strategy\.listener_rule: must be the ARN/,
  ],
  [
    'more than a listener',
    { ...without(good, 'listener_rule'), listener: elsewhere('listener/app/hunter2/1/2/3') },
    /^strategy\.listener: must be the ARN/,
  ],
  ['more and a rule', { ...good, listener_rule: `hunter2 ${ruleArn}` }, /^strategy\.listener_rule: must be the ARN/],
  ['a rule and more', { ...good, listener_rule: `${ruleArn}\n` }, /^strategy\.listener_rule: must be the ARN/],
  ['no groups', without(good, 'target_groups'), /^strategy\.target_groups: /],
  ['one group', { ...good, target_groups: [groups.blue] }, /^strategy\.target_groups: /],
  ['three groups', { ...good, target_groups: [groups.blue, groups.green, groups.blue] }, /^strategy\.target_groups: /],
  ['one group twice', { ...good, target_groups: [groups.blue, groups.blue] }, /^strategy\.target_groups: must be two$/],
  ['a group by name', { ...good, target_groups: [groups.blue, 'hunter2'] }, /^strategy\.target_groups\.1: must be the/],
  ['its own service', { ...good, idle_service: 'web' }, /^strategy\.idle_service: must differ from service$/],
  ['a service by ARN', { ...good, idle_service: 'arn:hunter2' }, /^strategy\.idle_service: /],
  ['unknown steps', { ...good, steps: 'hunter2' }, /^strategy\.steps: must be one of canary10, linear10, or a list/],
  ['steps of every object', { ...good, steps: 'toString' }, /^strategy\.steps: must be one of/],
  ['no steps', { ...good, steps: [] }, /^strategy\.steps: /],
  ['a step without a weight', { ...good, steps: [{ minutes: 5 }] }, /^strategy\.steps\.0\.weight: /],
  ['a step of nothing', { ...good, steps: [{ weight: 0 }] }, /^strategy\.steps\.0\.weight: /],
  ['a step of too much', { ...good, steps: [{ weight: 101 }] }, /^strategy\.steps\.0\.weight: /],
  [
    'half a weight',
    { ...good, steps: [{ weight: 0.5, minutes: 1 }, { weight: 100 }] },
    /^strategy\.steps\.0\.weight: /,
  ],
  [
    'a step of no minutes',
    { ...good, steps: [{ weight: 5, minutes: 1 }, { weight: 10, minutes: 0 }, { weight: 100 }] },
    /^strategy\.steps\.1\.minutes: /,
  ],
  [
    'a step without minutes',
    { ...good, steps: [{ weight: 5, minutes: 1 }, { weight: 10 }, { weight: 100 }] },
    /^strategy\.steps\.1\.minutes: must say how long the step lasts$/,
  ],
  ['a misspelt step', { ...good, steps: [{ weight: 100, hunter: 2 }] }, /^strategy\.steps\.0: /],
  ['minutes for the last step', { ...good, steps: [{ weight: 100, minutes: 5 }] }, /^strategy\.steps\.0\.minutes: /],
  ['steps without an end', { ...good, steps: [{ weight: 10 }] }, /^strategy\.steps\.0\.weight: must be 100/],
  ['a bake of less than nothing', { ...good, bake_minutes: -1 }, /^strategy\.bake_minutes: /],
  ['a timeout of no minutes', { ...good, timeout_minutes: 0 }, /^strategy\.timeout_minutes: /],
  ['a bake over twelve hours', { ...good, bake_minutes: 721 }, /^strategy\.bake_minutes: /],
  ['a timeout over twelve hours', { ...good, timeout_minutes: 721 }, /^strategy\.timeout_minutes: /],
  ['alarms as text', { ...good, alarms: 'hunter2' }, /^strategy\.alarms: /],
  ['an endless alarm', { ...good, alarms: ['h'.repeat(256)] }, /^strategy\.alarms\.0: /],
  ['an empty alarm', { ...good, alarms: ['a', ''] }, /^strategy\.alarms\.1: /],
  ['an alarm twice', { ...good, alarms: ['hunter2', 'hunter2'] }, /^strategy\.alarms: must name each only once$/],
  ['21 alarms', { ...good, alarms: Array.from({ length: 21 }, (_, n) => `a${n}`) }, /^strategy\.alarms: /],
  ['a test of no URL', { ...good, test_url: 'hunter2' }, /^strategy\.test_url: must be http or https, without/],
  [
    'a test with credentials',
    { ...good, test_url: 'https://ops:hunter2@web.example.com/' },
    /^strategy\.test_url: must be http or https, without/,
  ],
  ['a test without end', { ...good, test_url: `https://a/${'h'.repeat(1024)}` }, /^strategy\.test_url: /],
  ['an answer to no question', { ...good, test_expect: { status: 200 } }, /^strategy\.test_expect: is for a strategy/],
  ['a test rule without a test', { ...good, test_listener_rule: testRuleArn }, /^strategy\.test_listener_rule: is for/],
  [
    'a test rule by name',
    { ...asked, test_listener_rule: 'hunter2' },
    /^strategy\.test_listener_rule: must be the ARN/,
  ],
  ['users as testers', { ...asked, test_listener_rule: ruleArn }, /^strategy\.test_listener_rule: must differ from/],
  ['an answer on the way', { ...asked, test_expect: { status: 100 } }, /^strategy\.test_expect\.status: /],
  ['an answer of no text', { ...asked, test_expect: { text: '' } }, /^strategy\.test_expect\.text: /],
  ['a misspelt answer', { ...asked, test_expect: { body: 'hunter2' } }, /^strategy\.test_expect: .*"body"/],
  ['another retirement', { ...good, retire: 'hunter2' }, /^strategy\.retire: /],
])('%s is a problem of that field', (_what, strategy, problem) => {
  expect(problems(strategy).join('\n')).toMatch(problem);
  expect(problems(strategy)).toHaveLength(1);
  expect(problems(strategy).join()).not.toContain('hunter2');
});

test('a service whose name leaves no room for the second must say it', () => {
  const service = 'w'.repeat(250);
  expect(problems(good, service)).toEqual([
    "strategy.idle_service: must be said: the service's name is too long for it",
  ]);
  expect(problems({ ...good, idle_service: 'web-green' }, service)).toEqual([]);
});

test('all that does not fit is told at once, and beside what is wrong with the image', () => {
  const strategy = { ...without(good, 'listener_rule'), idle_service: 'web', test_expect: {}, bake_minutes: 700 };
  const result = readTarget(
    { project, name: 'web' },
    JSON.stringify({ ...targetDocument, also_tag: ['latest'], strategy }),
    registry,
  );
  expect('problems' in result && result.problems.map((one) => one.split(':')[0])).toEqual([
    'also_tag',
    'strategy.listener_rule',
    'strategy.idle_service',
    'strategy.test_expect',
    'strategy',
  ]);
});
