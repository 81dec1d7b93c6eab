import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { closeScenesAfterEach, openScene, web, webSeed } from '../unit/fleet-wire/wire-scene.ts';

closeScenesAfterEach();

describe('reads that lag', () => {
  test('tell the service as it was 5 s ago, over the whole world, while writes see the present', async () => {
    const it = await openScene({ readsLag: 5 });
    await it.control.putService(webSeed);
    const service = await it.update({ forceNewDeployment: true, desiredCount: 3 });
    expect(service).toMatchObject({ desiredCount: 3, deployments: [{}, {}] });
    expect(await it.described()).toMatchObject({ desiredCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
    it.clock.advance(5000);
    expect(await it.described()).toMatchObject({ desiredCount: 3, deployments: [{ rolloutState: 'IN_PROGRESS' }, {}] });
    const list = async (): Promise<string[]> =>
      (await it.ecs.send(new ListTasksCommand({ cluster: 'main', serviceName: 'web' }))).taskArns ?? [];
    const tasks = await list();
    it.clock.advance(1000);
    expect(tasks.length).toBeLessThan((await it.control.serviceView('main', 'web')).tasks.length);
    it.minutes(5);
    const { failures } = await it.ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks }));
    expect(failures).toEqual([]);
    expect(await list()).toHaveLength(3);
  });

  test('can be set for one service, by seed and by tweak, and for services to come', async () => {
    const it = await openScene();
    await it.control.putService({ ...webSeed, readsLag: 5 });
    await it.update({ desiredCount: 3 });
    expect(await it.described()).toMatchObject({ desiredCount: 2 });
    await it.control.tweak('main', 'web', { readsLag: 0 });
    expect(await it.described()).toMatchObject({ desiredCount: 3 });
    await it.control.setDefaults({ readsLag: 5, serviceDeployments: 'unsupported' });
    await it.control.putService({ ...webSeed, service: 'two', family: 'two' });
    await it.ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'two', desiredCount: 3 }));
    expect(await it.described('two')).toMatchObject({ desiredCount: 2 });
    const deployments = it.ecs.send(new ListServiceDeploymentsCommand({ cluster: 'main', service: 'two' }));
    await expect(deployments).rejects.toMatchObject({ name: 'UnsupportedFeatureException' });
  });
});

test('a stale read does not show the update that was just made; the next one does', async () => {
  const it = await openScene();
  const { serviceArn } = await it.control.putService(webSeed);
  await it.update({ desiredCount: 3 });
  await it.control.addFault({ operation: 'DescribeServices', resource: serviceArn, fault: { kind: 'stale read' } });
  expect(await it.described()).toMatchObject({ desiredCount: 2 });
  expect(await it.described()).toMatchObject({ desiredCount: 3 });
});

test('a region without service deployments refuses every call about them', async () => {
  const it = await openScene({ serviceDeployments: 'unsupported' });
  await it.control.putService(webSeed);
  const { currentServiceDeployment: arn = '', currentServiceRevisions = [] } = (await it.described()) ?? {};
  const serviceRevisionArns = currentServiceRevisions.map((revision) => revision.arn ?? '');
  const unsupported = { name: 'UnsupportedFeatureException', $metadata: { httpStatusCode: 400 } };
  for (const sent of [
    it.ecs.send(new ListServiceDeploymentsCommand(web)),
    it.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
    it.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
    it.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn })),
  ]) {
    await expect(sent).rejects.toMatchObject(unsupported);
  }
});
