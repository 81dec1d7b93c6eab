import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsFleet } from '../../adapters/aws/ecs-fleet.ts';
import type { Fleet } from '../../ports/fleet.ts';
import { clientOptions } from './client-options.ts';

export const fleet = (): Fleet => ecsFleet(new ECSClient(clientOptions()));
