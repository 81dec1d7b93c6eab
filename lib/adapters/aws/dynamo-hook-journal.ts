import { DeleteCommand, GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../ports/clock.ts';
import type { HookJournal } from '../../ports/hook-journal.ts';
import { awsCall } from './aws-call.ts';
import { written } from './conditional-write.ts';

/** How long a hook that was sent again is remembered: longer than GitLab keeps it, which is fourteen days. */
const keptSeconds = 15 * 24 * 3600;

const resentId = (project: number, key: string) => `resent#${project}#${key}`;
const cursorId = 'tend-hooks#cursor';

/** In the journal's table; DynamoDB drops at `expires` what was sent again. */
export const dynamoHookJournal = (
  client: DynamoDBDocumentClient,
  { table: TableName, clock }: { table: string; clock: Clock },
): HookJournal => ({
  claim: async (project, key) => {
    const expires = Math.floor(clock().getTime() / 1000) + keptSeconds;
    const Item = { id: resentId(project, key), expires };
    const command = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' });
    return written('PutItem', () => client.send(command));
  },
  release: async (project, key) => {
    const command = new DeleteCommand({ TableName, Key: { id: resentId(project, key) } });
    await awsCall('DeleteItem', () => client.send(command));
  },
  cursor: async () => {
    const command = new GetCommand({ TableName, Key: { id: cursorId }, ConsistentRead: true });
    const { Item } = await awsCall('GetItem', () => client.send(command));
    return Item?.['project'] as number | undefined;
  },
  handOn: async (project) => {
    const command = new PutCommand({ TableName, Item: { id: cursorId, project } });
    await awsCall('PutItem', () => client.send(command));
  },
});
