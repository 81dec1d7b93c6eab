import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import { elbArn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import type { TargetGroup } from './balancer.ts';
import { DEREGISTRATION_DELAY } from './balancer.ts';
import { describedGroup } from './describe-target-groups.ts';

/** The attributes of an ALB target group with AWS's own defaults (elbv2 model, TargetGroupAttribute). */
const ATTRIBUTES: [string, string][] = [
  [DEREGISTRATION_DELAY, '300'],
  ['stickiness.enabled', 'false'],
  ['stickiness.type', 'lb_cookie'],
  ['stickiness.lb_cookie.duration_seconds', '86400'],
  ['slow_start.duration_seconds', '0'],
  ['load_balancing.algorithm.type', 'round_robin'],
  ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'],
  ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.count', '1'],
  ['target_group_health.dns_failover.minimum_healthy_targets.count', '1'],
];

export const addTargetGroup = (fleet: Fleet, input: CreateTargetGroupInput): TargetGroup => {
  const { Name = '' } = input;
  if ([...fleet.balancer.targetGroups.values()].some(({ name }) => name === Name)) {
    throw new AwsError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${Name}' exists, but with different settings`,
    );
  }
  const group: TargetGroup = {
    arn: elbArn(fleet, `targetgroup/${Name}/${fleet.names.hex(16)}`),
    name: Name,
    port: input.Port ?? 80,
    protocol: input.Protocol ?? 'HTTP',
    targetType: input.TargetType ?? 'instance',
    vpcId: input.VpcId ?? fleet.balancer.vpcId,
    healthCheck: healthCheckOf(input),
    attributes: new Map(ATTRIBUTES),
    targets: new Map(),
  };
  fleet.balancer.targetGroups.set(group.arn, group);
  return group;
};

const healthCheckOf = (input: CreateTargetGroupInput): TargetGroup['healthCheck'] => ({
  path: input.HealthCheckPath ?? '/',
  intervalSeconds: input.HealthCheckIntervalSeconds ?? 30,
  timeoutSeconds: input.HealthCheckTimeoutSeconds ?? 5,
  healthyThreshold: input.HealthyThresholdCount ?? 5,
  unhealthyThreshold: input.UnhealthyThresholdCount ?? 2,
  matcher: input.Matcher?.HttpCode ?? '200',
});

export const createTargetGroup =
  (fleet: Fleet): Operation =>
  (input) => ({
    TargetGroups: [describedGroup(fleet, addTargetGroup(fleet, input as unknown as CreateTargetGroupInput))],
  });
