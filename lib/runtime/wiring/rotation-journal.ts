import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoRotationJournal } from '../../adapters/aws/dynamo-rotation-journal.ts';
import type { RotatedSecret } from '../../domain/rotation.ts';
import type { RotationJournal } from '../../ports/rotation-journal.ts';
import { setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

export const rotationJournal = (secret: RotatedSecret): RotationJournal => {
  const marshallOptions = { removeUndefinedValues: true };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions()), { marshallOptions });
  return dynamoRotationJournal(client, { table: setting('TABLE_NAME'), secret });
};
