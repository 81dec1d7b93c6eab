import { SFNClient } from '@aws-sdk/client-sfn';
import { stepFunctionsWorkflows } from '../../adapters/aws/step-functions-workflows.ts';
import type { Workflows } from '../../ports/workflows.ts';
import { setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

export const workflows = (): Workflows =>
  stepFunctionsWorkflows(new SFNClient(clientOptions()), setting('STATE_MACHINE_ARN'));
