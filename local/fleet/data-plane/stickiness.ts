import type { TargetGroupStickinessConfig } from '@aws-sdk/client-elastic-load-balancing-v2';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#target-group-stickiness */
const NAME = 'AWSALBTG';
const SECOND = 1000;

/** The target group that the request's cookie sticks to, unless its time is over; `now` is world time in milliseconds. */
export const stuckTo = (cookie: string, now: number): string | undefined => {
  const [, value = ''] = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]+)`).exec(cookie) ?? [];
  const [until, groupArn] = Buffer.from(value, 'base64url').toString('utf8').split(' ');
  return Number(until) > now ? groupArn : undefined;
};

/** The Set-Cookie header that makes a client stick to the group it was sent to. */
export const stickingTo = (
  groupArn: string,
  { DurationSeconds = 0 }: TargetGroupStickinessConfig,
  now: number,
): string => {
  const until = now + DurationSeconds * SECOND;
  const value = Buffer.from(`${until} ${groupArn}`).toString('base64url');
  return `${NAME}=${value}; Expires=${new Date(until).toUTCString()}; Path=/`;
};
