import { join } from 'node:path';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { virtualClock } from '../../local/clock.ts';
import { fleetControl } from '../../local/fleet/control.ts';
import type { ServiceSeed } from '../../local/fleet/seeds.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import { createWorld } from '../../local/fleet/world/world.ts';
import { ensureVenv } from '../../local/venv.ts';

const clock = virtualClock();
const service: ServiceSeed = {
  cluster: 'main',
  service: 'web',
  family: 'web',
  containers: [{ name: 'web', image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:v1' }],
  desiredCount: 2,
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
};
let fleet: Fleet;

beforeAll(async () => {
  const models = join((await ensureVenv()).sitePackages, 'botocore', 'data');
  const world = createWorld({ clock, region: 'eu-central-1', account: '123456789012', seed: 1 });
  fleet = await startFleet({ world, clock, models, seed: 1 });
}, 120_000);

afterAll(async () => {
  await fleet.close();
});

const settings = () => ({
  endpoint: fleet.url,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  maxAttempts: 1,
  userAgentAppId: 'apply',
});

test('a deployment over the wire, in the real world, fits AWS’s models from beginning to end', async () => {
  const control = fleetControl(fleet.url);
  for (const tag of ['v1', 'v2']) {
    await control.putImage({ repository: 'web', tag, behaviour: { does: 'become healthy', after: 5 } });
  }
  const { serviceArn, taskDefinitionArn, targetGroupArn, ruleArn } = await control.putService(service);
  const [ecs, elb] = [new ECSClient(settings()), new ElasticLoadBalancingV2Client(settings())];

  const { imageDetails } = await new ECRClient(settings()).send(new DescribeImagesCommand({ repositoryName: 'web' }));
  expect(imageDetails?.flatMap(({ imageTags }) => imageTags).sort()).toEqual(['v1', 'v2']);
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  expect(Rules).toHaveLength(1);
  const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
  expect(health.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual([
    'healthy',
    'healthy',
  ]);

  const old = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }));
  const { cpu, memory, networkMode, requiresCompatibilities, executionRoleArn } = old.taskDefinition ?? {};
  const containerDefinitions = old.taskDefinition?.containerDefinitions ?? [];
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family: 'web', cpu, memory, networkMode, requiresCompatibilities, executionRoleArn },
      containerDefinitions: containerDefinitions.map((container) => ({
        ...container,
        image: container.image?.replace(':v1', ':v2'),
      })),
    }),
  );
  const revision = taskDefinition?.taskDefinitionArn;
  await ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'web', taskDefinition: revision }));

  const primary = async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: ['web'] }));
    return services?.[0]?.deployments?.find(({ status }) => status === 'PRIMARY');
  };
  expect(await primary()).toMatchObject({ taskDefinition: revision, rolloutState: 'IN_PROGRESS' });
  for (let minute = 0; minute < 15; minute += 1) clock.advance(60_000);
  expect(await primary()).toMatchObject({ taskDefinition: revision, rolloutState: 'COMPLETED', runningCount: 2 });

  const [update] = await control.calls({ operation: 'UpdateService' });
  expect(update).toMatchObject({ caller: 'apply', resources: [serviceArn], outcome: 'ok' });
  expect(await control.serviceView('main', 'web')).toMatchObject({ running: 2 });
  expect(fleet.defects).toEqual([]);
});
