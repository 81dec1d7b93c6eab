import { fleetControl } from '../../local/fleet/control.ts';
import type { RepositorySeed } from '../../local/fleet/registry-seeds.ts';
import type { ImageSeed, ServiceSeed } from '../../local/fleet/seeds.ts';
import { callsByHand } from '../unit/fleet-wire/calls-by-hand.ts';
import { stubFleetPerTest } from '../unit/fleet-wire/stub-fleet.ts';

const stub = stubFleetPerTest();
const { ecs, elb } = callsByHand(() => stub.fleet.url);

describe('control calls', () => {
  const image: ImageSeed = { repository: 'web', tag: 'v1', behaviour: { does: 'exit', code: 1, after: 2 } };
  const containers = [{ name: 'web', image: 'web:v1' }];
  const service: ServiceSeed = { cluster: 'main', service: 'web', family: 'web', containers, desiredCount: 2 };

  test('seeds, tweaks and views reach the world and come back', async () => {
    const control = fleetControl(stub.fleet.url);
    expect(await control.putImage(image)).toEqual({ digest: 'sha256:1' });
    expect(await control.putService(service)).toMatchObject({ ruleArn: 'r', url: 'u' });
    await control.tweak('main', 'web', { anything: true });
    await control.setDefaults({ readsLag: 5, serviceDeployments: 'absent' });
    expect(stub.world.put).toEqual([
      image,
      service,
      { cluster: 'main', service: 'web', change: { anything: true } },
      { readsLag: 5, serviceDeployments: 'absent' },
    ]);
    expect(await control.serviceView('main', 'web')).toMatchObject({ desired: 1, running: 1 });
    await expect(control.serviceView('main', 'missing')).rejects.toThrow('no service missing in main');
  });

  test('so do repositories, and how uploads are taken', async () => {
    const control = fleetControl(stub.fleet.url);
    const repository: Required<RepositorySeed> = {
      name: 'web',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: ['sha256-*'],
      scanOnPush: true,
    };
    const settings = { partSize: 100, uploadLifetime: 60, putImagesPerSecond: 1 };
    expect(await control.putRepository(repository)).toEqual({ repositoryArn: 'r' });
    await control.setRegistry(settings);
    expect(stub.world.put).toEqual([repository, settings]);
    expect(await control.ecrView('web')).toMatchObject({ name: 'web', bytesReceived: 7 });
    await expect(control.ecrView('missing')).rejects.toThrow('no repository missing');
    const misspelt = { partsize: 100 } as object;
    await expect(control.setRegistry(misspelt)).rejects.toThrow('partsize');
  });

  test('a seed can say all that makes a scene', async () => {
    const scene: Required<ServiceSeed> = {
      ...service,
      containerPort: 80,
      minimumHealthyPercent: 100,
      maximumPercent: 100,
      circuitBreaker: {
        enable: true,
        rollback: true,
        resetOnHealthyTask: false,
        thresholdConfiguration: { type: 'COUNT', value: 3 },
      },
      alarms: { alarmNames: ['a'], enable: true, rollback: true },
      earlySuccess: { healthyPercent: 100, sourceServiceRevisionCleanup: 'BLOCKING' },
      strategy: 'LINEAR',
      deploymentController: 'CODE_DEPLOY',
      schedulingStrategy: 'DAEMON',
      capacityProvider: 'FARGATE_SPOT',
      loadBalancer: 'classic',
      path: '/p',
      moreTargetGroups: [{ container: 'web', port: 81, path: '/q' }],
      deregistrationDelay: 3600,
      healthCheckGracePeriod: 0,
      taskRoleArn: 't',
      executionRoleArn: 'e',
      rollout: 'begun',
      status: 'DRAINING',
      readsLag: 5,
      serviceDeployments: 'unsupported',
      scaling: {
        min: 1,
        max: 9,
        policies: [{ name: 'busy', tracks: 'requests' }],
        scheduledActions: [{ name: 'morning', schedule: 'cron(0 8 * * ? *)', min: 2, max: 9 }],
        suspended: { scaleIn: true, scaleOut: true, scheduled: true },
      },
      colourOf: 'blue',
      weight: 5,
      spareTargetGroup: true,
      ownListener: true,
      testListener: true,
    };
    const control = fleetControl(stub.fleet.url);
    await control.putService(scene);
    const behaviour = { does: 'fail to start', reason: 'why' } as const;
    await control.putImage({ ...image, behaviour });
    expect(stub.world.put).toEqual([scene, { ...image, behaviour }]);
  });

  test('the traffic can be asked for', async () => {
    expect(await fleetControl(stub.fleet.url).traffic()).toEqual({ web: { requests: 3, failures: 1 } });
  });

  test('a scaling policy’s wish is passed on', async () => {
    const wish = { cluster: 'main', service: 'web', desired: 4 };
    expect(await fleetControl(stub.fleet.url).autoscale('main', 'web', 4)).toEqual({ done: true, desired: 4 });
    expect(stub.world.put).toEqual([wish]);
  });

  test('somebody else’s call takes effect, is recorded under that name, and no fault hits it', async () => {
    const control = fleetControl(stub.fleet.url);
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'throttle' } });
    const input = { service: 'web', desiredCount: 7 };
    expect(await control.call({ service: 'ecs', operation: 'UpdateService', input })).toMatchObject({
      service: { serviceName: 'web', desiredCount: 7 },
    });
    const rules = { service: 'elbv2', operation: 'DescribeRules', caller: 'ops' } as const;
    expect(await control.call(rules)).toMatchObject({ Rules: [{ Priority: '10', IsDefault: false }] });
    expect(stub.world.updates).toBe(1);
    expect(stub.fleet.calls).toMatchObject([
      {
        caller: 'somebody-else',
        operation: 'UpdateService',
        input,
        outcome: 'ok',
        resources: ['arn of ecs UpdateService'],
      },
      { caller: 'ops', operation: 'DescribeRules', service: 'elbv2', outcome: 'ok' },
    ]);
  });

  test('somebody else’s call that AWS would refuse is refused in its words, and recorded', async () => {
    const control = fleetControl(stub.fleet.url);
    const made = (operation: string, input: Record<string, unknown>) =>
      control.call({ service: 'ecs', operation, input });
    await expect(made('UpdateService', { service: 'missing' })).rejects.toThrow(
      'ServiceNotFoundException: Service not found.',
    );
    await expect(made('UpdateService', { desired: 1 })).rejects.toThrow(
      'InvalidParameterException: 2 validation errors',
    );
    await expect(made('DescribeEverything', {})).rejects.toThrow('UnknownOperationException');
    expect(stub.fleet.calls.map(({ outcome }) => outcome)).toEqual(['error', 'error', 'error']);
    expect(stub.fleet.defects).toEqual([]);
  });

  test('calls can be asked for by caller, operation and number', async () => {
    const control = fleetControl(stub.fleet.url);
    await ecs('UpdateService', '{"service":"web"}');
    await elb('Action=DescribeRules&Version=2015-12-01');
    await ecs('UpdateService', '{"service":"web"}');
    const numbers = async (filter: object) => (await control.calls(filter)).map(({ number }) => number);
    expect(await numbers({})).toEqual([1, 2, 3]);
    expect(await numbers({ operation: 'UpdateService' })).toEqual([1, 3]);
    expect(await numbers({ service: 'elbv2' })).toEqual([2]);
    expect(await numbers({ caller: 'by-hand', since: 1 })).toEqual([3]);
  });

  test('defects can be asked for', async () => {
    await ecs('ListClusters', '{}');
    expect(await fleetControl(stub.fleet.url).defects()).toEqual([expect.stringContaining('ListClusters')]);
  });

  test('a misspelt seed, fault or control call is refused with the reason', async () => {
    const control = fleetControl(stub.fleet.url);
    await expect(control.putService({ ...service, desired: 3 } as ServiceSeed)).rejects.toThrow('desired');
    const noFault = { operation: 'UpdateService', fault: { kind: 'trottle' } } as unknown as Parameters<
      typeof control.addFault
    >[0];
    await expect(control.addFault(noFault)).rejects.toThrow('kind');
    const unknown = await fetch(`${stub.fleet.url}/_fleet/advance`, { method: 'POST' });
    expect(unknown.status).toBe(404);
    expect((await fetch(`${stub.fleet.url}/_fleet/calls`)).status).toBe(405);
  });

  test('GET /_fleet explains itself to people', async () => {
    expect(await (await fetch(`${stub.fleet.url}/_fleet`)).text()).toContain('/_fleet/faults');
  });
});
