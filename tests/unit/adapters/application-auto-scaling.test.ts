import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { applicationAutoScaling } from '../../../lib/adapters/aws/application-auto-scaling.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const scaling = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...applicationAutoScaling(new ApplicationAutoScalingClient(options)) };
};
const service = { cluster: 'prod', service: 'web' };
const named = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' };
const id = 'service/prod/web';

const targets = (SuspendedState?: object): Canned => ({
  body: { ScalableTargets: [{ MinCapacity: 2, MaxCapacity: 8, SuspendedState }] },
});
const noTargets: Canned = { body: { ScalableTargets: [] } };
const noPolicies: Canned = { body: { ScalingPolicies: [] } };
const noActions: Canned = { body: { ScheduledActions: [] } };

test('what is known of a service comes from three lists, over all their pages', async () => {
  // A load balancer may be called so, too.
  const label = 'app/web-targetgroup/50dc6c495c0c9188/targetgroup/web/6d0ecf831eec9f09';
  const tracking = (PredefinedMetricSpecification: object) => ({
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 1, PredefinedMetricSpecification },
  });
  const requestsPolicy = tracking({ PredefinedMetricType: 'ALBRequestCountPerTarget', ResourceLabel: label });
  const cpuPolicy = tracking({ PredefinedMetricType: 'ECSServiceAverageCPUUtilization' });
  const { requests, of } = scaling(
    targets({
      DynamicScalingInSuspended: true,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: true,
    }),
    { body: { ScalingPolicies: [{ PolicyName: 'requests', ...requestsPolicy }], NextToken: 'more' } },
    { body: { ScheduledActions: [{ ScheduledActionName: 'night' }], NextToken: 'further' } },
    { body: { ScalingPolicies: [{ PolicyName: 'cpu', ...cpuPolicy }, { PolicyName: 'steps' }] } },
    { body: { ScheduledActions: [{ ScheduledActionName: 'day' }] } },
  );
  expect(await of(service)).toEqual({
    target: { min: 2, max: 8, suspended: { scaleIn: true, scaleOut: false, scheduled: true } },
    policies: [
      { name: 'requests', targetGroup: 'targetgroup/web/6d0ecf831eec9f09' },
      { name: 'cpu' },
      { name: 'steps' },
    ],
    scheduledActions: ['night', 'day'],
  });
  expect(requests.map(({ input }) => input)).toEqual([
    { ...named, ResourceIds: [id] },
    { ...named, ResourceId: id },
    { ...named, ResourceId: id },
    { ...named, ResourceId: id, NextToken: 'more' },
    { ...named, ResourceId: id, NextToken: 'further' },
  ]);
});

test('a service that nothing scales has no target; what AWS leaves out does not rest', async () => {
  expect(await scaling(noTargets, noPolicies, noActions).of(service)).toEqual({ policies: [], scheduledActions: [] });
  expect((await scaling(targets(), noPolicies, noActions).of(service)).target?.suspended).toEqual({
    scaleIn: false,
    scaleOut: false,
    scheduled: false,
  });
});

test('bounds alone are read in one call', async () => {
  const { requests, target } = scaling(targets());
  expect(await target(service)).toMatchObject({ min: 2, max: 8 });
  expect(requests.map(({ input }) => input)).toEqual([{ ...named, ResourceIds: [id] }]);
  expect(await scaling(noTargets).target(service)).toBeUndefined();
  expect(await raisedBy(() => scaling({ code: 'AccessDeniedException' }).target(service))).toMatchObject({
    name: 'AwsRefused',
  });
});

test.each<[number, Canned[]]>([
  [1, [{ code: 'AccessDeniedException' }]],
  [2, [targets(), { code: 'AccessDeniedException' }]],
  [3, [targets(), noPolicies, { code: 'AccessDeniedException' }]],
])('list %d that may not be read is not taken for empty', async (_number, answers) => {
  expect(await raisedBy(() => scaling(...answers).of(service))).toMatchObject({ name: 'AwsRefused' });
});

test('bounds and all that rests are set together', async () => {
  const { requests, set } = scaling({ body: {} });
  await set(service, { min: 0, max: 4, suspended: { scaleIn: true, scaleOut: false, scheduled: true } });
  expect(requests).toEqual([
    {
      target: 'AnyScaleFrontendService.RegisterScalableTarget',
      input: {
        ...named,
        ResourceId: id,
        MinCapacity: 0,
        MaxCapacity: 4,
        SuspendedState: {
          DynamicScalingInSuspended: true,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: true,
        },
      },
    },
  ]);
});

test.each([
  ['ConcurrentUpdateException', 'AwsUnavailable'],
  ['ValidationException', 'AwsRefused'],
])('a change that ends in %s is %s', async (code, name) => {
  const target = { min: 0, max: 4, suspended: { scaleIn: true, scaleOut: true, scheduled: true } };
  expect(await raisedBy(() => scaling({ code }).set(service, target))).toMatchObject({ name });
});
