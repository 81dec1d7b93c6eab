import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoCopyJournal } from '../../adapters/aws/dynamo-copy-journal.ts';
import type { CopyJournal } from '../../ports/copy-journal.ts';
import { setting } from '../config.ts';
import { clientOptions } from './client-options.ts';
import { clock } from './clock.ts';

export const copyJournal = (): CopyJournal =>
  dynamoCopyJournal(DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions())), {
    table: setting('TABLE_NAME'),
    now: clock,
  });
