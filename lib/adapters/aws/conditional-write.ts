import { awsCall, isAwsError } from './aws-call.ts';

const failedCondition = 'ConditionalCheckFailedException';

/** Runs one conditional write of DynamoDB: false when its condition did not hold. Raises AwsUnavailable, AwsRefused. */
export const written = async (operation: string, write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await awsCall(operation, write, [failedCondition]);
    return true;
  } catch (error) {
    if (isAwsError(error, failedCondition)) return false;
    throw error;
  }
};
