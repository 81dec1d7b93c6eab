import type { Faulty, OutwardCalls } from './outward-calls.ts';

type Fetch = typeof fetch;

const answer = (status: number, message: string) => () =>
  Promise.resolve(new Response(JSON.stringify({ message }), { status }));

const faulty: Faulty<Response> = {
  refused: answer(401, '401 Unauthorized'),
  throttled: answer(429, 'Retry later'),
  lost: () => Promise.reject(new TypeError('fetch failed')),
};

/** A call's name as GitLab's documentation writes routes: `GET /projects/:id/pipelines/:id`. */
export const routeOf = (method: string, url: string): string =>
  `${method} ${new URL(url).pathname.replace('/api/v4', '').replace(/\/\d+(?=\/|$)/g, '/:id')}`;

/** fetch, by which the GitLab adapter calls: each call that a task makes is seen. */
export const watchedFetch =
  (real: Fetch, outward: OutwardCalls): Fetch =>
  (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const operation = routeOf(init?.method ?? 'GET', url);
    return outward.call({ service: 'GitLab', operation }, faulty, () => real(input, init));
  };
