import { rehearsed } from './rehearsed-world.ts';

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

  test('can be missing in the whole region', () => {
    const it = rehearsed();
    const [deployment] = it.deployments();
    it.world.tweak('shop', 'web', { serviceDeployments: 'unsupported' });
    const unsupported = 'UnsupportedFeatureException';
    const arns = [deployment?.serviceDeploymentArn];
    expect(it.refusal('ecs', 'ListServiceDeployments', { cluster: 'shop', service: 'web' }).code).toBe(unsupported);
    expect(it.refusal('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: arns }).code).toBe(unsupported);
    expect(it.refusal('ecs', 'StopServiceDeployment', { serviceDeploymentArn: arns[0] }).code).toBe(unsupported);
    it.world.tweak('shop', 'web', { serviceDeployments: 'supported' });
    expect(it.deployments()).toHaveLength(1);
  });
});
