import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { load } from 'js-yaml';

const file = join(import.meta.dirname, '..', '..', 'stack', 'journal.yml');

interface Stack {
  Resources: { Journal: { Properties: CreateTableCommandInput } };
}

/** Makes a table with the keys and the index of the journal that ops deploy. */
export const createJournalTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const { Properties } = (load(readFileSync(file, 'utf8')) as Stack).Resources.Journal;
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = Properties;
  const keys = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode };
  await client.send(new CreateTableCommand({ TableName, ...keys }));
};
