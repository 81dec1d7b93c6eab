import { ACCOUNT, REGION, rehearsed } from './rehearsed-world.ts';

describe('StopServiceDeployment', () => {
  test('rolls a running deployment back, also without a circuit breaker', () => {
    const it = rehearsed();
    it.deploy('2');
    it.clock.advance(10_000);
    const arn = it.deployments()[0]?.serviceDeploymentArn;
    const stop = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' };
    expect(it.call('ecs', 'StopServiceDeployment', stop)).toEqual({ serviceDeploymentArn: arn });
    expect(it.deployments()[0]?.status).toBe('ROLLBACK_REQUESTED');
    it.clock.advance(5000);
    it.call('ecs', 'StopServiceDeployment', stop);
    expect(it.deployments()[0]).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      rollback: { serviceRevisionArn: it.deployments()[1]?.targetServiceRevision?.arn },
    });
    it.until('rolled back', it.stable);
    expect(it.deployments()[0]).toMatchObject({ serviceDeploymentArn: arn, status: 'ROLLBACK_SUCCESSFUL' });
    expect(it.service().taskDefinition).toBe(it.seeded.taskDefinitionArn);
    expect(it.refusal('ecs', 'StopServiceDeployment', stop).code).toBe('ConflictException');
  });

  test('fails to roll back when nothing ever completed', () => {
    const it = rehearsed();
    it.world.tweak('shop', 'web', { stallBreaker: true });
    it.deploy('2');
    it.call('ecs', 'StopServiceDeployment', { serviceDeploymentArn: it.deployments()[0]?.serviceDeploymentArn });
    it.clock.advance(5000);
    expect(it.deployments()[0]).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    });
  });

  test('of one that is not there, or to ABORT, is refused', () => {
    const it = rehearsed();
    const stop = (serviceDeploymentArn: string | undefined, stopType: string): string =>
      it.refusal('ecs', 'StopServiceDeployment', { serviceDeploymentArn, stopType }).code;
    const real = it.deployments()[0]?.serviceDeploymentArn;
    expect(stop(`${real ?? ''}x`, 'ROLLBACK')).toBe('ServiceDeploymentNotFoundException');
    expect(stop(real, 'ABORT')).toBe('InvalidParameterException');
  });
});

describe('service deployments', () => {
  test('are listed newest first, by status and time', () => {
    const it = rehearsed();
    it.clock.advance(60_000);
    it.deploy('2');
    const list = (input: object): unknown[] =>
      it.call('ecs', 'ListServiceDeployments', { cluster: 'shop', service: 'web', ...input })[
        'serviceDeployments'
      ] as unknown[];
    expect(list({})).toMatchObject([{ status: 'PENDING' }, { status: 'SUCCESSFUL' }]);
    expect(list({ status: ['SUCCESSFUL'] })).toHaveLength(1);
    const since = new Date(it.clock.now() - 1000);
    expect(list({ createdAt: { after: since } })).toMatchObject([{ status: 'PENDING' }]);
    expect(list({ createdAt: { before: since } })).toMatchObject([{ status: 'SUCCESSFUL' }]);
  });

  test('that are not there come back in failures', () => {
    const it = rehearsed();
    const arn = 'arn:aws:ecs:us-east-1:123456789012:service-deployment/shop/web/none';
    expect(it.call('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: [arn] })).toEqual({
      serviceDeployments: [],
      failures: [{ arn, reason: 'MISSING' }],
    });
    const revision = arn.replace('deployment', 'revision');
    expect(it.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: [revision] })['failures']).toHaveLength(1);
  });

  test('are forgotten after 90 days', () => {
    const it = rehearsed();
    const [arn] = it.deployments().map(({ serviceDeploymentArn }) => serviceDeploymentArn);
    it.clock.advance(89 * 24 * 3_600_000);
    expect(it.deployments()).toMatchObject([{ serviceDeploymentArn: arn, status: 'SUCCESSFUL' }]);
    it.clock.advance(24 * 3_600_000);
    expect(it.call('ecs', 'ListServiceDeployments', { cluster: 'shop', service: 'web' })).toEqual({
      serviceDeployments: [],
    });
    expect(it.call('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: [arn] })['failures']).toEqual([
      { arn, reason: 'MISSING' },
    ]);
    expect(it.service().currentServiceDeployment).toBeUndefined();
  });

  test('are described 20 at a time', () => {
    const it = rehearsed();
    const serviceDeploymentArns = Array(21).fill(it.deployments()[0]?.serviceDeploymentArn);
    expect(it.refusal('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns }).code).toBe(
      'InvalidParameterException',
    );
  });
});

describe('a region without service deployments', () => {
  const unsupported = 'UnsupportedFeatureException';
  const deployment = `arn:aws:ecs:${REGION}:${ACCOUNT}:service-deployment/shop/web/abc`;
  const calls: [string, object][] = [
    ['ListServiceDeployments', { cluster: 'shop', service: 'web' }],
    ['DescribeServiceDeployments', { serviceDeploymentArns: [deployment] }],
    ['DescribeServiceRevisions', { serviceRevisionArns: [deployment.replace('deployment', 'revision')] }],
    ['StopServiceDeployment', { serviceDeploymentArn: deployment }],
  ];

  test.each(calls)('refuses %s, by tweak, by seed and for the whole world', (operation, input) => {
    const tweaked = rehearsed();
    const refusal = (it: typeof tweaked): string => it.refusal('ecs', operation, { ...input }).code;
    tweaked.world.tweak('shop', 'web', { serviceDeployments: 'unsupported' });
    expect(refusal(tweaked)).toBe(unsupported);
    expect(refusal(rehearsed({ serviceDeployments: 'unsupported' }))).toBe(unsupported);
    expect(refusal(rehearsed({}, 1, { serviceDeployments: 'absent' }))).toBe(unsupported);
  });

  test('refuses them of services that are not there, too', () => {
    const it = rehearsed({}, 1, { serviceDeployments: 'unsupported' });
    const arn = deployment.replace('/web/', '/nobody/');
    expect(it.refusal('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: [arn] }).code).toBe(unsupported);
    expect(it.refusal('ecs', 'StopServiceDeployment', { serviceDeploymentArn: arn }).code).toBe(unsupported);
  });

  test('rolls out all the same, and a seed or a tweak may say otherwise', () => {
    const it = rehearsed({ serviceDeployments: 'supported' }, 1, { serviceDeployments: 'unsupported' });
    expect(it.deployments()).toMatchObject([{ status: 'SUCCESSFUL' }]);
    it.world.tweak('shop', 'web', { serviceDeployments: 'unsupported' });
    const revision = it.deploy('2');
    it.until('completed', it.stable);
    expect(it.service()).toMatchObject({ taskDefinition: revision, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('names their ARNs in DescribeServices, unless it has not heard of them', () => {
    const named = rehearsed({ serviceDeployments: 'unsupported' }).service();
    expect(named.currentServiceDeployment).toMatch(/:service-deployment\/shop\/web\//);
    const absent = rehearsed({ serviceDeployments: 'absent' }).service();
    expect(absent).not.toHaveProperty('currentServiceDeployment');
    expect(absent).not.toHaveProperty('currentServiceRevisions');
  });

  test('is no setting that can be misspelt', () => {
    expect(() => {
      rehearsed().world.tweak('shop', 'web', { serviceDeployments: 'sometimes' });
    }).toThrow('serviceDeployments: supported, unsupported, absent');
  });
});
