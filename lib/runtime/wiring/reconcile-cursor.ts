import { dynamoReconcileCursor } from '../../adapters/aws/dynamo-reconcile-cursor.ts';
import type { ReconcileCursor } from '../../ports/reconcile-cursor.ts';
import { setting } from '../config.ts';
import { documents } from './documents.ts';

export const reconcileCursor = (): ReconcileCursor => dynamoReconcileCursor(documents(), setting('TABLE_NAME'));
