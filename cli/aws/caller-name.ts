import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { awsCall } from '../../lib/adapters/aws/aws-call.ts';

// What an operator's cause takes as a name: lib/domain/cause.ts.
const unshown = /[^\w .@+-]/g;

/**
 * Who runs this, as AWS knows them: a user's name, or the name of a role's session, which is a person's where they sign in through
 * an identity provider. Raises AwsUnavailable, AwsRefused.
 */
export const callerName = async (sts: STSClient): Promise<string> => {
  const { Arn = '' } = await awsCall('GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
  return Arn.split(/[:/]/).at(-1)?.replace(unshown, '-').slice(0, 100) ?? '';
};
