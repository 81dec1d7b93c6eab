import { SSMClient } from '@aws-sdk/client-ssm';

/** Parameter Store, by the operator's own login. */
export const ssmClient = (options: { region?: string }): SSMClient => new SSMClient(options);
