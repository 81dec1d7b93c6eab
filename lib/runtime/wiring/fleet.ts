import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsFleet } from '../../adapters/aws/ecs-fleet.ts';
import type { Fleet } from '../../ports/fleet.ts';
import { clientOptions } from './client-options.ts';

export const fleet = (): Fleet => ecsFleet(new ECSClient(clientOptions()));

/**
 * Each call is tried once: RegisterTaskDefinition takes no client token, and the SDK's own next try after a lost answer
 * would register twice. The task itself looks for what an earlier try registered.
 */
export const fleetTriedOnce = (): Fleet => ecsFleet(new ECSClient({ ...clientOptions(), maxAttempts: 1 }));
