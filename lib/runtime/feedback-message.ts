import * as z from 'zod/mini';
import type { TellGitlabInput, TellGitlabOutput } from '../app/tell-gitlab.ts';
import { DeployFailure } from '../domain/failure.ts';
import { count, countTold } from './log.ts';
import { task } from './task.ts';

/** As SQS hands over messages: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface QueuedEvents {
  Records: { body: string }[];
}

/** EventBridge's event of a deployment, as much as is used of it. */
const event = z.object({ detail: z.object({ deployment: z.string().check(z.minLength(1)) }) });

const inputOf = (body: string): TellGitlabInput => {
  try {
    return { deployment: event.parse(JSON.parse(body)).detail.deployment };
  } catch {
    // The parser's own message quotes the text.
    throw new DeployFailure('Unexpected', "a message in the queue is no deployment's event");
  }
};

/** One message, one deployment. What was refused is counted; what is raised is counted too, and SQS brings the message again. */
export const feedbackMessage = (verb: (input: TellGitlabInput) => Promise<TellGitlabOutput>) => {
  const tell = task('tell-gitlab', verb);
  return async ({ Records }: QueuedEvents): Promise<void> => {
    try {
      for (const { body } of Records) {
        const { result } = await tell(inputOf(body));
        countTold(result);
      }
    } catch (error) {
      count('FeedbackDelayed');
      throw error;
    }
  };
};
