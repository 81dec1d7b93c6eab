import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { applicationAutoScaling } from '../../adapters/aws/application-auto-scaling.ts';
import type { Scaling } from '../../ports/scaling.ts';
import { clientOptions } from './client-options.ts';

export const scaling = (): Scaling => applicationAutoScaling(new ApplicationAutoScalingClient(clientOptions()));
