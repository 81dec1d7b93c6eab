import type { Permission } from '../../../local/fleet/operation.ts';
import { ACCOUNT, REGION, rehearsed } from './rehearsed-world.ts';

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const { permissionsOf } = rehearsed().world;
const service = arn('ecs', 'service/shop/web');
const deployment = arn('ecs', 'service-deployment/shop/web/abc');
const revision = arn('ecs', 'service-revision/shop/web/123');
const cluster = { 'ecs:cluster': arn('ecs', 'cluster/shop') };

const own = (...asked: Parameters<typeof permissionsOf>): Permission => {
  const [first] = permissionsOf(...asked);
  if (first === undefined) throw new Error('the call needs no permission');
  return first;
};

const repository = arn('ecr', 'repository/a/b');
const uploading = [
  'BatchCheckLayerAvailability',
  'BatchDeleteImage',
  'CompleteLayerUpload',
  'CreateRepository',
  'GetDownloadUrlForLayer',
  'InitiateLayerUpload',
  'ListImageReferrers',
  'PutImage',
  'UploadLayerPart',
];

describe('the resources that the action of a call is judged on', () => {
  test.each([
    ['DescribeServices', { cluster: 'shop', services: ['web', 'a'] }, [service, arn('ecs', 'service/shop/a')]],
    ['UpdateService', { cluster: arn('ecs', 'cluster/shop'), service }, [service]],
    ['CreateService', { serviceName: 'web' }, [arn('ecs', 'service/default/web')]],
    ['DeleteService', { cluster: 'shop', service: 'web' }, [service]],
    ['ListServiceDeployments', { cluster: 'shop', service: 'web' }, [service]],
    ['RegisterTaskDefinition', { family: 'web' }, [arn('ecs', 'task-definition/web:*')]],
    ['DeregisterTaskDefinition', { taskDefinition: 'web:1' }, ['*']],
    ['DescribeTaskDefinition', { taskDefinition: 'web' }, ['*']],
    ['ListTaskDefinitions', {}, ['*']],
    ['ListServices', { cluster: 'shop' }, ['*']],
    ['ListTasks', { cluster: 'shop' }, [arn('ecs', 'container-instance/shop/*')]],
    [
      'DescribeTasks',
      { cluster: 'shop', tasks: ['id', arn('ecs', 'task/shop/b')] },
      [arn('ecs', 'task/shop/id'), arn('ecs', 'task/shop/b')],
    ],
    ['DescribeClusters', {}, [arn('ecs', 'cluster/default')]],
    ['StopServiceDeployment', { serviceDeploymentArn: deployment }, [service, deployment]],
    ['DescribeServiceDeployments', { serviceDeploymentArns: [deployment] }, [service, deployment]],
    ['DescribeServiceRevisions', { serviceRevisionArns: [revision] }, [service, revision]],
    ['DescribeServiceRevisions', { serviceRevisionArns: ['no-arn'] }, ['no-arn']],
    ['TagResource', { resourceArn: service }, [service]],
  ])('ecs:%s', (operation, input, expected) => {
    expect(own('ecs', operation, input)).toMatchObject({ action: `ecs:${operation}`, resources: expected });
  });

  test.each([
    ['ecr', 'DescribeImages', { repositoryName: 'a/b' }, 'ecr', arn('ecr', 'repository/a/b')],
    ['ecr', 'DescribeRepositories', {}, 'ecr', arn('ecr', 'repository/*')],
    ['ecr', 'GetAuthorizationToken', {}, 'ecr', '*'],
    ...uploading.map((operation) => ['ecr', operation, { repositoryName: 'a/b' }, 'ecr', repository] as const),
    ['elbv2', 'DescribeTargetHealth', { TargetGroupArn: 'arn:g' }, 'elasticloadbalancing', '*'],
    ['elbv2', 'ModifyRule', { RuleArn: 'arn:r' }, 'elasticloadbalancing', 'arn:r'],
    ['elbv2', 'DeleteRule', { RuleArn: 'arn:r' }, 'elasticloadbalancing', 'arn:r'],
    ['elbv2', 'ModifyListener', { ListenerArn: 'arn:l' }, 'elasticloadbalancing', 'arn:l'],
    ['elbv2', 'CreateListener', { LoadBalancerArn: 'arn:b' }, 'elasticloadbalancing', 'arn:b'],
    ['elbv2', 'ModifyTargetGroupAttributes', { TargetGroupArn: 'arn:g' }, 'elasticloadbalancing', 'arn:g'],
    ['elbv2', 'DescribeListeners', { ListenerArns: ['arn:l'] }, 'elasticloadbalancing', '*'],
  ] as const)('%s %s', (played, operation, input, prefix, resource) => {
    expect(permissionsOf(played, operation, input)).toEqual([
      { action: `${prefix}:${operation}`, resources: [resource], conditions: {} },
    ]);
  });
});

describe('the conditions that it can be judged by', () => {
  test.each([
    ['UpdateService', { cluster: 'shop', service: 'web' }, cluster],
    ['DescribeServices', { cluster: arn('ecs', 'cluster/shop'), services: ['web'] }, cluster],
    ['ListTasks', { cluster: 'shop', serviceName: 'web' }, cluster],
    ['DescribeTasks', { tasks: ['a'] }, { 'ecs:cluster': arn('ecs', 'cluster/default') }],
    ['DescribeServiceDeployments', { serviceDeploymentArns: [deployment] }, { ...cluster, 'ecs:service': service }],
    ['StopServiceDeployment', { serviceDeploymentArn: deployment }, { ...cluster, 'ecs:service': service }],
    ['DescribeServiceRevisions', { serviceRevisionArns: [revision] }, { ...cluster, 'ecs:service': service }],
    ['DescribeTaskDefinition', { taskDefinition: 'web' }, {}],
    ['RegisterTaskDefinition', { family: 'web' }, {}],
  ])('ecs:%s', (operation, input, conditions) => {
    expect(own('ecs', operation, input).conditions).toEqual(conditions);
  });
});

describe('Application Auto Scaling', () => {
  const { world } = rehearsed({ scaling: { min: 1, max: 2 } });
  const ecsService = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' };
  const conditions = {
    'application-autoscaling:service-namespace': 'ecs',
    'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
  };
  const asked = (operation: string, ResourceId: string): unknown =>
    world.permissionsOf('application-autoscaling', operation, { ...ecsService, ResourceId });
  const targets = arn('application-autoscaling', 'scalable-target/');

  test.each(['RegisterScalableTarget', 'DeregisterScalableTarget', 'PutScalingPolicy', 'PutScheduledAction'])(
    'judges %s on the scalable target, or on any before there is one',
    (operation) => {
      const action = `application-autoscaling:${operation}`;
      const target = expect.stringMatching(new RegExp(`^${targets}[0-9a-f]{32}$`)) as string;
      expect(asked(operation, 'service/shop/web')).toEqual([{ action, resources: [target], conditions }]);
      expect(asked(operation, 'service/shop/new')).toEqual([{ action, resources: [`${targets}*`], conditions }]);
    },
  );

  test('judges reads on no resource', () => {
    const action = 'application-autoscaling:DescribeScalableTargets';
    expect(asked('DescribeScalableTargets', '')).toEqual([{ action, resources: ['*'], conditions: {} }]);
  });
});

describe('what a call needs beside its own action', () => {
  const further = (operation: string, input: Record<string, unknown>): Permission[] =>
    permissionsOf('ecs', operation, input).slice(1);
  const passed = (name: string, to: string): Permission => ({
    action: 'iam:PassRole',
    resources: [role(name)],
    conditions: { 'iam:PassedToService': to },
  });

  test('RegisterTaskDefinition passes both roles to tasks, and tags what it creates', () => {
    const input = { family: 'web', taskRoleArn: role('app'), executionRoleArn: 'execution' };
    const roles = [passed('app', 'ecs-tasks.amazonaws.com'), passed('execution', 'ecs-tasks.amazonaws.com')];
    expect(further('RegisterTaskDefinition', input)).toEqual(roles);
    const tagging = {
      action: 'ecs:TagResource',
      resources: [arn('ecs', 'task-definition/web:*')],
      conditions: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
    };
    const tags = [{ key: 'a', value: 'b' }];
    expect(further('RegisterTaskDefinition', { ...input, tags })).toEqual([tagging, ...roles]);
    expect(further('RegisterTaskDefinition', { family: 'web', tags: [] })).toEqual([]);
  });

  test('a service passes to ECS the roles that ECS takes, each once, wherever they stand', () => {
    const lifecycleHooks = [{ roleArn: role('hook') }, { roleArn: role('hook') }];
    const loadBalancers = [{ advancedConfiguration: { roleArn: role('infrastructure') } }];
    const update = { cluster: 'shop', service: 'web', deploymentConfiguration: { lifecycleHooks }, loadBalancers };
    expect(further('UpdateService', update)).toEqual([
      passed('hook', 'ecs.amazonaws.com'),
      passed('infrastructure', 'ecs.amazonaws.com'),
    ]);
    expect(further('UpdateService', { cluster: 'shop', service: 'web', taskDefinition: 'web:2' })).toEqual([]);
    expect(further('CreateService', { serviceName: 'web', role: 'linked' })).toEqual([
      passed('linked', 'ecs.amazonaws.com'),
    ]);
  });

  test('a repository that is created with tags is tagged', () => {
    const tags = [{ Key: 'a', Value: 'b' }];
    expect(permissionsOf('ecr', 'CreateRepository', { repositoryName: 'a/b', tags })).toEqual([
      { action: 'ecr:CreateRepository', resources: [repository], conditions: {} },
      { action: 'ecr:TagResource', resources: [repository], conditions: {} },
    ]);
    const { length } = permissionsOf('elbv2', 'CreateTargetGroup', { Name: 'a', tags });
    expect(length).toBe(1);
  });

  test('TagResource and reads need nothing else', () => {
    expect(further('TagResource', { resourceArn: service, tags: [{ key: 'a' }] })).toEqual([]);
    expect(further('DescribeServices', { services: ['web'], include: ['TAGS'] })).toEqual([]);
  });
});
