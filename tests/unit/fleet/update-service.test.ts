import { HOST, rehearsed } from './rehearsed-world.ts';

describe('UpdateService', () => {
  test('with the same revision and no force starts nothing', () => {
    const it = rehearsed();
    const [before] = it.service().deployments ?? [];
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition: it.seeded.taskDefinitionArn });
    it.call('ecs', 'UpdateService', {
      cluster: 'shop',
      service: 'web',
      networkConfiguration: it.service().networkConfiguration,
      healthCheckGracePeriodSeconds: 99,
      enableExecuteCommand: true,
      propagateTags: 'SERVICE',
      deploymentConfiguration: { minimumHealthyPercent: 50 },
    });
    expect(it.service().deployments).toMatchObject([{ id: before?.id }]);
    expect(it.service()).toMatchObject({
      healthCheckGracePeriodSeconds: 99,
      enableExecuteCommand: true,
      propagateTags: 'SERVICE',
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
    });
  });

  test('with forceNewDeployment, or another network configuration, rolls the same revision out', () => {
    const it = rehearsed();
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', forceNewDeployment: true });
    expect(it.service().deployments).toHaveLength(2);
    it.until('completed', it.stable);
    it.call('ecs', 'UpdateService', {
      cluster: 'shop',
      service: 'web',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0cccccccccccccccc'] } },
    });
    expect(it.service().deployments).toHaveLength(2);
    expect(it.service().taskDefinition).toBe(it.seeded.taskDefinitionArn);
  });

  test.each([
    ['platformVersion', '1.4.0'],
    ['networkConfiguration', { awsvpcConfiguration: { subnets: ['subnet-0cccccccccccccccc'] } }],
    ['loadBalancers', []],
    ['serviceRegistries', [{ registryArn: 'arn:r' }]],
    ['serviceConnectConfiguration', { enabled: true, namespace: 'n' }],
    ['volumeConfigurations', [{ name: 'data' }]],
    ['vpcLatticeConfigurations', [{ roleArn: 'arn:role', targetGroupArn: 'arn:t', portName: 'p' }]],
    ['forceNewDeployment', true],
  ])('with another %s starts a deployment', (member, value) => {
    const it = rehearsed();
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', [member]: value });
    expect(it.service().deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }, { rolloutState: 'COMPLETED' }]);
    expect(it.service().taskDefinition).toBe(it.seeded.taskDefinitionArn);
  });

  test.each([
    ['desiredCount', 3],
    ['deploymentConfiguration', { maximumPercent: 150 }],
    ['capacityProviderStrategy', [{ capacityProvider: 'FARGATE_SPOT' }]],
    ['availabilityZoneRebalancing', 'DISABLED'],
    ['placementConstraints', [{ type: 'distinctInstance' }]],
    ['placementStrategy', [{ type: 'random' }]],
    ['healthCheckGracePeriodSeconds', 99],
    ['enableExecuteCommand', true],
    ['enableECSManagedTags', true],
    ['propagateTags', 'SERVICE'],
    ['deploymentController', { type: 'ECS' }],
  ])('with another %s starts none, and keeps it', (member, value) => {
    const it = rehearsed();
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', [member]: value });
    expect(it.service().deployments).toHaveLength(1);
    expect(it.service()).toMatchObject({ [member]: value });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web' });
    expect(it.service()).toMatchObject({ [member]: value });
  });

  test('in the middle of a rollout with another desired count: it ends with that one', () => {
    const it = rehearsed();
    const revision = it.deploy('2');
    it.clock.advance(20_000);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 4 });
    const [primary] = it.service().deployments ?? [];
    expect(primary).toMatchObject({ desiredCount: 4, taskDefinition: revision, rolloutState: 'IN_PROGRESS' });
    it.until('completed', it.stable);
    expect(it.service()).toMatchObject({
      runningCount: 4,
      deployments: [{ id: primary?.id, rolloutState: 'COMPLETED' }],
    });
    expect(it.deployments()[0]).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 4 } });
  });

  test('scales with desiredCount, without a deployment', () => {
    const it = rehearsed();
    const [before] = it.service().deployments ?? [];
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 4 });
    expect(it.service().runningCount).toBe(2);
    it.until('scaled out', () => it.service().runningCount === 4);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 0 });
    it.until('scaled in', () => it.service().runningCount === 0 && it.stable());
    expect(it.service().deployments).toMatchObject([{ id: before?.id, rolloutState: 'COMPLETED' }]);
  });

  test('while another one runs stops that one, and its tasks are drained', () => {
    const it = rehearsed();
    it.deploy('2');
    it.clock.advance(15_000);
    const [second] = it.service().deployments ?? [];
    const third = it.deploy('3');
    expect(it.deployments().map(({ status }) => status)).toEqual(['PENDING', 'STOP_REQUESTED', 'SUCCESSFUL']);
    it.clock.advance(5000);
    expect(it.deployments().map(({ status }) => status)).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
    it.until('completed', it.stable);
    expect(it.service().taskDefinition).toBe(third);
    const drained = it.tasks('STOPPED').filter(({ startedBy }) => startedBy === second?.id);
    expect(drained).toHaveLength(2);
    expect(it.tasks('RUNNING').every(({ taskDefinitionArn }) => taskDefinitionArn === third)).toBe(true);
  });

  test('refuses an INACTIVE revision and one that is not there', () => {
    const it = rehearsed();
    const taskDefinition = it.register(`${HOST}/web:1`);
    it.call('ecs', 'DeregisterTaskDefinition', { taskDefinition });
    const update = (name: string): { code: string; message: string } =>
      it.refusal('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition: name });
    expect(update(taskDefinition)).toEqual({ code: 'ClientException', message: 'TaskDefinition is inactive' });
    expect(update('web:99')).toEqual({ code: 'ClientException', message: 'TaskDefinition not found.' });
    expect(it.service().deployments).toHaveLength(1);
  });
});

describe('a tag', () => {
  test('is resolved to its digest once in a rollout, and again by a forced one', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('2');
    it.until('completed', it.stable);
    const digests = (): (string | undefined)[] => it.tasks().map(({ containers }) => containers?.[0]?.imageDigest);
    const [first] = digests();
    const moved = it.world.putImage({ repository: 'web', tag: '2', behaviour: { does: 'become healthy', after: 1 } });
    expect(moved.digest).not.toBe(first);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 2 });
    it.until('scaled out', () => it.service().runningCount === 2);
    expect(digests()).toEqual([first, first]);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', forceNewDeployment: true });
    it.until('completed', it.stable);
    expect(digests()).toEqual([moved.digest, moved.digest]);
    const arns = it.service().currentServiceRevisions?.map(({ arn }) => arn);
    const { serviceRevisions } = it.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: arns });
    expect(serviceRevisions).toMatchObject([
      { containerImages: [{ containerName: 'app', image: `${HOST}/web:2`, imageDigest: moved.digest }] },
    ]);
  });

  test('is resolved for each task where the container opts out of version consistency', () => {
    const it = rehearsed({ desiredCount: 1 });
    const containerDefinitions = [{ name: 'app', image: `${HOST}/web:1`, versionConsistency: 'disabled' as const }];
    const taskDefinition = it.register('', { containerDefinitions });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
    it.until('completed', it.stable);
    const [first] = it.tasks().map(({ containers }) => containers?.[0]?.imageDigest);
    const moved = it.world.putImage({ repository: 'web', tag: '1', behaviour: { does: 'become healthy', after: 1 } });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 2 });
    it.until('scaled out', () => it.service().runningCount === 2);
    expect(it.tasks().map(({ containers }) => containers?.[0]?.imageDigest)).toEqual([first, moved.digest]);
    expect(moved.digest).not.toBe(first);
  });

  test('is not needed: an image can be named by digest', () => {
    const it = rehearsed({ desiredCount: 1 });
    const { digest } = it.world.putImage({ repository: 'web', behaviour: { does: 'become healthy', after: 2 } });
    const taskDefinition = it.register(`${HOST}/web@${digest}`);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
    it.until('completed', it.stable);
    expect(it.tasks()[0]?.containers?.[0]).toMatchObject({ image: `${HOST}/web@${digest}`, imageDigest: digest });
  });
});
