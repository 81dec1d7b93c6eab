import * as z from 'zod/mini';
import type { Target } from '../../domain/target.ts';

// GitLab's own rule, https://docs.gitlab.com/ci/yaml/#environmentname, and room for `/drawbridge` in its 255 characters.
const environment = z.string().check(z.regex(/^(?!\/)[\w${}/. -]{1,240}(?<!\/)$/));
const address = z.string().check(
  z.maxLength(255),
  z.refine((text) => URL.parse(text)?.protocol === 'https:' && URL.parse(text)?.username === ''),
);

/** What GitLab is told: the fields of a target's document. */
export const feedbackFields = {
  environment: z.optional(environment),
  environment_url: z.optional(address),
  note_on_failure: z.optional(z.literal(true)),
};

interface FeedbackDocument {
  environment?: string | undefined;
  environment_url?: string | undefined;
  note_on_failure?: true | undefined;
}

/** What is said of feedback although there is none without an environment. */
export const feedbackProblems = (document: FeedbackDocument): { field: string; why: string }[] =>
  (['environment_url', 'note_on_failure'] as const)
    .filter((field) => document.environment === undefined && document[field] !== undefined)
    .map((field) => ({ field, why: 'only with environment' }));

export const feedbackOf = ({
  environment: name,
  environment_url: url,
  note_on_failure: note,
}: FeedbackDocument): Pick<Target, 'environment' | 'environmentUrl' | 'noteOnFailure'> => ({
  ...(name === undefined ? {} : { environment: name }),
  ...(url === undefined ? {} : { environmentUrl: url }),
  ...(note === undefined ? {} : { noteOnFailure: note }),
});
