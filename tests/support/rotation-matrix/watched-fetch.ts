import { routeOf } from '../death-matrix/gitlab-calls.ts';
import type { Faulty, Outward } from './outward.ts';

const faulty: Faulty<Response> = {
  refused: () => Promise.resolve(new Response('{"message":"502 Bad Gateway"}', { status: 502 })),
  lost: () => Promise.reject(new TypeError('fetch failed')),
};

/** fetch, by which GitLab's adapters call: each call of a rotation is seen, as `GitLab.PUT /projects/:id/hooks/:id`. */
export const watchedFetch =
  (real: typeof fetch, calls: Outward): typeof fetch =>
  (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return calls.call(`GitLab.${routeOf(init?.method ?? 'GET', url)}`, faulty, () => real(input, init));
  };
