import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoCopyJournal } from '../../../lib/adapters/aws/dynamo-copy-journal.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

// What the journal means is in tests/contract/copy-journal.test.ts; here is what MiniStack cannot be brought to answer.

const journal = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  return { requests, ...dynamoCopyJournal(client, { table: 'journal', now: () => new Date(0) }) };
};

const id = (digest: string) => ({ id: { S: `copy#web-1#${digest}` } });
const found = (...digests: string[]) => ({
  Responses: {
    journal: digests.map((digest) => ({
      ...id(digest),
      uploadId: { S: digest },
      partSize: { N: '10' },
      next: { N: '5' },
    })),
  },
});
const busy = (...digests: string[]) => ({ UnprocessedKeys: { journal: { Keys: digests.map(id) } } });

test('what a batch leaves out is asked for again, consistently', async () => {
  const { requests, uploads } = journal({ body: { ...found('a'), ...busy('b') } }, { body: found('b') });
  expect([...(await uploads('web-1', ['a', 'b'])).keys()]).toEqual(['a', 'b']);
  expect(requests.map(({ input }) => input['RequestItems'])).toEqual([
    { journal: { Keys: [id('a'), id('b')], ConsistentRead: true } },
    { journal: { Keys: [id('b')], ConsistentRead: true } },
  ]);
});

test('a table that stays busy is unavailable', async () => {
  const { requests, uploads } = journal({ body: { Responses: {}, ...busy('a') } });
  expect(await raisedBy(() => uploads('web-1', ['a']))).toMatchObject({ name: 'AwsUnavailable' });
  expect(requests).toHaveLength(5);
});

test.each([
  ['AwsUnavailable', 'no answer' as const],
  ['AwsUnavailable', { code: 'ProvisionedThroughputExceededException' }],
  ['AwsRefused', { code: 'AccessDeniedException' }],
])('%s by every method, and nothing of AWS’s own text', async (name, answer) => {
  const { begin, layers, uploads, save, forget } = journal(answer);
  const progress = { uploadId: 'a', partSize: 10, next: 5 };
  const calls = [
    () => begin('web-1', []),
    () => layers('web-1'),
    () => uploads('web-1', ['a']),
    () => save('web-1', 'a', progress),
    () => forget('web-1', 'a', progress),
  ];
  for (const call of calls) {
    const raised = await raisedBy(call);
    expect(raised).toMatchObject({ name });
    expect(raised.message).not.toContain('hunter2');
  }
});
