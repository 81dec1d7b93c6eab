import {
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  waitUntilServicesStable,
} from '@aws-sdk/client-ecs';
import { colleague } from '../../local/fleet/colleague.ts';
import { closeScenesAfterEach, host, openScene, web, webSeed } from '../unit/fleet-wire/wire-scene.ts';

closeScenesAfterEach();

describe('somebody else', () => {
  test('updates a service in the middle of a rollout, and again at once; each call is told apart', async () => {
    const it = await openScene();
    await it.control.putService(webSeed);
    const other = colleague(it.control, 'ops');
    const service = await it.update({ forceNewDeployment: true });
    it.clock.advance(20_000);
    const theirs = await other.deploy({ ...web, image: `${host}/web:theirs` });
    await it.control.putImage({ repository: 'web', tag: 'theirs', behaviour: { does: 'become healthy', after: 5 } });
    await other.updateService({ ...web, forceNewDeployment: true });
    const now = await it.described();
    expect(now).toMatchObject({ taskDefinition: theirs, deployments: [{ status: 'PRIMARY' }, {}, {}, {}] });
    expect(now?.deployments?.[0]?.id).not.toBe(service?.deployments?.[0]?.id);
    it.minutes(5);
    expect(await it.described()).toMatchObject({
      taskDefinition: theirs,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
    const { serviceDeployments } = await it.ecs.send(new ListServiceDeploymentsCommand(web));
    expect(serviceDeployments?.map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'STOPPED', 'SUCCESSFUL']);
    const updates = await it.control.calls({ operation: 'UpdateService' });
    expect(updates.map(({ caller, outcome }) => `${caller} ${outcome}`)).toEqual(['deployer ok', 'ops ok', 'ops ok']);
  });

  test('has a rollout under way at the start, deletes a service, or is refused', async () => {
    const it = await openScene();
    await it.control.putImage({ repository: 'web', tag: 'bad', behaviour: { does: 'never become healthy' } });
    await it.control.putService(webSeed);
    const other = colleague(it.control);
    await other.deploy({ ...web, image: `${host}/web:bad` });
    expect(await it.described()).toMatchObject({
      deployments: [{ rolloutState: 'IN_PROGRESS' }, { rolloutState: 'COMPLETED' }],
    });
    await other.deleteService(web);
    await expect(it.update({ desiredCount: 1 })).rejects.toMatchObject({ name: 'ServiceNotActiveException' });
    await expect(other.updateService({ ...web, desiredCount: 1 })).rejects.toThrow(
      'ServiceNotActiveException: Service was',
    );
    expect(new Set((await it.control.calls()).map(({ caller }) => caller))).toEqual(
      new Set(['a-colleague', 'deployer']),
    );
  });
});

test('an alarm that goes off rolls the rollout back', async () => {
  const it = await openScene();
  await it.control.putService({ ...webSeed, alarms: { alarmNames: ['slow'], enable: true, rollback: true } });
  await it.update({ forceNewDeployment: true });
  await it.control.tweak('main', 'web', { alarm: 'slow' });
  it.minutes(5);
  const { serviceDeployments = [] } = await it.ecs.send(new ListServiceDeploymentsCommand(web));
  expect(serviceDeployments[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
});

test('the SDK’s own waiter takes a rolled-back service for stable, and never a stalled one', async () => {
  const it = await openScene();
  await it.control.putImage({ repository: 'web', tag: 'bad', behaviour: { does: 'exit', code: 1, after: 1 } });
  await it.control.putService(webSeed);
  const bad = await colleague(it.control).deploy({ ...web, image: `${host}/web:bad` });
  it.minutes(10);
  const wait = () =>
    waitUntilServicesStable(
      { client: it.ecs, maxWaitTime: 0.5, minDelay: 0.1, maxDelay: 0.1 },
      { cluster: 'main', services: ['web'] },
    );
  expect(await wait()).toMatchObject({ state: 'SUCCESS' });
  expect((await it.described())?.taskDefinition).not.toBe(bad);
  await it.control.tweak('main', 'web', { stallBreaker: true });
  await colleague(it.control).deploy({ ...web, image: `${host}/web:bad` });
  it.minutes(10);
  await expect(wait()).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('what IAM would judge is recorded with each call, roles that are passed included', async () => {
  const it = await openScene();
  const { serviceArn } = await it.control.putService(webSeed);
  const role = 'arn:aws:iam::123456789012:role/execution';
  const containerDefinitions = [{ name: 'web', image: `${host}/web:v1`, memory: 128 }];
  const tags = [{ key: 'a', value: 'b' }];
  await it.ecs.send(
    new RegisterTaskDefinitionCommand({ family: 'web', executionRoleArn: role, containerDefinitions, tags }),
  );
  await it.update({ desiredCount: 1 });
  const definition = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:*';
  expect(it.fleet.calls.map(({ permissions }) => permissions)).toEqual([
    [
      { action: 'ecs:RegisterTaskDefinition', resources: [definition], conditions: {} },
      {
        action: 'ecs:TagResource',
        resources: [definition],
        conditions: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
      },
      { action: 'iam:PassRole', resources: [role], conditions: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ],
    [
      {
        action: 'ecs:UpdateService',
        resources: [serviceArn],
        conditions: { 'ecs:cluster': 'arn:aws:ecs:eu-central-1:123456789012:cluster/main' },
      },
    ],
  ]);
  expect(it.fleet.calls[1]).toMatchObject({
    caller: 'deployer',
    operation: 'UpdateService',
    resources: [serviceArn],
    outcome: 'ok',
  });
});
