import { dynamoJournal } from '../../adapters/aws/dynamo-journal.ts';
import type { Journal } from '../../ports/journal.ts';
import { setting } from '../config.ts';
import { documents } from './documents.ts';

export const journal = (): Journal => dynamoJournal(documents(), setting('TABLE_NAME'));
