import {
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  paginateDescribeScalingPolicies,
  paginateDescribeScheduledActions,
  type ApplicationAutoScalingClient,
  type ScalableTarget as AwsScalableTarget,
  type ScalingPolicy as AwsScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { ServiceName } from '../../domain/deployment.ts';
import type { ScalableTarget, ScalingPolicy } from '../../domain/scaling.ts';
import type { Scaling } from '../../ports/scaling.ts';
import { awsCall } from './aws-call.ts';
import { everyPage } from './every-page.ts';

const countOf = ({ cluster, service }: ServiceName) =>
  ({
    ServiceNamespace: 'ecs',
    ResourceId: `service/${cluster}/${service}`,
    ScalableDimension: 'ecs:service:DesiredCount',
  }) as const;

const targetOf = ({ MinCapacity = 0, MaxCapacity = 0, SuspendedState }: AwsScalableTarget): ScalableTarget => ({
  min: MinCapacity,
  max: MaxCapacity,
  suspended: {
    scaleIn: SuspendedState?.DynamicScalingInSuspended ?? false,
    scaleOut: SuspendedState?.DynamicScalingOutSuspended ?? false,
    scheduled: SuspendedState?.ScheduledScalingSuspended ?? false,
  },
});

/** A resource label is `app/<name>/<id>/targetgroup/<name>/<id>`. */
const policyOf = ({ PolicyName = '', TargetTrackingScalingPolicyConfiguration }: AwsScalingPolicy): ScalingPolicy => {
  const label = TargetTrackingScalingPolicyConfiguration?.PredefinedMetricSpecification?.ResourceLabel ?? '';
  // From its end: a load balancer's own name may end so, too.
  const targetGroup = /\/(targetgroup\/[^/]+\/[^/]+)$/.exec(label)?.[1];
  return { name: PolicyName, ...(targetGroup === undefined ? {} : { targetGroup }) };
};

const policies = async (client: ApplicationAutoScalingClient, name: ServiceName): Promise<ScalingPolicy[]> => {
  const found: ScalingPolicy[] = [];
  const pages = paginateDescribeScalingPolicies({ client }, countOf(name));
  for await (const { ScalingPolicies = [] } of everyPage('DescribeScalingPolicies', pages))
    found.push(...ScalingPolicies.map(policyOf));
  return found;
};

const scheduledActions = async (client: ApplicationAutoScalingClient, name: ServiceName): Promise<string[]> => {
  const found: string[] = [];
  const pages = paginateDescribeScheduledActions({ client }, countOf(name));
  for await (const { ScheduledActions = [] } of everyPage('DescribeScheduledActions', pages))
    found.push(...ScheduledActions.map(({ ScheduledActionName = '' }) => ScheduledActionName));
  return found;
};

const target = async (client: ApplicationAutoScalingClient, name: ServiceName): Promise<ScalableTarget | undefined> => {
  const { ServiceNamespace, ResourceId, ScalableDimension } = countOf(name);
  const command = new DescribeScalableTargetsCommand({
    ServiceNamespace,
    ResourceIds: [ResourceId],
    ScalableDimension,
  });
  const { ScalableTargets } = await awsCall('DescribeScalableTargets', () => client.send(command));
  return ScalableTargets?.[0] === undefined ? undefined : targetOf(ScalableTargets[0]);
};

/** Application Auto Scaling of ECS services' desired counts. */
export const applicationAutoScaling = (client: ApplicationAutoScalingClient): Scaling => ({
  of: async (name) => {
    const [bounds, ofPolicies, ofSchedule] = await Promise.all([
      target(client, name),
      policies(client, name),
      scheduledActions(client, name),
    ]);
    return {
      ...(bounds === undefined ? {} : { target: bounds }),
      policies: ofPolicies,
      scheduledActions: ofSchedule,
    };
  },
  target: (name) => target(client, name),
  set: async (name, { min, max, suspended }) => {
    const command = new RegisterScalableTargetCommand({
      ...countOf(name),
      MinCapacity: min,
      MaxCapacity: max,
      SuspendedState: {
        DynamicScalingInSuspended: suspended.scaleIn,
        DynamicScalingOutSuspended: suspended.scaleOut,
        ScheduledScalingSuspended: suspended.scheduled,
      },
    });
    await awsCall('RegisterScalableTarget', () => client.send(command));
  },
});
