import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoJournal } from '../../adapters/aws/dynamo-journal.ts';
import type { Journal } from '../../ports/journal.ts';
import { setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

export const journal = (): Journal => {
  const marshallOptions = { removeUndefinedValues: true };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions()), { marshallOptions });
  return dynamoJournal(client, setting('TABLE_NAME'));
};
