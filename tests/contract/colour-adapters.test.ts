import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { applicationAutoScaling } from '../../lib/adapters/aws/application-auto-scaling.ts';
import { ecsFleet } from '../../lib/adapters/aws/ecs-fleet.ts';
import { ecsServiceCopies } from '../../lib/adapters/aws/ecs-service-copies.ts';
import { elbv2Traffic } from '../../lib/adapters/aws/elbv2-traffic.ts';
import { copyRequest } from '../../lib/domain/service-copy.ts';
import { weightsOf, withWeights } from '../../lib/domain/traffic.ts';
import { closeScenesAfterEach, openScene, web, webSeed, type WireScene } from '../unit/fleet-wire/wire-scene.ts';

/** The adapters that a swap of colours needs, against the fleet, whose wire is held against AWS's own models. */

closeScenesAfterEach();

const green = { cluster: 'main', service: 'web-green' };

const portsOf = ({ fleet, ecs }: WireScene) => {
  const options = {
    endpoint: fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
    userAgentAppId: 'deployer',
  };
  return {
    traffic: elbv2Traffic(new ElasticLoadBalancingV2Client(options)),
    scaling: applicationAutoScaling(new ApplicationAutoScalingClient(options)),
    fleet: ecsFleet(ecs),
    copies: ecsServiceCopies(ecs),
  };
};

/** Two colours of one rule, `web` with traffic; green's service is there when it is wanted. */
const twoColours = async (more: Partial<typeof webSeed> = {}) => {
  const scene = await openScene();
  const seeded = await scene.control.putService({ ...webSeed, spareTargetGroup: true, ...more });
  const [blueGroup = '', greenGroup = ''] = seeded.colourGroupArns;
  const rule = { kind: 'rule', arn: seeded.ruleArn } as const;
  return { ...scene, ...portsOf(scene), seeded, rule, groups: [blueGroup, greenGroup] as const };
};

const actionsAt = async (ports: ReturnType<typeof portsOf>, point: Parameters<typeof ports.traffic.actions>[0]) => {
  const actions = await ports.traffic.actions(point);
  if (actions === undefined) throw new Error('the point is gone');
  return actions;
};

describe('traffic', () => {
  test('that is written is answered and read back, other groups and fields of the rule as they were', async () => {
    const it = await twoColours();
    const before = await actionsAt(it, it.rule);
    expect(weightsOf(before, it.groups)).toEqual({ [it.groups[0]]: 1, [it.groups[1]]: 0 });
    const weights = { [it.groups[0]]: 90, [it.groups[1]]: 10 };
    const answered = await it.traffic.replace(it.rule, withWeights(before, weights));
    expect(weightsOf(answered, it.groups)).toEqual(weights);
    expect(await it.traffic.actions(it.rule)).toEqual(answered);
    expect(withWeights(answered, weightsOf(before, it.groups) ?? {})).toEqual(before);
  });

  test('of a rule or listener that is gone is undefined', async () => {
    const it = await twoColours();
    expect(await it.traffic.actions({ kind: 'rule', arn: `${it.rule.arn}0` })).toBeUndefined();
    expect(await it.traffic.actions({ kind: 'listener', arn: `${it.seeded.listenerArn}0` })).toBeUndefined();
  });

  test('reads as one action that names its one group twice, and can be written back so', async () => {
    const it = await twoColours({ spareTargetGroup: false });
    const before = await actionsAt(it, it.rule);
    expect(before).toMatchObject([{ TargetGroupArn: it.groups[0] }]);
    expect(await it.traffic.replace(it.rule, before)).toEqual(before);
  });

  test("of a listener's default action is written where a rule's is not", async () => {
    const it = await twoColours();
    const point = { kind: 'listener', arn: it.seeded.listenerArn } as const;
    const forward = await actionsAt(it, it.rule);
    const answered = await it.traffic.replace(point, forward);
    expect(answered).toEqual(forward);
    expect(await it.traffic.actions(point)).toEqual(forward);
    expect(await it.traffic.replace(point, withWeights(answered, { [it.groups[0]]: 0, [it.groups[1]]: 1 }))).toEqual(
      await it.traffic.actions(point),
    );
    expect(await it.traffic.actions(it.rule)).toEqual(forward);
  });

  test('behind a login keeps its secret, which nobody is told', async () => {
    const it = await twoColours();
    const forward = await actionsAt(it, it.rule);
    const login = {
      Type: 'authenticate-oidc',
      Order: 1,
      AuthenticateOidcConfig: {
        Issuer: 'https://id.example.com',
        AuthorizationEndpoint: 'https://id.example.com/authorize',
        TokenEndpoint: 'https://id.example.com/token',
        UserInfoEndpoint: 'https://id.example.com/user',
        ClientId: 'web',
        ClientSecret: 'hunter2',
      },
    };
    const rules = { RuleArn: it.rule.arn, Actions: [login, ...forward.map((action) => ({ ...action, Order: 2 }))] };
    await it.control.call({ caller: 'ops', service: 'elbv2', operation: 'ModifyRule', input: rules });
    const seen = await actionsAt(it, it.rule);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
    const weights = { [it.groups[0]]: 0, [it.groups[1]]: 100 };
    const written = await it.traffic.replace(it.rule, withWeights(seen, weights));
    expect(written.map(({ Type }) => Type)).toEqual(['authenticate-oidc', 'forward']);
    expect(weightsOf(written, it.groups)).toEqual(weights);
  });

  test('is found in every rule and default action of the load balancer', async () => {
    const it = await twoColours();
    const [group] = await it.traffic.groups([it.groups[0]]);
    const found = await it.traffic.routings(group?.loadBalancers ?? []);
    const points = found.map(({ point }) => point);
    expect(points).toContainEqual(it.rule);
    expect(points).toContainEqual({ kind: 'listener', arn: it.seeded.listenerArn });
    expect(new Set(points.map(({ arn }) => arn)).size).toBe(points.length);
    const atRule = found.find(({ point }) => point.arn === it.rule.arn);
    expect(atRule?.actions).toEqual(await it.traffic.actions(it.rule));
  });

  test('goes to target groups that exist, and to their targets', async () => {
    const it = await twoColours();
    const gone = it.groups[0].replace(/.{4}$/, '0000');
    const groups = await it.traffic.groups([gone, ...it.groups]);
    expect(groups.map(({ arn }) => arn)).toEqual(it.groups);
    expect(groups[0]).toMatchObject({ protocol: 'HTTP', targetType: 'ip' });
    expect(groups[0]?.vpc).toMatch(/^vpc-/);
    expect(groups[0]).toEqual({ ...groups[1], arn: it.groups[0] });
    const targets = await it.traffic.targets(it.groups[0]);
    expect(targets.map(({ state }) => state)).toEqual(['healthy', 'healthy']);
    const rollout = (await it.fleet.service(web))?.rollouts[0]?.id ?? '';
    expect((await it.fleet.addresses(web, rollout)).sort()).toEqual(targets.map(({ id }) => id).sort());
    expect(await it.fleet.addresses(web, 'ecs-svc/0')).toEqual([]);
    expect(await it.traffic.targets(it.groups[1])).toEqual([]);
  });
});

describe('scaling', () => {
  test('is read with its policies and scheduled actions, and set in all its parts', async () => {
    const it = await twoColours({
      scaling: {
        min: 2,
        max: 6,
        policies: [
          { name: 'cpu', tracks: 'cpu' },
          { name: 'busy', tracks: 'requests' },
        ],
        scheduledActions: [{ name: 'night', schedule: 'cron(0 22 * * ? *)', min: 1 }],
        suspended: { scheduled: true },
      },
    });
    const read = await it.scaling.of(web);
    expect(read).toEqual({
      target: { min: 2, max: 6, suspended: { scaleIn: false, scaleOut: false, scheduled: true } },
      policies: expect.arrayContaining([
        { name: 'cpu' },
        { name: 'busy', targetGroup: it.groups[0].slice(it.groups[0].indexOf('targetgroup/')) },
      ]) as unknown,
      scheduledActions: ['night'],
    });
    const target = { min: 0, max: 4, suspended: { scaleIn: true, scaleOut: true, scheduled: false } };
    await it.scaling.set(web, target);
    expect(await it.scaling.of(web)).toEqual({ ...read, target });
    expect(await it.scaling.target(web)).toEqual(target);
  });

  test('of a service that has none is empty', async () => {
    const it = await twoColours();
    expect(await it.scaling.of(web)).toEqual({ policies: [], scheduledActions: [] });
    expect(await it.scaling.target(web)).toBeUndefined();
    const target = { min: 0, max: 1, suspended: { scaleIn: false, scaleOut: false, scheduled: false } };
    await expect(it.scaling.set(green, target)).rejects.toMatchObject({ name: 'AwsRefused' });
  });
});

describe('a copy of a service', () => {
  const copied = async (it: Awaited<ReturnType<typeof twoColours>>) => {
    const described = await it.copies.describe(web);
    if (described === undefined) throw new Error('the service is gone');
    const revision = (await it.fleet.service(web))?.revision ?? '';
    const change = { ...green, targetGroup: it.groups[1], revision, desired: 2, clientToken: 'web-1' };
    return { described, request: copyRequest(described, change) };
  };

  test('is made of its description, and once only when it is asked for twice', async () => {
    const it = await twoColours();
    const { described, request } = await copied(it);
    expect(described.revision).toMatchObject({ taskDefinition: described.service['taskDefinition'] });
    const made = await it.copies.create(request);
    expect(made).toMatchObject({ status: 'ACTIVE', desired: 2, targetGroups: [it.groups[1]] });
    expect(await it.copies.create(request)).toMatchObject({ arn: made.arn });
    it.minutes(5);
    expect(await it.fleet.service(green)).toMatchObject({ running: 2, rollouts: [{ state: 'COMPLETED' }] });
    const other = it.copies.create({ ...request, desiredCount: 3 });
    await expect(other).rejects.toMatchObject({ name: 'AwsRefused' });
  });

  test('needs no service revision where the region has none', async () => {
    const it = await twoColours({ serviceDeployments: 'unsupported' });
    expect(await it.copies.describe(web)).not.toHaveProperty('revision');
  });

  test('of a service that is not there is none', async () => {
    const it = await twoColours();
    expect(await it.copies.describe(green)).toBeUndefined();
    expect(await it.copies.describe({ ...web, cluster: 'other' })).toBeUndefined();
  });

  test('is resized without a rollout, and removed once it is at zero', async () => {
    const it = await twoColours();
    await it.copies.create((await copied(it)).request);
    it.minutes(5);
    const rollouts = (await it.fleet.service(green))?.rollouts.map(({ id }) => id);
    await expect(it.fleet.remove(green)).rejects.toMatchObject({ name: 'AwsRefused' });
    await it.fleet.resize(green, 0);
    expect((await it.fleet.service(green))?.rollouts.map(({ id }) => id)).toEqual(rollouts);
    expect(await it.fleet.service(green)).toMatchObject({ desired: 0 });
    it.minutes(5);
    await it.fleet.remove(green);
    it.minutes(120);
    expect((await it.fleet.service(green))?.status).not.toBe('ACTIVE');
    await expect(it.fleet.resize(green, 1)).rejects.toMatchObject({ name: 'AwsRefused' });
  });
});

describe('a task that stopped', () => {
  test('is told with its code, reason and exit codes, of its own rollout alone, and for an hour', async () => {
    const it = await twoColours();
    const rollout = (await it.fleet.service(web))?.rollouts[0]?.id ?? '';
    expect(await it.fleet.stopped(web, rollout)).toEqual([]);
    await it.control.tweak(web.cluster, web.service, { exit: 3 });
    const [crashed, ...others] = await it.fleet.stopped(web, rollout);
    expect(others).toEqual([]);
    expect(crashed).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      code: 'EssentialContainerExited',
      reason: 'Essential container in task exited',
      containers: ['container web exited with code 3'],
    });
    expect(await it.fleet.stopped(web, 'ecs-svc/0')).toEqual([]);
    it.minutes(5);
    await it.fleet.resize(web, 1);
    it.minutes(1);
    expect((await it.fleet.stopped(web, rollout)).map(({ code }) => code).sort()).toEqual([
      'EssentialContainerExited',
      'ServiceSchedulerInitiated',
    ]);
    it.minutes(70);
    expect(await it.fleet.stopped(web, rollout)).toEqual([]);
  });
});
