import { SSMClient } from '@aws-sdk/client-ssm';
import { parameterStoreTargets } from '../../adapters/aws/parameter-store-targets.ts';
import type { Targets } from '../../ports/targets.ts';
import { imageRegistry, setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

export const targets = (): Targets =>
  parameterStoreTargets(new SSMClient(clientOptions()), { path: setting('TARGETS_PATH'), registry: imageRegistry() });
