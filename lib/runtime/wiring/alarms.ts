import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudwatchAlarms } from '../../adapters/aws/cloudwatch-alarms.ts';
import type { Alarms } from '../../ports/alarms.ts';
import { clientOptions } from './client-options.ts';

export const alarms = (): Alarms => cloudwatchAlarms(new CloudWatchClient(clientOptions()));
