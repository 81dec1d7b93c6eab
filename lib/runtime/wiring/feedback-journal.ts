import { dynamoFeedbackJournal } from '../../adapters/aws/dynamo-feedback-journal.ts';
import type { FeedbackJournal } from '../../ports/feedback-journal.ts';
import { setting } from '../config.ts';
import { documents } from './documents.ts';

export const feedbackJournal = (): FeedbackJournal => dynamoFeedbackJournal(documents(), setting('TABLE_NAME'));
