import { virtualClock } from '../../../local/clock.ts';
import { createApiFaults, faultAnswer } from '../../../local/gitlab/api/faults.ts';

const reset = { kind: 'reset' } as const;

test('* stands for one segment, ** for anything', () => {
  const faults = createApiFaults(virtualClock());
  const hits = (route: string, path: string): boolean => {
    faults.clear();
    faults.set({ route, fault: reset });
    return faults.hit('GET', path) !== undefined;
  };
  expect(hits('GET /projects/*/pipelines/*', '/projects/4711/pipelines/9')).toBe(true);
  expect(hits('GET /projects/*/pipelines/*', '/projects/4711/pipelines/9/jobs')).toBe(false);
  expect(hits('GET /projects/4711/**', '/projects/4711/pipelines/9/jobs')).toBe(true);
  expect(hits('POST /projects/4711/**', '/projects/4711/pipelines/9/jobs')).toBe(false);
  expect(hits('**', '/version')).toBe(true);
});

test('a fault hits once unless told otherwise', () => {
  const faults = createApiFaults(virtualClock());
  faults.set({ route: '**', times: 2, fault: { kind: 'error', status: 500 } });
  faults.set({ route: '**', fault: reset });
  expect([1, 2, 3, 4].map(() => faults.hit('GET', '/version')?.kind)).toEqual(['error', 'error', 'reset', undefined]);
});

test('one with forSeconds hits without end until world time is up', () => {
  const clock = virtualClock();
  const faults = createApiFaults(clock);
  faults.set({ route: '**', forSeconds: 30, fault: reset });
  clock.advance(29_999);
  expect([1, 2, 3].map(() => faults.hit('GET', '/version'))).toEqual([reset, reset, reset]);
  clock.advance(1);
  expect(faults.hit('GET', '/version')).toBeUndefined();
});

test('the limiter and the proxy speak no JSON', () => {
  expect(faultAnswer({ kind: 'rate limit', retryAfter: 7 })).toMatchObject({
    status: 429,
    headers: { 'retry-after': '7' },
  });
  expect(faultAnswer({ kind: 'error', status: 502 }).headers).toEqual({ 'content-type': 'text/html' });
  expect(faultAnswer({ kind: 'error', status: 401 }).body).toEqual({ message: '401 Unauthorized' });
  expect(faultAnswer({ kind: 'error', status: 403, message: 'not you' }).body).toEqual({ message: 'not you' });
});
