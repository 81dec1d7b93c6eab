import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { load } from 'js-yaml';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';

const file = join(import.meta.dirname, '..', '..', 'stack', 'journal.yml');

interface Stack {
  Resources: { Journal: { Properties: CreateTableCommandInput } };
}

/** Makes a table with the keys and the index of the journal that ops deploy. */
const createJournalTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const { Properties } = (load(readFileSync(file, 'utf8')) as Stack).Resources.Journal;
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = Properties;
  const keys = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode };
  await client.send(new CreateTableCommand({ TableName, ...keys }));
};

export interface JournalTable {
  client: DynamoDBDocumentClient;
  table: string;
}

/** Journal tables as the stack deploys them, each call a new one, in a DynamoDB that is there as long as the file's tests. */
export const journalTables = (): (() => Promise<JournalTable>) => {
  let aws: LocalAws;
  let client: DynamoDBClient;
  let tables = 0;
  beforeAll(async () => {
    aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
    client = new DynamoDBClient(clientOptionsOf(aws));
  }, 60_000);
  afterAll(async () => {
    client.destroy();
    await aws.close();
  });
  return async () => {
    tables += 1;
    const table = `journal-${tables}`;
    await createJournalTable(client, table);
    const marshallOptions = { removeUndefinedValues: true };
    return { client: DynamoDBDocumentClient.from(client, { marshallOptions }), table };
  };
};
