import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ecsDiagnosis } from '../../adapters/aws/ecs-diagnosis.ts';
import type { Diagnosis } from '../../ports/diagnosis.ts';
import { clientOptions } from './client-options.ts';

export const diagnosis = (): Diagnosis =>
  ecsDiagnosis(new ECSClient(clientOptions()), new ElasticLoadBalancingV2Client(clientOptions()));
