import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsServiceCopies } from '../../adapters/aws/ecs-service-copies.ts';
import type { ServiceCopies } from '../../ports/service-copies.ts';
import { clientOptions } from './client-options.ts';

export const copies = (): ServiceCopies => ecsServiceCopies(new ECSClient(clientOptions()));
