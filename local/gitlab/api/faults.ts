import type { Clock } from '../../clock.ts';
import type { ApiAnswer } from './call.ts';

export type ApiFault =
  /** an error of GitLab itself (401, 500; in its own words or in `message`) or of the proxy before it (502, 503, 504: an HTML page) */
  | { kind: 'error'; status: number; message?: string | undefined }
  /** 429 with Retry-After, seconds */
  | { kind: 'rate limit'; retryAfter: number }
  /** the true answer, after so many world seconds */
  | { kind: 'slow'; seconds: number }
  /** the connection is reset, nothing was done */
  | { kind: 'reset' }
  /** the connection is reset after the work was done, whatever the answer would have been */
  | { kind: 'answer lost' };

export interface ApiFaultRule {
  /** `METHOD path`, the path below /api/v4 as it is on the wire: `*` stands for one segment, `**` for anything */
  route: string;
  /** how many requests it hits; default 1, or without end when `forSeconds` is given */
  times?: number | undefined;
  /** world seconds from now after which it is over */
  forSeconds?: number | undefined;
  fault: ApiFault;
}

export interface ApiFaults {
  set(rule: ApiFaultRule): void;
  clear(): void;
  /** The fault that hits this request, if any; it is counted. */
  hit(method: string, path: string): ApiFault | undefined;
}

/** A route's pattern: `*` stands for one segment, `**` for anything. */
export const routePattern = (route: string): RegExp => {
  const source = route
    .split(/(\*\*|\*)/)
    .map((part) => {
      if (part === '**') return '.*';
      return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
};

export const createApiFaults = (clock: Clock): ApiFaults => {
  let rules: { pattern: RegExp; left: number; until: number; fault: ApiFault }[] = [];
  return {
    set: ({ route, times, forSeconds, fault }) => {
      const left = times ?? (forSeconds === undefined ? 1 : Infinity);
      const until = forSeconds === undefined ? Infinity : clock.now() + forSeconds * 1000;
      rules.push({ pattern: routePattern(route), left, until, fault });
    },
    clear: () => {
      rules = [];
    },
    hit: (method, path) => {
      rules = rules.filter(({ left, until }) => left > 0 && until > clock.now());
      const rule = rules.find(({ pattern }) => pattern.test(`${method} ${path}`));
      if (rule !== undefined) rule.left -= 1;
      return rule?.fault;
    },
  };
};

const messages: Record<number, string> = {
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not found',
  500: '500 Internal Server Error',
};

/** What the client gets instead of an answer. The limiter and the proxy before GitLab speak no JSON. */
export const faultAnswer = (fault: Exclude<ApiFault, { kind: 'slow' | 'reset' | 'answer lost' }>): ApiAnswer => {
  if (fault.kind === 'rate limit') {
    const headers = { 'content-type': 'text/plain', 'retry-after': String(fault.retryAfter) };
    return { status: 429, headers, body: 'Retry later\n' };
  }
  const message = fault.message ?? messages[fault.status];
  if (message !== undefined) return { status: fault.status, body: { message } };
  const page = `<html><head><title>GitLab is not responding (${fault.status})</title></head></html>`;
  return { status: fault.status, headers: { 'content-type': 'text/html' }, body: page };
};
