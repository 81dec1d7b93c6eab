import type {
  DescribeTargetGroupsInput,
  TargetGroup as TargetGroupShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import type { TargetGroup } from './balancer.ts';
import { isInUse } from './balancer.ts';
import { checkLoadBalancer, findTargetGroup } from './find.ts';

export const describeTargetGroups =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as DescribeTargetGroupsInput;
    const page = pageOf(chosen(fleet, request), {
      nextToken: request.Marker,
      maxResults: request.PageSize ?? 400,
      badTokenCode: 'ValidationError',
    });
    return { TargetGroups: page.items.map((group) => describedGroup(fleet, group)), NextMarker: page.nextToken };
  };

const chosen = (fleet: Fleet, request: DescribeTargetGroupsInput): TargetGroup[] => {
  const all = [...fleet.balancer.targetGroups.values()];
  if (request.TargetGroupArns !== undefined) return request.TargetGroupArns.map((arn) => findTargetGroup(fleet, arn));
  if (request.Names !== undefined) return request.Names.map((name) => named(all, name));
  if (request.LoadBalancerArn === undefined) return all;
  checkLoadBalancer(fleet, request.LoadBalancerArn);
  return all.filter(({ arn }) => isInUse(fleet.balancer, arn));
};

const named = (all: TargetGroup[], name: string): TargetGroup => {
  const group = all.find((other) => other.name === name);
  if (group === undefined) throw new AwsError('TargetGroupNotFound', `One or more target groups not found`);
  return group;
};

export const describedGroup = ({ balancer }: Fleet, group: TargetGroup): TargetGroupShape => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: group.protocol as TargetGroupShape['Protocol'],
  ProtocolVersion: 'HTTP1',
  Port: group.port,
  VpcId: group.vpcId,
  HealthCheckProtocol: 'HTTP',
  HealthCheckPort: 'traffic-port',
  HealthCheckEnabled: true,
  HealthCheckIntervalSeconds: group.healthCheck.intervalSeconds,
  HealthCheckTimeoutSeconds: group.healthCheck.timeoutSeconds,
  HealthyThresholdCount: group.healthCheck.healthyThreshold,
  UnhealthyThresholdCount: group.healthCheck.unhealthyThreshold,
  HealthCheckPath: group.healthCheck.path,
  Matcher: { HttpCode: group.healthCheck.matcher },
  LoadBalancerArns: isInUse(balancer, group.arn) ? [balancer.arn] : [],
  TargetType: group.targetType as TargetGroupShape['TargetType'],
  IpAddressType: 'ipv4',
});
