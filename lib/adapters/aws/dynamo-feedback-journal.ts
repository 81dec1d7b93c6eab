import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freshState, type FeedbackState } from '../../domain/feedback.ts';
import type { FeedbackJournal } from '../../ports/feedback-journal.ts';
import { awsCall } from './aws-call.ts';
import { ifStill, written } from './conditional-write.ts';

const stateId = (deployment: string) => `feedback#${deployment}`;
const claimId = ({ project, id }: { project: number; id: number }) => `shown#${project}#${id}`;

/** One item of the journal's table for each deployment, and one for each of GitLab's that is shown for one. */
export const dynamoFeedbackJournal = (client: DynamoDBDocumentClient, TableName: string): FeedbackJournal => {
  const put = (item: Record<string, unknown>, condition: object): Promise<boolean> =>
    written('PutItem', () => client.send(new PutCommand({ TableName, Item: item, ...condition })));
  return {
    read: async (deployment) => {
      const command = new GetCommand({ TableName, Key: { id: stateId(deployment) }, ConsistentRead: true });
      const { Item } = await awsCall('GetItem', () => client.send(command));
      return (Item?.['feedback'] as FeedbackState | undefined) ?? freshState;
    },
    write: (deployment, state) => {
      const feedback = { ...state, revision: state.revision + 1 };
      return put({ id: stateId(deployment), feedback }, ifStill('feedback', state.revision));
    },
    claim: (deployment, shown) =>
      put(
        { id: claimId(shown), deployment },
        {
          ConditionExpression: 'attribute_not_exists(id) OR deployment = :mine',
          ExpressionAttributeValues: { ':mine': deployment },
        },
      ),
  };
};
