import { join } from 'node:path';
import { DescribeImagesCommand, ECRClient, UploadLayerPartCommand } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { virtualClock } from '../../local/clock.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import { ensureVenv } from '../../local/venv.ts';
import type { StubWorld } from '../unit/fleet-wire/stub-world.ts';
import { createdAt, ruleArn, stubWorld, targetGroupArn } from '../unit/fleet-wire/stub-world.ts';

let models: string;
let world: StubWorld;
let fleet: Fleet;
let told: string[];
let ecs: ECSClient;
let ecr: ECRClient;
let elb: ElasticLoadBalancingV2Client;

beforeAll(async () => {
  models = join((await ensureVenv()).sitePackages, 'botocore', 'data');
}, 120_000);

beforeEach(async () => {
  world = stubWorld();
  told = [];
  fleet = await startFleet({ world, clock: virtualClock(), models, seed: 1, onDefect: (text) => told.push(text) });
  const settings = {
    endpoint: fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
    userAgentAppId: 'drawbridge-test-apply',
  };
  ecs = new ECSClient(settings);
  ecr = new ECRClient(settings);
  elb = new ElasticLoadBalancingV2Client(settings);
});

afterEach(async () => {
  for (const client of [ecs, ecr, elb]) client.destroy();
  await fleet.close();
});

describe('AWS SDK v3 and the fleet', () => {
  test('ECS DescribeServices: lists, times and failures come back', async () => {
    const { services, failures } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['web', 'missing'] }),
    );
    expect(services).toMatchObject([
      { serviceName: 'web', desiredCount: 2, createdAt, deployments: [{ rolloutState: 'COMPLETED', createdAt }] },
    ]);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    expect(fleet.defects).toEqual([]);
  });

  test('ECS UpdateService: carried out, recorded with caller, resource and input, never with credentials', async () => {
    await ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'web', desiredCount: 3 }));
    await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: ['web'] }));
    expect(world.updates).toBe(1);
    expect(fleet.calls).toEqual([
      {
        number: 1,
        at: '2026-01-01T00:00:00.000Z',
        caller: 'drawbridge-test-apply',
        service: 'ecs',
        operation: 'UpdateService',
        resources: ['arn of ecs UpdateService'],
        permissions: [{ action: 'ecs:UpdateService', resources: ['arn of ecs UpdateService'], conditions: {} }],
        input: { cluster: 'main', service: 'web', desiredCount: 3 },
        outcome: 'ok',
      },
      expect.objectContaining({ number: 2, operation: 'DescribeServices' }),
    ]);
  });

  test('ECS RegisterTaskDefinition: nested lists and maps in both directions', async () => {
    const input = {
      family: 'web',
      containerDefinitions: [
        {
          name: 'web',
          image: 'registry.example/web@sha256:1',
          environment: [{ name: 'EMPTY', value: '' }],
          dockerLabels: { 'com.example/ü': 'yes & no' },
          logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': '/web' } },
          portMappings: [{ containerPort: 8080 }],
          essential: true,
        },
      ],
      tags: [{ key: 'team', value: 'a' }],
    };
    const { taskDefinition, tags } = await ecs.send(new RegisterTaskDefinitionCommand(input));
    expect(taskDefinition?.containerDefinitions).toEqual(input.containerDefinitions);
    expect(tags).toEqual(input.tags);
    expect(fleet.calls[0]?.input).toEqual(input);
  });

  test('ELBv2 DescribeRules: XML with texts that need escaping, numbers and booleans', async () => {
    const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    expect(Rules).toEqual([
      expect.objectContaining({
        Priority: '10',
        IsDefault: false,
        Conditions: [{ Field: 'path-pattern', Values: ['/a&b/*', '<"x">'] }],
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [{ TargetGroupArn: targetGroupArn, Weight: 0 }, { TargetGroupArn: 'other' }],
            },
          },
        ],
      }),
    ]);
  });

  test('ELBv2 ModifyRule: nested members of the form become lists and structures', async () => {
    const TargetGroups = [...Array(11).keys()].map((n) => ({ TargetGroupArn: `group ${n}`, Weight: n }));
    const Actions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }];
    const { Rules } = await elb.send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions, Conditions: [] }));
    expect(Rules?.[0]?.Actions).toEqual(Actions);
    expect(fleet.calls[0]?.input).toEqual({ RuleArn: ruleArn, Actions, Conditions: [] });
  });

  test('ELBv2 DescribeTargetHealth: answer, and an error under its own code', async () => {
    const Targets = [{ Id: '10.0.0.1', Port: 8080 }];
    const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn, Targets }));
    expect(answer.TargetHealthDescriptions).toMatchObject([
      { Target: Targets[0], TargetHealth: { State: 'unhealthy' } },
    ]);
    const unknown = elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'another' }));
    await expect(unknown).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
      message: 'One or more target groups not found',
      $metadata: { httpStatusCode: 400 },
    });
    expect(fleet.calls[1]).toMatchObject({ outcome: 'error', error: 'TargetGroupNotFound' });
  });

  test('ECR DescribeImages: long numbers and times', async () => {
    const command = new DescribeImagesCommand({ repositoryName: 'team/web', imageIds: [{ imageTag: 'v1' }] });
    const { imageDetails } = await ecr.send(command);
    expect(imageDetails).toMatchObject([{ imageSizeInBytes: 5_000_000_000, imagePushedAt: createdAt }]);
  });

  test('ECR UploadLayerPart: bytes arrive as bytes and are not kept', async () => {
    const layerPartBlob = new Uint8Array([0, 255, 128, 7]);
    const part = { repositoryName: 'web', uploadId: '0b5f1a3e-0000-4000-8000-000000000001', partFirstByte: 0 };
    const answer = await ecr.send(new UploadLayerPartCommand({ ...part, partLastByte: 3, layerPartBlob }));
    expect(answer.lastByteReceived).toBe(3);
    expect(fleet.calls[0]?.input['layerPartBlob']).toBe('<4 bytes>');
  });

  test('an error with members of its own', async () => {
    await expect(ecs.send(new RunTaskCommand({ taskDefinition: 'web' }))).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: ['a', 'b'],
    });
    await expect(ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'missing' }))).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
      message: 'Service not found.',
    });
  });

  test('an operation that the fleet does not play is an error of its protocol', async () => {
    await expect(ecs.send(new CreateClusterCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
    const actions = { Actions: [{ Type: 'forward' as const }], Conditions: [{ Field: 'path-pattern' }] };
    const create = elb.send(new CreateRuleCommand({ ListenerArn: 'l', Priority: 1, ...actions }));
    await expect(create).rejects.toMatchObject({ name: 'InvalidAction', $metadata: { httpStatusCode: 400 } });
    expect(fleet.defects).toEqual([]);
  });

  test.each([
    [
      'an answer that does not fit',
      () => ecs.send(new ListClustersCommand({})),
      /ListClusters: the answer does not fit the model: .*list.*extra/,
    ],
    ['a world that breaks', () => ecs.send(new ListServicesCommand({})), /ListServices: Error: the world broke/],
    [
      'an error of no model',
      () => ecs.send(new DeleteServiceCommand({ service: 'web' })),
      /DeleteService: the error NoSuchErrorException/,
    ],
  ])('%s is a defect and the service’s own fault', async (_what, send, defect) => {
    await expect(send()).rejects.toMatchObject({ name: 'ServerException', $metadata: { httpStatusCode: 500 } });
    expect(fleet.defects).toEqual([expect.stringMatching(defect)]);
    expect(told).toEqual(fleet.defects);
    expect(fleet.calls).toMatchObject([{ outcome: 'error', error: 'ServerException' }]);
  });
});
