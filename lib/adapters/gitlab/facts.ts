import { wholeSeconds } from '../../domain/gitlab-date.ts';

/** A date of GitLab's API as when something finished; nothing when there is none. */
export const finish = (date: string | null | undefined): { finishedAt?: string } => {
  const finishedAt = wholeSeconds(date);
  return finishedAt === undefined ? {} : { finishedAt };
};

/** A merge request's pipeline is on refs/merge-requests/N/head, -/merge or -/train. */
export const ofMergeRequest = ({ source, ref }: { source: string; ref: string }): boolean =>
  source === 'merge_request_event' || ref.startsWith('refs/merge-requests/');
