import { dynamoHookJournal } from '../../adapters/aws/dynamo-hook-journal.ts';
import type { HookJournal } from '../../ports/hook-journal.ts';
import { setting } from '../config.ts';
import { clock } from './clock.ts';
import { documents } from './documents.ts';

export const hookJournal = (): HookJournal => dynamoHookJournal(documents(), { table: setting('TABLE_NAME'), clock });
