import { AwsError } from '../operation.ts';

export interface PageRequest {
  nextToken: string | undefined;
  maxResults: number;
  /** the error for a token that this world never gave (default: ECS's and ECR's) */
  badTokenCode?: string;
}

/** One page of a list; its token is the place where the next page begins. */
export const pageOf = <T>(all: T[], request: PageRequest): { items: T[]; nextToken: string | undefined } => {
  const start = startOf(request);
  const end = start + request.maxResults;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? Buffer.from(`from ${end}`).toString('base64') : undefined,
  };
};

const startOf = ({ nextToken, badTokenCode }: PageRequest): number => {
  if (nextToken === undefined) return 0;
  const [, digits] = /^from (\d+)$/.exec(Buffer.from(nextToken, 'base64').toString('utf8')) ?? [];
  if (digits === undefined) throw new AwsError(badTokenCode ?? 'InvalidParameterException', 'Invalid token.');
  return Number(digits);
};
