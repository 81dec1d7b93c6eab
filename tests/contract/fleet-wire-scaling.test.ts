import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { closeScenesAfterEach, openScene, webSeed } from '../unit/fleet-wire/wire-scene.ts';
import type { WireScene } from '../unit/fleet-wire/wire-scene.ts';

closeScenesAfterEach();

const resource = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/main/web',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;
const ofEcs = { ServiceNamespace: 'ecs' } as const;

const clientOf = ({ fleet }: WireScene): ApplicationAutoScalingClient =>
  new ApplicationAutoScalingClient({
    endpoint: fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
    userAgentAppId: 'deployer',
  });

test('a seeded scalable target is told to AWS’s SDK with its policies and scheduled actions, and changed by it', async () => {
  const it = await openScene();
  const scaling = clientOf(it);
  const policies = [
    { name: 'busy', tracks: 'cpu' },
    { name: 'asked', tracks: 'requests' },
  ] as const;
  const scheduledActions = [{ name: 'morning', schedule: 'rate(1 day)', max: 3 }];
  await it.control.putService({ ...webSeed, scaling: { min: 1, max: 4, policies: [...policies], scheduledActions } });
  const SuspendedState = { DynamicScalingInSuspended: true };
  const { ScalableTargetARN } = await scaling.send(
    new RegisterScalableTargetCommand({ ...resource, MinCapacity: 3, SuspendedState }),
  );
  const { ScalableTargets } = await scaling.send(new DescribeScalableTargetsCommand(ofEcs));
  expect(ScalableTargets).toMatchObject([
    {
      ...resource,
      MinCapacity: 3,
      MaxCapacity: 4,
      SuspendedState,
      ScalableTargetARN,
      CreationTime: expect.any(Date) as Date,
    },
  ]);
  expect((await it.described())?.desiredCount).toBe(3);
  const { ScalingPolicies } = await scaling.send(new DescribeScalingPoliciesCommand(ofEcs));
  expect(ScalingPolicies).toMatchObject(policies.map(({ name }) => ({ PolicyName: name })));
  const { ScheduledActions } = await scaling.send(new DescribeScheduledActionsCommand(ofEcs));
  expect(ScheduledActions).toMatchObject([
    { ScheduledActionName: 'morning', ScalableTargetAction: { MaxCapacity: 3 } },
  ]);
  expect(it.fleet.calls[0]).toMatchObject({
    caller: 'deployer',
    service: 'application-autoscaling',
    resources: [ScalableTargetARN],
    outcome: 'ok',
  });
  await scaling.send(new DeregisterScalableTargetCommand(resource));
  expect((await scaling.send(new DescribeScalableTargetsCommand(ofEcs))).ScalableTargets).toEqual([]);
});

test('refusals arrive under AWS’s names, those of the wire included', async () => {
  const it = await openScene();
  const scaling = clientOf(it);
  const register = (change: object) =>
    scaling.send(new RegisterScalableTargetCommand({ ...resource, MinCapacity: 1, MaxCapacity: 2, ...change }));
  await expect(register({})).rejects.toMatchObject({
    name: 'ValidationException',
    message: "ECS service doesn't exist: service/main/web",
  });
  await expect(register({ ScalableDimension: 'ecs:service:Mood' })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('1 validation error') as string,
  });
  await expect(scaling.send(new PutScalingPolicyCommand({ ...resource, PolicyName: 'p' }))).rejects.toMatchObject({
    name: 'ObjectNotFoundException',
  });
  await it.control.addFault({ operation: 'RegisterScalableTarget', fault: { kind: 'throttle' } });
  await expect(register({})).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('reads can be stale, answers can be lost, and a policy can have its wish, by control calls', async () => {
  const it = await openScene();
  const scaling = clientOf(it);
  await it.control.putService({ ...webSeed, scaling: { min: 1, max: 4 } });
  const max = async () =>
    (await scaling.send(new DescribeScalableTargetsCommand(ofEcs))).ScalableTargets?.[0]?.MaxCapacity;
  await it.control.addFault({ operation: 'RegisterScalableTarget', fault: { kind: 'answer lost' } });
  await expect(scaling.send(new RegisterScalableTargetCommand({ ...resource, MaxCapacity: 9 }))).rejects.toThrow();
  await it.control.addFault({ operation: 'DescribeScalableTargets', fault: { kind: 'stale read' } });
  expect([await max(), await max()]).toEqual([4, 9]);
  expect(await it.control.autoscale('main', 'web', 12)).toEqual({ done: true, desired: 9 });
  await expect(it.control.autoscale('main', 'none', 12)).rejects.toThrow();
});
