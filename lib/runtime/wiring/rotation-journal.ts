import { dynamoRotationJournal } from '../../adapters/aws/dynamo-rotation-journal.ts';
import type { RotatedSecret } from '../../domain/rotation.ts';
import type { RotationJournal } from '../../ports/rotation-journal.ts';
import { setting } from '../config.ts';
import { documents } from './documents.ts';

export const rotationJournal = (secret: RotatedSecret): RotationJournal =>
  dynamoRotationJournal(documents(), { table: setting('TABLE_NAME'), secret });
