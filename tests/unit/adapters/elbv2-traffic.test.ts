import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbv2Traffic } from '../../../lib/adapters/aws/elbv2-traffic.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const traffic = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...elbv2Traffic(new ElasticLoadBalancingV2Client(options)) };
};

const answer = (operation: string, inner: string): Canned => ({
  xml: `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`,
});
const members = (list: string, ...items: string[]) =>
  `<${list}>${items.map((item) => `<member>${item}</member>`).join('')}</${list}>`;
const group = (arn: string, weight: number) => `<TargetGroupArn>${arn}</TargetGroupArn><Weight>${weight}</Weight>`;

const oidc =
  '<Type>authenticate-oidc</Type><Order>1</Order><AuthenticateOidcConfig><Issuer>https://id</Issuer>' +
  '<ClientId>us</ClientId></AuthenticateOidcConfig>';
const forwardToOne =
  '<Type>forward</Type><Order>2</Order><TargetGroupArn>blue</TargetGroupArn><ForwardConfig>' +
  `${members('TargetGroups', group('blue', 1))}</ForwardConfig>`;
const rule = (arn: string, actions: string[], more = '') =>
  `<RuleArn>${arn}</RuleArn>${members('Actions', ...actions)}${more}`;
const listener = (arn: string, actions: string[]) =>
  `<ListenerArn>${arn}</ListenerArn>${members('DefaultActions', ...actions)}`;

const production = { kind: 'rule', arn: 'arn:rule' } as const;
const fallback = { kind: 'listener', arn: 'arn:listener' } as const;

describe('what a point does', () => {
  test('is told with everything that is in its actions', async () => {
    const { requests, actions } = traffic(
      answer('DescribeRules', members('Rules', rule('arn:rule', [oidc, forwardToOne]))),
    );
    expect(await actions(production)).toEqual([
      { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { Issuer: 'https://id', ClientId: 'us' } },
      {
        Type: 'forward',
        Order: 2,
        TargetGroupArn: 'blue',
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'blue', Weight: 1 }] },
      },
    ]);
    expect(requests).toEqual([{ target: 'DescribeRules', input: { 'RuleArns.member.1': 'arn:rule' } }]);
  });

  test('is, for a listener, its default action', async () => {
    const { requests, actions } = traffic(
      answer('DescribeListeners', members('Listeners', listener('arn:listener', [forwardToOne]))),
    );
    expect(await actions(fallback)).toMatchObject([{ Type: 'forward', TargetGroupArn: 'blue' }]);
    expect(requests).toEqual([{ target: 'DescribeListeners', input: { 'ListenerArns.member.1': 'arn:listener' } }]);
  });

  test.each([
    [production, 'RuleNotFound'],
    [fallback, 'ListenerNotFound'],
  ])('of %j is undefined when AWS says %s, and that alone', async (point, code) => {
    expect(await traffic({ code }).actions(point)).toBeUndefined();
    const other = code === 'RuleNotFound' ? 'ListenerNotFound' : 'RuleNotFound';
    expect(await raisedBy(() => traffic({ code: other }).actions(point))).toMatchObject({ name: 'AwsRefused' });
    expect(await raisedBy(() => traffic({ code: 'Throttling' }).actions(point))).toMatchObject({
      name: 'AwsUnavailable',
    });
  });

  test.each([
    [production, 'DescribeRules', 'Rules'],
    [fallback, 'DescribeListeners', 'Listeners'],
  ])('of %j is undefined when none is answered', async (point, operation, list) => {
    expect(await traffic(answer(operation, members(list))).actions(point)).toBeUndefined();
  });
});

describe('a list that is written', () => {
  const twoGroups = {
    Type: 'forward',
    TargetGroupArn: 'blue',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: 'blue', Weight: 90 },
        { TargetGroupArn: 'green', Weight: 10 },
      ],
    },
  };
  const ruleAnswer = answer('ModifyRule', members('Rules', rule('arn:rule', [forwardToOne])));

  test('names the groups of a forward action once, where there may be several', async () => {
    const { requests, replace } = traffic(ruleAnswer);
    await replace(production, [twoGroups]);
    expect(requests).toEqual([
      {
        target: 'ModifyRule',
        input: {
          RuleArn: 'arn:rule',
          'Actions.member.1.Type': 'forward',
          'Actions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn': 'blue',
          'Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight': '90',
          'Actions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn': 'green',
          'Actions.member.1.ForwardConfig.TargetGroups.member.2.Weight': '10',
        },
      },
    ]);
  });

  test('keeps the only name of a group that has no ForwardConfig', async () => {
    const { requests, replace } = traffic(ruleAnswer);
    await replace(production, [{ Type: 'forward', TargetGroupArn: 'blue' }]);
    expect(requests[0]?.input).toMatchObject({ 'Actions.member.1.TargetGroupArn': 'blue' });
  });

  test('keeps the client secret that AWS does not tell, and all else of each action', async () => {
    const { requests, replace } = traffic(ruleAnswer);
    const config = { Issuer: 'https://id', ClientId: 'us' };
    await replace(production, [
      { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: config },
      { Type: 'authenticate-cognito', Order: 2, AuthenticateCognitoConfig: { UserPoolArn: 'arn:pool' } },
    ]);
    expect(requests[0]?.input).toEqual({
      RuleArn: 'arn:rule',
      'Actions.member.1.Type': 'authenticate-oidc',
      'Actions.member.1.Order': '1',
      'Actions.member.1.AuthenticateOidcConfig.Issuer': 'https://id',
      'Actions.member.1.AuthenticateOidcConfig.ClientId': 'us',
      'Actions.member.1.AuthenticateOidcConfig.UseExistingClientSecret': 'true',
      'Actions.member.2.Type': 'authenticate-cognito',
      'Actions.member.2.Order': '2',
      'Actions.member.2.AuthenticateCognitoConfig.UserPoolArn': 'arn:pool',
    });
  });

  test('is answered as the load balancer has it then', async () => {
    expect(await traffic(ruleAnswer).replace(production, [twoGroups])).toMatchObject([
      { ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'blue', Weight: 1 }] } },
    ]);
  });

  test("goes to a listener's default action", async () => {
    const { requests, replace } = traffic(
      answer('ModifyListener', members('Listeners', listener('arn:listener', [forwardToOne]))),
    );
    expect(await replace(fallback, [twoGroups])).toMatchObject([{ TargetGroupArn: 'blue' }]);
    expect(requests).toMatchObject([
      { target: 'ModifyListener', input: { ListenerArn: 'arn:listener', 'DefaultActions.member.1.Type': 'forward' } },
    ]);
  });

  test.each([
    ['a rule that is gone', production, { code: 'RuleNotFound' }, 'AwsRefused'],
    ['a listener that is gone', fallback, { code: 'ListenerNotFound' }, 'AwsRefused'],
    ['too many groups', production, { code: 'TooManyTargetGroups' }, 'AwsRefused'],
    ['a lost answer', production, 'no answer', 'AwsUnavailable'],
    ['an answer without the rule', production, answer('ModifyRule', members('Rules')), 'AwsUnavailable'],
    ['an answer without the listener', fallback, answer('ModifyListener', members('Listeners')), 'AwsUnavailable'],
  ] as const)('and %s', async (_what, point, canned, name) => {
    const failure = await raisedBy(() => traffic(canned).replace(point, [twoGroups]));
    expect(failure).toMatchObject({ name });
    expect(String(failure)).not.toContain('hunter2');
  });
});

describe('target groups', () => {
  const described = (arn: string) =>
    answer(
      'DescribeTargetGroups',
      members(
        'TargetGroups',
        `<TargetGroupArn>${arn}</TargetGroupArn><Protocol>HTTP</Protocol><Port>8080</Port><VpcId>vpc-1</VpcId>` +
          `<TargetType>ip</TargetType>${members('LoadBalancerArns', 'arn:lb')}`,
      ),
    );

  test('of which one is gone are the others', async () => {
    const { requests, groups } = traffic({ code: 'TargetGroupNotFound' }, described('green'));
    expect(await groups(['blue', 'green'])).toEqual([
      { arn: 'green', protocol: 'HTTP', port: 8080, targetType: 'ip', vpc: 'vpc-1', loadBalancers: ['arn:lb'] },
    ]);
    expect(requests.map(({ input }) => input['TargetGroupArns.member.1'])).toEqual(['blue', 'green']);
  });

  test('that may not be read are not taken for gone', async () => {
    expect(await raisedBy(() => traffic({ code: 'AccessDenied' }).groups(['blue']))).toMatchObject({
      name: 'AwsRefused',
    });
  });

  test('have targets, each in its state', async () => {
    const target = (id: string, state: string) =>
      `<Target><Id>${id}</Id><Port>8080</Port></Target><TargetHealth><State>${state}</State></TargetHealth>`;
    const { requests, targets } = traffic(
      answer(
        'DescribeTargetHealth',
        members('TargetHealthDescriptions', target('10.0.0.1', 'healthy'), target('10.0.0.2', 'draining')),
      ),
    );
    expect(await targets('blue')).toEqual([
      { id: '10.0.0.1', state: 'healthy' },
      { id: '10.0.0.2', state: 'draining' },
    ]);
    expect(requests[0]).toEqual({ target: 'DescribeTargetHealth', input: { TargetGroupArn: 'blue' } });
  });
});

describe('routings', () => {
  const page = (list: string, items: string[], next?: string) =>
    `${members(list, ...items)}${next === undefined ? '' : `<NextMarker>${next}</NextMarker>`}`;
  const byDefault = (of: string) => rule(`${of}/-`, [forwardToOne], '<IsDefault>true</IsDefault>');

  test('are all rules and default actions of all listeners, over all pages, each once', async () => {
    const { requests, routings } = traffic(
      answer('DescribeListeners', page('Listeners', [listener('one', [forwardToOne])], 'more')),
      answer('DescribeRules', page('Rules', [rule('one/a', [forwardToOne])], 'further')),
      answer('DescribeRules', page('Rules', [rule('one/b', [forwardToOne]), byDefault('one')])),
      answer('DescribeListeners', page('Listeners', [listener('two', [forwardToOne])])),
      answer('DescribeRules', page('Rules', [byDefault('two')])),
    );
    const found = await routings(['arn:lb']);
    expect(found.map(({ point }) => point)).toEqual([
      { kind: 'rule', arn: 'one/a' },
      { kind: 'rule', arn: 'one/b' },
      { kind: 'listener', arn: 'one' },
      { kind: 'listener', arn: 'two' },
    ]);
    for (const { actions } of found) expect(actions).toMatchObject([{ TargetGroupArn: 'blue' }]);
    expect(requests.map(({ input }) => input)).toEqual([
      { LoadBalancerArn: 'arn:lb' },
      { ListenerArn: 'one' },
      { ListenerArn: 'one', Marker: 'further' },
      { LoadBalancerArn: 'arn:lb', Marker: 'more' },
      { ListenerArn: 'two' },
    ]);
  });

  test('are those of every load balancer', async () => {
    const { requests, routings } = traffic(answer('DescribeListeners', page('Listeners', [])));
    expect(await routings(['arn:lb', 'arn:other'])).toEqual([]);
    expect(requests.map(({ input }) => input)).toEqual([
      { LoadBalancerArn: 'arn:lb' },
      { LoadBalancerArn: 'arn:other' },
    ]);
  });

  test.each<[string, Canned[]]>([
    ['listeners', [{ code: 'AccessDenied' }]],
    [
      'rules',
      [answer('DescribeListeners', page('Listeners', [listener('one', [forwardToOne])])), { code: 'AccessDenied' }],
    ],
  ])('whose %s may not be read are not taken for none', async (_what, answers) => {
    expect(await raisedBy(() => traffic(...answers).routings(['arn:lb']))).toMatchObject({ name: 'AwsRefused' });
  });
});
