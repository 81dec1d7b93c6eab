import { QueryCommand, type DynamoDBDocumentClient, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { DeploymentRecord } from '../../domain/deployment.ts';
import type { History } from '../../ports/history.ts';
import { awsCall } from './aws-call.ts';

const pageSize = 25;

/** The item without the table's own key. */
const recordIn = (item: Record<string, unknown>): DeploymentRecord => {
  const fields = Object.entries(item).filter(([name]) => name !== 'id');
  return Object.fromEntries(fields) as unknown as DeploymentRecord;
};

/** By the journal's index of targets: of its items only deployments' records have both of the index's attributes. */
export const dynamoHistory = (client: DynamoDBDocumentClient, TableName: string): History => ({
  ofTarget: async function* (target) {
    const query = {
      TableName,
      IndexName: 'byTarget',
      KeyConditionExpression: '#target = :target',
      ExpressionAttributeNames: { '#target': 'target' },
      ExpressionAttributeValues: { ':target': target },
      ScanIndexForward: false,
      Limit: pageSize,
    };
    let ExclusiveStartKey: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const command = new QueryCommand({ ...query, ExclusiveStartKey });
      const page = await awsCall('Query', () => client.send(command));
      for (const item of page.Items ?? []) yield recordIn(item);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  },
});
