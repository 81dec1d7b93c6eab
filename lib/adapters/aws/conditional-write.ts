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

/** For an item whose `field` counts its writes in `revision`: only if that is still the one that was read; 0: there was no item. */
export const ifStill = (field: string, revision: number) =>
  revision === 0
    ? { ConditionExpression: 'attribute_not_exists(id)' }
    : { ConditionExpression: `${field}.revision = :read`, ExpressionAttributeValues: { ':read': revision } };
