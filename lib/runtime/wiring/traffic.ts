import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbv2Traffic } from '../../adapters/aws/elbv2-traffic.ts';
import type { Traffic } from '../../ports/traffic.ts';
import { clientOptions } from './client-options.ts';

export const traffic = (): Traffic => elbv2Traffic(new ElasticLoadBalancingV2Client(clientOptions()));
