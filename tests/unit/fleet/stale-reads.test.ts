import type { ServiceName } from '../../../local/fleet/operation.ts';
import { HOST, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const web = { cluster: 'shop', service: 'web' };

/** What a read answers as before so many writes. */
const stale = (it: Rehearsed, [service, operation]: [ServiceName, string], input: object, writes = 1): unknown => {
  const run = it.world.before(writes)[service][operation];
  if (run === undefined) throw new Error(`No operation ${operation}`);
  return run({ ...input });
};

const SERVICES: [ServiceName, string] = ['ecs', 'DescribeServices'];
const DEFINITIONS: [ServiceName, string] = ['ecs', 'ListTaskDefinitions'];

describe('a read as before the latest writes', () => {
  test('tells the service without the rollout that was just begun, and stays so', () => {
    const it = rehearsed();
    const input = { cluster: 'shop', services: ['web'] };
    it.clock.advance(10_000);
    const before = it.call('ecs', 'DescribeServices', input);
    it.deploy('2');
    expect(stale(it, SERVICES, input)).toEqual(before);
    it.clock.advance(60_000);
    expect(stale(it, SERVICES, input)).toEqual(before);
    expect(it.service()).not.toEqual((before['services'] as unknown[])[0]);
  });

  test('goes back behind as many writes as asked for, and no further than the first', () => {
    const it = rehearsed();
    for (const desiredCount of [3, 4, 5]) it.call('ecs', 'UpdateService', { ...web, desiredCount });
    const desired = (writes: number): unknown => stale(it, SERVICES, { cluster: 'shop', services: ['web'] }, writes);
    expect([1, 2, 3, 4].map(desired)).toMatchObject(
      [4, 3, 2, 2].map((desiredCount) => ({ services: [{ desiredCount }] })),
    );
  });

  test('counts the writes to what it reads, and none that were refused', () => {
    const it = rehearsed();
    const containers = [{ name: 'app', image: `${HOST}/web:1` }];
    it.world.putService({ cluster: 'shop', service: 'other', family: 'other', desiredCount: 1, containers });
    it.call('ecs', 'UpdateService', { ...web, desiredCount: 3 });
    it.call('ecs', 'UpdateService', { ...web, service: 'other', desiredCount: 4 });
    it.refusal('ecs', 'UpdateService', { ...web, taskDefinition: 'none' });
    expect(stale(it, SERVICES, { cluster: 'shop', services: ['web', 'other'] })).toMatchObject({
      services: [{ desiredCount: 2 }, { desiredCount: 1 }],
    });
  });

  test('is an ordinary one where nothing was written', () => {
    const it = rehearsed();
    const input = { cluster: 'shop', services: ['web'] };
    expect(stale(it, SERVICES, input)).toEqual(it.call('ecs', 'DescribeServices', input));
  });

  test('does not find a service that was just created, nor its tasks', () => {
    const it = rehearsed();
    const made = { cluster: 'shop', serviceName: 'new', taskDefinition: 'web', desiredCount: 1 };
    it.call('ecs', 'CreateService', made);
    expect(stale(it, SERVICES, { cluster: 'shop', services: ['new'] })).toMatchObject({
      services: [],
      failures: [{ reason: 'MISSING' }],
    });
    expect(stale(it, ['ecs', 'ListServices'], { cluster: 'shop' })).toEqual({ serviceArns: [it.seeded.serviceArn] });
    expect(() => stale(it, ['ecs', 'ListTasks'], { cluster: 'shop', serviceName: 'new' })).toThrow('Service not found');
  });

  test('tells tasks, deployments and revisions as they were', () => {
    const it = rehearsed({ desiredCount: 1 });
    const [task] = it.tasks();
    const [old] = it.deployments();
    it.deploy('2');
    it.until('completed', it.stable);
    const tasks = [task?.taskArn];
    expect(stale(it, ['ecs', 'DescribeTasks'], { cluster: 'shop', tasks })).toMatchObject({
      tasks: [{ lastStatus: 'RUNNING' }],
    });
    expect(stale(it, ['ecs', 'ListTasks'], { cluster: 'shop', serviceName: 'web' })).toEqual({ taskArns: tasks });
    const [young] = it.deployments();
    const serviceDeploymentArns = [young, old].map((one) => one?.serviceDeploymentArn);
    expect(stale(it, ['ecs', 'DescribeServiceDeployments'], { serviceDeploymentArns })).toMatchObject({
      serviceDeployments: [{ serviceDeploymentArn: serviceDeploymentArns[1] }],
      failures: [{ arn: serviceDeploymentArns[0] }],
    });
    const serviceRevisionArns = [young?.targetServiceRevision?.arn];
    expect(stale(it, ['ecs', 'DescribeServiceRevisions'], { serviceRevisionArns })).toMatchObject({
      failures: [{ arn: serviceRevisionArns[0] }],
    });
  });

  test('does not know a revision that was just registered; one that was just deregistered is still ACTIVE', () => {
    const it = rehearsed();
    const second = it.register(`${HOST}/web:1`);
    it.call('ecs', 'UpdateService', { ...web, taskDefinition: second });
    const newest = { familyPrefix: 'web', sort: 'DESC' };
    expect(stale(it, DEFINITIONS, newest)).toEqual({ taskDefinitionArns: [it.seeded.taskDefinitionArn] });
    expect(() => stale(it, ['ecs', 'DescribeTaskDefinition'], { taskDefinition: second })).toThrow('Unable');
    it.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: second });
    expect(stale(it, ['ecs', 'DescribeTaskDefinition'], { taskDefinition: second })).toMatchObject({
      taskDefinition: { status: 'ACTIVE' },
    });
  });

  test('does not see an image that was just pushed, nor a rule that was just changed', () => {
    const it = rehearsed();
    it.world.putImage({ repository: 'web', tag: '2', behaviour: { does: 'become healthy', after: 1 } });
    const images = stale(it, ['ecr', 'ListImages'], { repositoryName: 'web' });
    expect(images).toMatchObject({ imageIds: [{ imageTag: '1' }] });
    expect(it.call('ecr', 'ListImages', { repositoryName: 'web' })['imageIds']).toHaveLength(2);
    const imageIds = [{ imageTag: '2' }];
    const tagged = it.call('ecr', 'DescribeImages', { repositoryName: 'web', imageIds });
    it.world.putImage({ repository: 'web', tag: '2', behaviour: { does: 'exit', code: 1, after: 1 } });
    expect(stale(it, ['ecr', 'DescribeImages'], { repositoryName: 'web', imageIds })).toEqual(tagged);
    expect(it.call('ecr', 'DescribeImages', { repositoryName: 'web', imageIds })).not.toEqual(tagged);
    const rules = { RuleArns: [it.seeded.ruleArn] };
    const before = it.call('elbv2', 'DescribeRules', rules);
    const Actions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }];
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
    expect(stale(it, ['elbv2', 'DescribeRules'], rules)).toEqual(before);
    expect(it.call('elbv2', 'DescribeRules', rules)).not.toEqual(before);
  });

  test('of a service whose reads lag is as old as the older of both', () => {
    const it = rehearsed({ readsLag: 20 });
    it.call('ecs', 'UpdateService', { ...web, desiredCount: 3 });
    it.clock.advance(10_000);
    it.call('ecs', 'UpdateService', { ...web, desiredCount: 4 });
    const desired = (): unknown => stale(it, SERVICES, { cluster: 'shop', services: ['web'] });
    expect(desired()).toMatchObject({ services: [{ desiredCount: 2 }] });
    it.clock.advance(15_000);
    expect(desired()).toMatchObject({ services: [{ desiredCount: 3 }] });
    it.clock.advance(60_000);
    expect(desired()).toMatchObject({ services: [{ desiredCount: 3 }] });
    expect(it.service().desiredCount).toBe(4);
  });
});
