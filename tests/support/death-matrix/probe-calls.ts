import type { Probe, ProbeAnswer } from '../../../lib/ports/probe.ts';
import type { Faulty, OutwardCalls } from './outward-calls.ts';

const faulty: Faulty<ProbeAnswer> = {
  refused: () => Promise.resolve({ status: 403, text: '' }),
  throttled: () => Promise.resolve({ status: 429, text: '' }),
  lost: () => Promise.resolve({ unanswered: 'ETIMEDOUT' }),
};

/** The question to a target's test URL, seen. */
export const watchedProbe =
  (probe: Probe, outward: OutwardCalls): Probe =>
  (url) =>
    outward.call({ service: 'TestUrl', operation: 'GET' }, faulty, () => probe(url));
