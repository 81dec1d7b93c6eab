import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoJournal } from '../../../lib/adapters/aws/dynamo-journal.ts';
import { found, record, serviceName } from '../../support/samples.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

// What the journal means is in tests/contract/journal.test.ts; here is what MiniStack cannot be brought to answer.

const journal = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...dynamoJournal(DynamoDBDocumentClient.from(new DynamoDBClient(options)), 'journal') };
};
const cancelled = (...codes: string[]): Canned => ({
  code: 'TransactionCanceledException',
  body: { CancellationReasons: codes.map((Code) => ({ Code })) },
});
const note = ({ note: write }: ReturnType<typeof journal>) => write(record(), 'web-1', { found });

test('a failed condition is LockLost, whatever else stood in the way', async () => {
  expect(await raisedBy(() => note(journal(cancelled('ConditionalCheckFailed', 'None'))))).toMatchObject({
    name: 'LockLost',
  });
  expect(await raisedBy(() => note(journal(cancelled('ConditionalCheckFailed', 'TransactionConflict'))))).toMatchObject(
    {
      name: 'LockLost',
    },
  );
});

test.each([
  ['another transaction', cancelled('TransactionConflict', 'None')],
  ['throughput', cancelled('None', 'ThrottlingError')],
  ['no answer', 'no answer' as const],
  ['a server error', { code: 'InternalServerError', status: 500 }],
  ['a transaction under way', { code: 'TransactionInProgressException' }],
])('%s in the way is no lost lock: another try may help', async (_what, answer) => {
  expect(await raisedBy(() => note(journal(answer)))).toMatchObject({ name: 'AwsUnavailable' });
});

test('a refusal is AwsRefused', async () => {
  expect(await raisedBy(() => note(journal({ code: 'AccessDeniedException' })))).toMatchObject({ name: 'AwsRefused' });
});

test('orders that DynamoDB left for later are asked for again; a table that stays busy is unavailable', async () => {
  const id = (target: string) => ({ id: { S: `target#${target}` } });
  const item = (target: string) => ({ ...id(target), version: { N: '3' } });
  const rest = { UnprocessedKeys: { journal: { Keys: [id('b')] } } };
  const { requests, ordersOf } = journal(
    { body: { Responses: { journal: [item('a')] }, ...rest } },
    { body: { Responses: { journal: [item('b')] } } },
  );
  const orders = await ordersOf(['a', 'b']);
  expect([...orders].map(([target, { version }]) => [target, version])).toEqual([
    ['a', 3],
    ['b', 3],
  ]);
  expect(requests[1]?.input['RequestItems']).toEqual({ journal: { Keys: [id('b')], ConsistentRead: true } });
  const busy = journal({ body: { Responses: {}, ...rest } });
  expect(await raisedBy(() => busy.ordersOf(['a', 'b']))).toMatchObject({ name: 'AwsUnavailable' });
  expect(busy.requests).toHaveLength(5);
});

test('every read is consistent, and the lock is read before the order', async () => {
  const { requests, queue, read } = journal({ body: {} });
  await queue(serviceName, '4711/web');
  await read('web-1');
  expect(requests.map(({ input }) => [input['Key'], input['ConsistentRead']])).toEqual([
    [{ id: { S: 'lock#prod/web' } }, true],
    [{ id: { S: 'target#4711/web' } }, true],
    [{ id: { S: 'deployment#web-1' } }, true],
  ]);
});
