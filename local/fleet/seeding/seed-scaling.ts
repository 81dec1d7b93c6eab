import type { PutScalingPolicyRequest } from '@aws-sdk/client-application-auto-scaling';
import type { ScalingSeed } from '../scaling-seeds.ts';
import { scalingOperations } from '../scaling/operations.ts';
import { DIMENSION, NAMESPACE, resourceIdOf } from '../scaling/scaling.ts';
import type { Fleet } from '../world/fleet.ts';
import type { ServiceRecord } from '../world/records.ts';

const CPU_PERCENT = 60;
const REQUESTS_PER_TARGET = 1000;

/** Registers the scalable target of a service that is there, with its policies and scheduled actions. */
export const seedScaling = (fleet: Fleet, service: ServiceRecord, seed: ScalingSeed): void => {
  const scaling = scalingOperations(fleet);
  const resource = {
    ServiceNamespace: NAMESPACE,
    ResourceId: resourceIdOf(service.cluster.name, service.name),
    ScalableDimension: DIMENSION,
  } as const;
  const { scaleIn = false, scaleOut = false, scheduled = false } = seed.suspended ?? {};
  scaling['RegisterScalableTarget']?.({
    ...resource,
    MinCapacity: seed.min,
    MaxCapacity: seed.max,
    SuspendedState: {
      DynamicScalingInSuspended: scaleIn,
      DynamicScalingOutSuspended: scaleOut,
      ScheduledScalingSuspended: scheduled,
    },
  });
  for (const { name, tracks } of seed.policies ?? []) {
    const metric = tracks === 'cpu' ? cpu : requests(fleet, service);
    const PolicyType = 'TargetTrackingScaling';
    scaling['PutScalingPolicy']?.({ ...resource, PolicyName: name, PolicyType, ...metric });
  }
  for (const { name, schedule, min, max } of seed.scheduledActions ?? []) {
    const ScalableTargetAction = { MinCapacity: min, MaxCapacity: max };
    scaling['PutScheduledAction']?.({
      ...resource,
      ScheduledActionName: name,
      Schedule: schedule,
      ScalableTargetAction,
    });
  }
};

type Metric = Pick<PutScalingPolicyRequest, 'TargetTrackingScalingPolicyConfiguration'>;

const cpu: Metric = {
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: CPU_PERCENT,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  },
};

/** The label joins what the ARNs of load balancer and target group end with (PredefinedMetricSpecification, ResourceLabel). */
const requests = ({ balancer }: Fleet, { name, revisionSettings }: ServiceRecord): Metric => {
  const group = revisionSettings.loadBalancers?.[0]?.targetGroupArn;
  if (group === undefined) throw new Error(`The service ${name} has no target group whose requests could be counted`);
  const [, path = ''] = balancer.arn.split(':loadbalancer/');
  return {
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: REQUESTS_PER_TARGET,
      PredefinedMetricSpecification: {
        PredefinedMetricType: 'ALBRequestCountPerTarget',
        ResourceLabel: `${path}/${group.split(':').at(-1) ?? ''}`,
      },
    },
  };
};
