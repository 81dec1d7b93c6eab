import type { Service } from '@aws-sdk/client-ecs';
import { ACCOUNT, REGION, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const named = ({ call }: Rehearsed, name: string): Service | undefined => {
  const { services } = call('ecs', 'DescribeServices', { cluster: 'shop', services: [name] });
  return (services as Service[])[0];
};

const made = { cluster: 'shop', serviceName: 'other', taskDefinition: 'web', desiredCount: 1 };

describe('DescribeServices', () => {
  test('tells what is missing in failures, and takes names and ARNs', () => {
    const it = rehearsed();
    const services = [it.seeded.serviceArn, 'nobody'];
    const answer = it.call('ecs', 'DescribeServices', { cluster: 'shop', services });
    expect(answer['services']).toMatchObject([{ serviceName: 'web' }]);
    expect(answer['failures']).toEqual([
      { arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/shop/nobody`, reason: 'MISSING' },
    ]);
  });

  test('tells tags only when asked to', () => {
    const it = rehearsed();
    it.call('ecs', 'TagResource', { resourceArn: it.seeded.serviceArn, tags: [{ key: 'team', value: 'a' }] });
    it.call('ecs', 'TagResource', { resourceArn: it.seeded.serviceArn, tags: [{ key: 'team', value: 'b' }] });
    expect(it.service().tags).toBeUndefined();
    const { services } = it.call('ecs', 'DescribeServices', { cluster: 'shop', services: ['web'], include: ['TAGS'] });
    expect(services).toMatchObject([{ tags: [{ key: 'team', value: 'b' }] }]);
    const answer = it.call('ecs', 'ListTagsForResource', { resourceArn: it.seeded.serviceArn });
    expect(answer).toEqual({ tags: [{ key: 'team', value: 'b' }] });
    expect(it.refusal('ecs', 'ListTagsForResource', { resourceArn: 'arn:nothing' }).code).toBe(
      'InvalidParameterException',
    );
  });

  test('of an unknown cluster or more than 10 services is refused', () => {
    const it = rehearsed();
    const ask = (cluster: string, count: number): string =>
      it.refusal('ecs', 'DescribeServices', { cluster, services: Array(count).fill('web') }).code;
    expect(ask('nowhere', 1)).toBe('ClusterNotFoundException');
    expect(ask('shop', 11)).toBe('InvalidParameterException');
  });

  test('takes and gives copies: nobody changes the world through them', () => {
    const it = rehearsed();
    const configuration = it.service().deploymentConfiguration;
    if (configuration !== undefined) configuration.maximumPercent = 1;
    expect(it.service().deploymentConfiguration?.maximumPercent).toBe(200);
    const tags = [{ key: 'team', value: 'a' }];
    it.call('ecs', 'TagResource', { resourceArn: it.seeded.serviceArn, tags });
    tags.forEach((tag) => (tag.value = 'b'));
    const answer = it.call('ecs', 'ListTagsForResource', { resourceArn: it.seeded.serviceArn });
    expect(answer['tags']).toEqual([{ key: 'team', value: 'a' }]);
  });
});

describe('UpdateService', () => {
  test('of a service that is not there or not active is refused', () => {
    const it = rehearsed();
    expect(it.refusal('ecs', 'UpdateService', { cluster: 'shop', service: 'nobody' }).code).toBe(
      'ServiceNotFoundException',
    );
    it.call('ecs', 'DeleteService', { cluster: 'shop', service: 'web', force: true });
    const refused = it.refusal('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 1 });
    expect(refused).toEqual({ code: 'ServiceNotActiveException', message: 'Service was not ACTIVE.' });
  });

  test('that makes its strategy another one than rolling is refused', () => {
    const it = rehearsed();
    const deploymentConfiguration = { strategy: 'CANARY' };
    const update = { cluster: 'shop', service: 'web', deploymentConfiguration };
    expect(it.refusal('ecs', 'UpdateService', update).code).toBe('UnsupportedFeatureException');
    expect(it.service().deploymentConfiguration?.strategy).toBe('ROLLING');
  });
});

describe('CreateService', () => {
  test('makes a service that rolls out, completes, and can be told what it does', () => {
    const it = rehearsed();
    const { service } = it.call('ecs', 'CreateService', {
      ...made,
      launchType: 'FARGATE',
      tags: [{ key: 'a', value: 'b' }],
    });
    expect(service).toMatchObject({
      serviceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/shop/other`,
      status: 'ACTIVE',
      launchType: 'FARGATE',
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 1 }],
    });
    it.until('completed', () => named(it, 'other')?.deployments?.[0]?.rolloutState === 'COMPLETED');
    expect(it.call('ecs', 'ListServices', { cluster: 'shop' })['serviceArns']).toHaveLength(2);
  });

  test('repeated with its clientToken answers the same service; without it is refused', () => {
    const it = rehearsed();
    const first = it.call('ecs', 'CreateService', { ...made, clientToken: 'once' });
    const again = it.call('ecs', 'CreateService', { ...made, clientToken: 'once' });
    expect(again['service']).toEqual(first['service']);
    const refused = { code: 'InvalidParameterException', message: 'Creation of service was not idempotent.' };
    expect(it.refusal('ecs', 'CreateService', made)).toEqual(refused);
    expect(it.refusal('ecs', 'CreateService', { ...made, clientToken: 'other' })).toEqual(refused);
    const another = { ...made, desiredCount: 2, clientToken: 'once' };
    expect(it.refusal('ecs', 'CreateService', another)).toEqual(refused);
    const tooLong = { ...made, serviceName: 'third', clientToken: 'x'.repeat(37) };
    expect(it.refusal('ecs', 'CreateService', tooLong).code).toBe('InvalidParameterException');
  });

  test('refuses a target group that no listener uses', () => {
    const it = rehearsed();
    const { TargetGroups } = it.call('elbv2', 'CreateTargetGroup', { Name: 'idle', Port: 80, TargetType: 'ip' });
    const targetGroupArn = (TargetGroups as { TargetGroupArn: string }[])[0]?.TargetGroupArn;
    const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 8080 }];
    expect(it.refusal('ecs', 'CreateService', { ...made, loadBalancers })).toEqual({
      code: 'InvalidParameterException',
      message: `The target group with targetGroupArn ${targetGroupArn ?? ''} does not have an associated load balancer.`,
    });
  });
});

describe('DeleteService', () => {
  test('needs scaling to 0 or force; the service drains, and its name is free when it is INACTIVE', () => {
    const it = rehearsed();
    const deletion = { cluster: 'shop', service: 'web' };
    expect(it.refusal('ecs', 'DeleteService', deletion)).toEqual({
      code: 'InvalidParameterException',
      message: 'The service cannot be stopped while it is scaled above 0.',
    });
    it.call('ecs', 'DeleteService', { ...deletion, force: true });
    expect(it.service().status).toBe('DRAINING');
    expect(it.refusal('ecs', 'CreateService', { ...made, serviceName: 'web' })).toEqual({
      code: 'InvalidParameterException',
      message: 'Unable to Start a service that is still Draining.',
    });
    const deployments = it.deployments().map(({ serviceDeploymentArn }) => serviceDeploymentArn);
    const revisions = it.service().currentServiceRevisions?.map(({ arn }) => arn);
    it.until('inactive', () => it.service().status === 'INACTIVE');
    expect(it.service().currentServiceDeployment).toBeUndefined();
    expect(it.call('ecs', 'ListServiceDeployments', deletion)).toEqual({ serviceDeployments: [] });
    const gone = it.call('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: deployments });
    expect(gone).toMatchObject({ serviceDeployments: [], failures: [{ reason: 'MISSING' }] });
    const forgotten = it.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: revisions });
    expect(forgotten).toMatchObject({ serviceRevisions: [], failures: [{ reason: 'MISSING' }] });
    expect(it.service()).toMatchObject({
      runningCount: 0,
      deployments: [],
      taskDefinition: it.seeded.taskDefinitionArn,
    });
    expect(it.call('ecs', 'ListServices', { cluster: 'shop' })['serviceArns']).toEqual([]);
    it.call('ecs', 'CreateService', { ...made, serviceName: 'web' });
    expect(it.service().status).toBe('ACTIVE');
  });
});

describe('clusters', () => {
  test('are described with their counts, and listed', () => {
    const it = rehearsed();
    const answer = it.call('ecs', 'DescribeClusters', { clusters: ['shop', 'nowhere'] });
    expect(answer['clusters']).toMatchObject([
      { clusterName: 'shop', status: 'ACTIVE', runningTasksCount: 2, activeServicesCount: 1 },
    ]);
    expect(answer['failures']).toMatchObject([{ reason: 'MISSING' }]);
    expect(it.call('ecs', 'ListClusters')['clusterArns']).toEqual([`arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/shop`]);
  });
});

describe('ListTasks', () => {
  test('lists by service and desired status, and pages', () => {
    const it = rehearsed({ desiredCount: 3 });
    const list = (input: object): { taskArns: string[]; nextToken?: string } =>
      it.call('ecs', 'ListTasks', { cluster: 'shop', ...input }) as { taskArns: string[]; nextToken?: string };
    const first = list({ serviceName: 'web', maxResults: 2 });
    const second = list({ serviceName: 'web', maxResults: 2, nextToken: first.nextToken });
    expect(new Set([...first.taskArns, ...second.taskArns]).size).toBe(3);
    expect(second.nextToken).toBeUndefined();
    expect(list({ desiredStatus: 'STOPPED' }).taskArns).toEqual([]);
    expect(list({ family: 'another' }).taskArns).toEqual([]);
    const refuse = (input: object): string => it.refusal('ecs', 'ListTasks', { cluster: 'shop', ...input }).code;
    expect(refuse({ serviceName: 'nobody' })).toBe('ServiceNotFoundException');
    expect(refuse({ nextToken: 'made up' })).toBe('InvalidParameterException');
  });

  test('carries tags to tasks as the service asks', () => {
    const it = rehearsed({ desiredCount: 1 });
    const tags = [{ key: 'team', value: 'a' }];
    it.call('ecs', 'TagResource', { resourceArn: it.seeded.serviceArn, tags });
    it.call('ecs', 'UpdateService', {
      cluster: 'shop',
      service: 'web',
      propagateTags: 'SERVICE',
      enableECSManagedTags: true,
    });
    const arns = it.tasks().map(({ taskArn }) => taskArn);
    const answer = it.call('ecs', 'DescribeTasks', { cluster: 'shop', tasks: arns, include: ['TAGS'] });
    expect(answer['tasks']).toMatchObject([
      { tags: [{ key: 'aws:ecs:clusterName', value: 'shop' }, { key: 'aws:ecs:serviceName', value: 'web' }, ...tags] },
    ]);
  });
});

describe('a tweak', () => {
  test('of an unknown name is refused', () => {
    expect(() => {
      rehearsed().world.tweak('shop', 'web', { desired: 3 });
    }).toThrow('No tweak is named desired');
  });

  test('can put a Classic Load Balancer and another desired count there', () => {
    const it = rehearsed();
    it.world.tweak('shop', 'web', {
      loadBalancers: [{ loadBalancerName: 'old', containerName: 'app' }],
      desiredCount: 3,
    });
    expect(it.service()).toMatchObject({ desiredCount: 3, loadBalancers: [{ loadBalancerName: 'old' }] });
    expect(it.service().deployments?.[0]?.rolloutState).toBeUndefined();
    it.until('scaled out', () => it.service().runningCount === 3);
  });

  test('can have one of its tasks end by itself, which is replaced', () => {
    const it = rehearsed();
    const before = it.service().runningCount;
    it.world.tweak('shop', 'web', { exit: 3 });
    expect(it.tasks('STOPPED')).toMatchObject([
      { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 3 }] },
    ]);
    it.until('it is replaced', () => it.service().runningCount === before);
  });

  test('cannot end a task where none runs', () => {
    const it = rehearsed({ desiredCount: 0 });
    expect(() => {
      it.world.tweak('shop', 'web', { exit: 3 });
    }).toThrow('exit: no task runs');
  });
});
