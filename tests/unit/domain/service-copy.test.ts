import type { CreateServiceRequest, Service } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { cannotCopy, copyRequest, copyToken, type DescribedService } from '../../../lib/domain/service-copy.ts';
import { account, blueGroup, greenGroup, partition, revisionArn } from '../../support/samples.ts';

const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'DISABLED' } };
const deploymentConfiguration = {
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
  deploymentCircuitBreaker: { enable: true, rollback: true },
  alarms: { alarmNames: ['errors'], enable: true, rollback: true },
};
const role = (name: string): string => `arn:${partition}:iam::${account}:role/${name}`;

/** As DescribeServices answers it, every field there. */
const service: Required<Record<keyof Service, unknown>> = {
  serviceArn: 'arn:service',
  serviceName: 'web',
  clusterArn: 'arn:cluster',
  loadBalancers: [{ targetGroupArn: blueGroup, containerName: 'app', containerPort: 8080 }],
  serviceRegistries: [],
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  launchType: 'FARGATE',
  capacityProviderStrategy: [],
  platformVersion: 'LATEST',
  platformFamily: 'Linux',
  taskDefinition: revisionArn(7),
  deploymentConfiguration,
  taskSets: [],
  deployments: [{ id: 'ecs-svc/1' }],
  roleArn: role('aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
  events: [{ message: 'steady' }],
  createdAt: new Date('2026-01-01T00:00:00Z'),
  currentServiceDeployment: 'arn:service-deployment',
  currentServiceRevisions: [{ arn: 'arn:service-revision' }],
  placementConstraints: [{ type: 'distinctInstance' }],
  placementStrategy: [{ type: 'spread', field: 'instanceId' }],
  networkConfiguration,
  healthCheckGracePeriodSeconds: 0,
  schedulingStrategy: 'REPLICA',
  deploymentController: { type: 'ECS' },
  tags: [
    { key: 'team', value: 'web' },
    { key: 'for:aws:', value: 'no' },
    { key: 'aws:cloudformation:stack-name', value: 'web' },
  ],
  createdBy: role('ops'),
  enableECSManagedTags: true,
  propagateTags: 'SERVICE',
  enableExecuteCommand: false,
  availabilityZoneRebalancing: 'ENABLED',
  resourceManagementType: 'CUSTOMER',
};

type Change = { [K in keyof DescribedService]?: Record<string, unknown> };

const described = (change: Change = {}): DescribedService => ({
  service: { ...service, ...change.service },
  primary: { id: 'ecs-svc/1', status: 'PRIMARY', ...change.primary },
  ...(change.revision === undefined ? {} : { revision: change.revision }),
});

const change = {
  cluster: 'prod',
  service: 'web-green',
  targetGroup: greenGroup,
  revision: revisionArn(8),
  desired: 3,
  clientToken: copyToken('web-1'),
};

describe('a service that can be copied', () => {
  test('as ECS describes one', () => {
    expect(cannotCopy(described({ revision: { loadBalancers: service.loadBalancers } }))).toEqual([]);
  });

  test.each<[string, Change]>([
    ['switched off', { primary: { serviceConnectConfiguration: { enabled: false } } }],
    ['without what is default', { service: { schedulingStrategy: undefined, deploymentController: undefined } }],
    ['with percentages only', { service: { deploymentConfiguration: { maximumPercent: 200 } } }],
    ['without a role', { service: { roleArn: undefined } }],
  ])('%s', (_what, with_) => {
    expect(cannotCopy(described(with_))).toEqual([]);
  });
});

const balancer = { targetGroupArn: blueGroup, containerName: 'app', containerPort: 8080 };
const uncopyable: [string, Change][] = [
  ['serviceRegistries', { service: { serviceRegistries: [{ registryArn: 'arn:registry' }] } }],
  ['serviceRegistries', { revision: { serviceRegistries: [{ registryArn: 'arn:registry' }] } }],
  ['serviceConnectConfiguration', { service: { serviceConnectConfiguration: { enabled: true } } }],
  ['serviceConnectConfiguration', { primary: { serviceConnectConfiguration: { enabled: true } } }],
  ['serviceConnectConfiguration', { revision: { serviceConnectConfiguration: { enabled: true } } }],
  [
    'serviceConnectConfiguration',
    {
      primary: { serviceConnectConfiguration: { enabled: false } },
      revision: { serviceConnectConfiguration: { enabled: true } },
    },
  ],
  ['vpcLatticeConfigurations', { primary: { vpcLatticeConfigurations: [{ portName: 'web' }] } }],
  ['vpcLatticeConfigurations', { revision: { vpcLatticeConfigurations: [{ portName: 'web' }] } }],
  ['gatewayConnectors', { revision: { gatewayConnectors: [{}] } }],
  ['volumeConfigurations', { primary: { volumeConfigurations: [{ name: 'data' }] } }],
  ['volumeConfigurations', { revision: { volumeConfigurations: [{ name: 'data' }] } }],
  ['taskSets', { service: { taskSets: [{ id: 'ecs-svc/1' }] } }],
  ['loadBalancers', { service: { loadBalancers: [] } }],
  ['loadBalancers', { service: { loadBalancers: undefined } }],
  ['loadBalancers', { service: { loadBalancers: [balancer, { ...balancer, containerPort: 8443 }] } }],
  ['loadBalancers', { service: { loadBalancers: [{ loadBalancerName: 'classic', containerName: 'app' }] } }],
  ['loadBalancers', { service: { loadBalancers: [{ ...balancer, loadBalancerName: 'classic' }] } }],
  ['loadBalancers', { service: { loadBalancers: [{ ...balancer, advancedConfiguration: { roleArn: 'arn' } }] } }],
  ['loadBalancers', { revision: { loadBalancers: [balancer, balancer] } }],
  ['schedulingStrategy', { service: { schedulingStrategy: 'DAEMON' } }],
  ['deploymentController', { service: { deploymentController: { type: 'CODE_DEPLOY' } } }],
  ['deploymentConfiguration.strategy', { service: { deploymentConfiguration: { strategy: 'CANARY' } } }],
  ['roleArn', { service: { roleArn: role('ecsServiceRole') } }],
  ['roleArn', { service: { roleArn: role('AWSServiceRoleForECS') } }],
  ['roleArn', { service: { roleArn: role('aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS2') } }],
  ['resourceManagementType', { service: { resourceManagementType: 'ECS' } }],
];

describe('a service that cannot be copied', () => {
  test.each(uncopyable)('for its %s (%j)', (field, with_) => {
    expect(cannotCopy(described(with_))).toEqual([field]);
  });

  test('for all of its reasons', () => {
    const daemon = { schedulingStrategy: 'DAEMON', taskSets: [{}], roleArn: role('own') };
    expect(cannotCopy(described({ service: daemon }))).toEqual(['taskSets', 'schedulingStrategy', 'roleArn']);
  });
});

/** What becomes of each field that ECS describes: a field that is new in the SDK makes this a type error, until somebody decides. */
const fate: Record<keyof Service, 'copied' | 'changed' | 'default or refused' | 'read-only'> = {
  serviceArn: 'read-only',
  serviceName: 'changed',
  clusterArn: 'read-only',
  loadBalancers: 'changed',
  serviceRegistries: 'default or refused',
  status: 'read-only',
  desiredCount: 'changed',
  runningCount: 'read-only',
  pendingCount: 'read-only',
  launchType: 'copied',
  capacityProviderStrategy: 'copied',
  platformVersion: 'copied',
  platformFamily: 'read-only',
  taskDefinition: 'changed',
  deploymentConfiguration: 'copied',
  taskSets: 'default or refused',
  deployments: 'read-only',
  roleArn: 'default or refused',
  events: 'read-only',
  createdAt: 'read-only',
  currentServiceDeployment: 'read-only',
  currentServiceRevisions: 'read-only',
  placementConstraints: 'copied',
  placementStrategy: 'copied',
  networkConfiguration: 'copied',
  healthCheckGracePeriodSeconds: 'copied',
  schedulingStrategy: 'default or refused',
  deploymentController: 'default or refused',
  tags: 'changed',
  createdBy: 'read-only',
  enableECSManagedTags: 'copied',
  propagateTags: 'copied',
  enableExecuteCommand: 'copied',
  availabilityZoneRebalancing: 'copied',
  resourceManagementType: 'default or refused',
};

/** What CreateService takes that DescribeServices does not show. */
const asked: Record<Exclude<keyof CreateServiceRequest, keyof Service>, true> = {
  cluster: true,
  clientToken: true,
  role: true,
  serviceConnectConfiguration: true,
  volumeConfigurations: true,
  vpcLatticeConfigurations: true,
  gatewayConnectors: true,
  monitoring: true,
};

const fieldsOf = (is: string): string[] =>
  Object.entries(fate).flatMap(([field, becomes]) => (becomes === is ? [field] : []));

describe('the request for a copy', () => {
  test('is the service, with what is new in it', () => {
    expect(copyRequest(described(), change)).toEqual({
      cluster: 'prod',
      serviceName: 'web-green',
      taskDefinition: revisionArn(8),
      desiredCount: 3,
      clientToken: copyToken('web-1'),
      loadBalancers: [{ targetGroupArn: greenGroup, containerName: 'app', containerPort: 8080 }],
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      networkConfiguration,
      deploymentConfiguration,
      placementConstraints: [{ type: 'distinctInstance' }],
      placementStrategy: [{ type: 'spread', field: 'instanceId' }],
      healthCheckGracePeriodSeconds: 0,
      enableECSManagedTags: true,
      propagateTags: 'SERVICE',
      enableExecuteCommand: false,
      availabilityZoneRebalancing: 'ENABLED',
      tags: [
        { key: 'team', value: 'web' },
        { key: 'for:aws:', value: 'no' },
      ],
    });
  });

  const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];

  test.each<[string, Change]>([
    ['the service', { service: { capacityProviderStrategy: strategy } }],
    ['the service alone', { service: { capacityProviderStrategy: strategy, launchType: undefined } }],
    ['the PRIMARY deployment', { primary: { capacityProviderStrategy: strategy } }],
    ['the service revision', { revision: { capacityProviderStrategy: strategy } }],
  ])('has the capacity providers that %s names, and then no launch type', (_what, with_) => {
    const request = copyRequest(described(with_), change);
    expect(request).toMatchObject({ capacityProviderStrategy: strategy });
    expect(request).not.toHaveProperty('launchType');
  });

  test('has neither when none is described: the cluster’s default', () => {
    const request = copyRequest(described({ service: { launchType: undefined } }), change);
    expect(request).not.toHaveProperty('launchType');
    expect(request).not.toHaveProperty('capacityProviderStrategy');
  });

  test('has settings that only the PRIMARY deployment or the service revision shows, the service’s own first', () => {
    const other = { awsvpcConfiguration: { subnets: ['subnet-2'] } };
    const monitoring = { metrics: [] };
    const shown = described({
      service: { networkConfiguration: undefined },
      primary: { networkConfiguration, platformVersion: '1.4.0' },
      revision: { networkConfiguration: other, monitoring },
    });
    expect(copyRequest(shown, change)).toMatchObject({ networkConfiguration, platformVersion: 'LATEST', monitoring });
  });

  test.each([
    ['propagateTags', { propagateTags: 'NONE' }],
    ['propagateTags', { propagateTags: undefined }],
    ['tags', { tags: [{ key: 'aws:cloudformation:stack-name', value: 'web' }] }],
    ['tags', { tags: undefined }],
    ['placementStrategy', { placementStrategy: [] }],
    ['platformVersion', { platformVersion: undefined }],
  ])('is without %s for %j', (field, with_) => {
    expect(copyRequest(described({ service: with_ }), change)).not.toHaveProperty(field);
  });

  test('says that zones are not rebalanced when they are not: a new service would have it', () => {
    const shown = described({ service: { availabilityZoneRebalancing: undefined } });
    expect(copyRequest(shown, change)).toMatchObject({ availabilityZoneRebalancing: 'DISABLED' });
  });

  test('has only fields that CreateService takes, whatever is described', () => {
    const anyService = fc.record(
      Object.fromEntries(
        Object.entries(service).map(([field, value]) => [field, fc.constantFrom(value, undefined, [], null)]),
      ),
    );
    const takes = new Set([...fieldsOf('copied'), ...fieldsOf('changed'), ...Object.keys(asked)]);
    fc.assert(
      fc.property(anyService, anyService, fc.option(anyService), (one, primary, revision) => {
        const request = copyRequest({ service: one, primary, ...(revision === null ? {} : { revision }) }, change);
        expect(Object.keys(request).filter((field) => !takes.has(field))).toEqual([]);
        expect('launchType' in request && 'capacityProviderStrategy' in request).toBe(false);
        expect(Object.values(request)).not.toContain(null);
        expect(request).toMatchObject({ cluster: 'prod', serviceName: 'web-green', desiredCount: 3 });
      }),
      { numRuns: 1_000 },
    );
  });

  test('carries every field that is to be copied', () => {
    const request = Object.keys(copyRequest(described({ service: { capacityProviderStrategy: [{}] } }), change));
    const fargate = Object.keys(copyRequest(described(), change));
    expect(fieldsOf('copied').filter((field) => ![...request, ...fargate].includes(field))).toEqual([]);
    expect(fieldsOf('changed').filter((field) => !request.includes(field))).toEqual([]);
    expect(
      [...fieldsOf('read-only'), ...fieldsOf('default or refused')].filter((field) => request.includes(field)),
    ).toEqual([]);
  });
});

test('a token is the same for the same execution, another for another, and no longer than ECS takes', () => {
  const long = 'x'.repeat(80);
  expect(copyToken(long)).toBe(copyToken(long));
  expect(copyToken(`${long}-2`)).not.toBe(copyToken(long));
  expect(copyToken(long)).toMatch(/^[\x21-\x7e]{1,36}$/);
});
