import type { DescribeLoadBalancersInput, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { checkLoadBalancer } from './find.ts';

export const describeLoadBalancers =
  (fleet: Fleet): Operation =>
  (input) => {
    const { LoadBalancerArns, Names } = input as DescribeLoadBalancersInput;
    for (const arn of LoadBalancerArns ?? []) checkLoadBalancer(fleet, arn);
    for (const name of Names ?? []) {
      if (name !== fleet.balancer.name)
        throw new AwsError('LoadBalancerNotFound', `Load balancers '[${name}]' not found`);
    }
    return { LoadBalancers: [described(fleet)] };
  };

const described = ({ balancer, region }: Fleet): LoadBalancer => ({
  LoadBalancerArn: balancer.arn,
  DNSName: balancer.dnsName,
  CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
  CreatedTime: balancer.createdAt,
  LoadBalancerName: balancer.name,
  Scheme: 'internet-facing',
  VpcId: balancer.vpcId,
  State: { Code: 'active' },
  Type: 'application',
  AvailabilityZones: ['a', 'b'].map((zone) => ({
    ZoneName: `${region}${zone}`,
    SubnetId: `subnet-0${zone.repeat(16)}`,
  })),
  SecurityGroups: [],
  IpAddressType: 'ipv4',
});
