import { DescribeServiceDeploymentsCommand, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import type { ServiceSeed } from '../../local/fleet/seeds.ts';
import { closeScenesAfterEach, openScene, web, webSeed } from '../unit/fleet-wire/wire-scene.ts';

closeScenesAfterEach();

describe('scenes at the start', () => {
  const scenes: [string, Partial<ServiceSeed>, object, string | undefined][] = [
    ['nothing to run', { desiredCount: 0 }, { desiredCount: 0, runningCount: 0 }, undefined],
    ['DRAINING', { status: 'DRAINING' }, { status: 'DRAINING' }, 'ServiceNotActiveException'],
    ['INACTIVE', { status: 'INACTIVE' }, { status: 'INACTIVE' }, 'ServiceNotActiveException'],
    [
      'CodeDeploy',
      { deploymentController: 'CODE_DEPLOY' },
      { deployments: [], taskSets: [{ status: 'PRIMARY', stabilityStatus: 'STEADY_STATE' }] },
      'InvalidParameterException',
    ],
    [
      'an external controller',
      { deploymentController: 'EXTERNAL' },
      { deployments: [], taskSets: [{ status: 'PRIMARY' }] },
      'InvalidParameterException',
    ],
    ...(['BLUE_GREEN', 'LINEAR', 'CANARY'] as const).map((strategy): (typeof scenes)[number] => [
      strategy,
      { strategy },
      { deploymentConfiguration: { strategy } },
      'UnsupportedFeatureException',
    ]),
    [
      'a Classic Load Balancer',
      { loadBalancer: 'classic' },
      { loadBalancers: [{ loadBalancerName: 'web-classic' }] },
      undefined,
    ],
    ['no load balancer', { loadBalancer: 'none' }, { loadBalancers: [] }, undefined],
    [
      'percentages that forbid every move',
      { minimumHealthyPercent: 100, maximumPercent: 100 },
      { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
      undefined,
    ],
    ['daemons', { schedulingStrategy: 'DAEMON' }, { schedulingStrategy: 'DAEMON', launchType: 'EC2' }, undefined],
    [
      'several target groups',
      { moreTargetGroups: [{ port: 9090, path: '/admin' }] },
      { loadBalancers: [{ containerPort: 8080 }, { containerPort: 9090 }] },
      undefined,
    ],
    ['never COMPLETED', { rollout: 'begun' }, { deployments: [{ rolloutState: 'IN_PROGRESS' }] }, undefined],
    [
      'a capacity provider',
      { capacityProvider: 'FARGATE_SPOT' },
      { capacityProviderStrategy: [{ weight: 1 }] },
      undefined,
    ],
    [
      'alarms',
      { alarms: { alarmNames: ['a'], enable: true, rollback: true } },
      { deploymentConfiguration: { alarms: { alarmNames: ['a'] } } },
      undefined,
    ],
    [
      'early success',
      { earlySuccess: { healthyPercent: 100, sourceServiceRevisionCleanup: 'DEFERRED' } },
      { deploymentConfiguration: { earlySuccessCriteria: { enable: true, healthyPercent: 100 } } },
      undefined,
    ],
  ];

  test.each(scenes)(
    '%s: is told as AWS’s models have it, and an update is taken or refused',
    async (_name, more, shown, refusal) => {
      const it = await openScene();
      await it.control.putService({ ...webSeed, ...more });
      expect(await it.described()).toMatchObject({ serviceName: 'web', ...shown });
      const sent = it.update({ forceNewDeployment: true });
      if (refusal === undefined) expect((await sent)?.deployments).not.toHaveLength(0);
      else await expect(sent).rejects.toMatchObject({ name: refusal });
      it.minutes(3);
      await it.described();
      const { serviceDeployments = [] } = await it.ecs.send(new ListServiceDeploymentsCommand(web));
      const serviceDeploymentArns = serviceDeployments.map((one) => one.serviceDeploymentArn ?? '');
      await it.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    },
  );
});
