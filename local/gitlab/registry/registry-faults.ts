import type { Clock } from '../../clock.ts';
import { seededRandom } from '../../fleet/wire/seeded-random.ts';
import { routePattern } from '../api/faults.ts';

/** What hits a request to the registry, its login or its object storage. Bytes are counted in what this answer sends. */
export type RegistryFault =
  /** an error status in OCI's form; 502, 503 and 504 as the HTML page of the proxy before it */
  | { kind: 'error'; status: number }
  /** 429 with Retry-After, seconds */
  | { kind: 'rate limit'; retryAfter: number }
  /** the connection ends before anything was read or done */
  | { kind: 'reset' }
  /** the true answer, after so many world seconds */
  | { kind: 'slow'; seconds: number }
  /** the connection ends after so many bytes of the body; `random`: of any number that the body has, by the seed */
  | { kind: 'cut'; at: number | 'random' }
  /** nothing comes after so many bytes of the body (unset: not even the status), until `releaseRegistry` */
  | { kind: 'stall'; at?: number | undefined }
  /** as if no Range had been sent: 200 and everything */
  | { kind: 'ignore range' }
  /** other bytes, as many */
  | { kind: 'wrong bytes' }
  /** so many bytes more or fewer than there are; with `undeclared` no Content-Length says it beforehand */
  | { kind: 'other length'; by: number; undeclared?: boolean | undefined }
  /** as object storage answers when its link's time is over */
  | { kind: 'expired link' }
  /** 307 to wherever it says */
  | { kind: 'redirect'; to: string }
  /** 401, naming this realm */
  | { kind: 'challenge'; realm: string }
  /** the true body under another Content-Type */
  | { kind: 'media type'; mediaType: string }
  /** anything at all instead of the true answer */
  | { kind: 'answer'; status: number; headers?: Record<string, string> | undefined; body?: string | undefined };

export interface RegistryFaultRule {
  /** `METHOD path` as on the wire, without query; `*` stands for one segment, `**` for anything */
  route: string;
  /** how many requests it hits; default 1, or without end when `forSeconds` or `rate` is given */
  times?: number | undefined;
  /** so many requests pass before */
  skip?: number | undefined;
  /** each request is hit with this probability, by the seed */
  rate?: number | undefined;
  /** world seconds from now after which it is over */
  forSeconds?: number | undefined;
  fault: RegistryFault;
}

export interface RegistryFaults {
  set(rule: RegistryFaultRule): void;
  /** Stalled answers stay stalled until they are released. */
  clear(): void;
  /** The fault that hits this request, if any; it is counted. */
  hit(method: string, path: string): RegistryFault | undefined;
  /** A number in [0, 1) by the seed. */
  random(): number;
  /** Settles when stalled answers are let go. */
  stalled(): Promise<void>;
  release(): void;
}

interface SetRule extends RegistryFaultRule {
  pattern: RegExp;
  left: number;
  passing: number;
  until: number;
}

const setRule = (clock: Clock, rule: RegistryFaultRule): SetRule => {
  const endless = rule.forSeconds !== undefined || rule.rate !== undefined;
  const until = rule.forSeconds === undefined ? Infinity : clock.now() + rule.forSeconds * 1000;
  const left = rule.times ?? (endless ? Infinity : 1);
  return { ...rule, pattern: routePattern(rule.route), left, passing: rule.skip ?? 0, until };
};

/** Whether this request, which fits the rule, is one that it hits. */
const strikes = (rule: SetRule, random: () => number): boolean => {
  rule.passing -= 1;
  return rule.passing < 0 && (rule.rate === undefined || random() < rule.rate);
};

export const createRegistryFaults = (clock: Clock, seed: number): RegistryFaults => {
  const random = seededRandom(seed);
  let rules: SetRule[] = [];
  const waiting: (() => void)[] = [];
  return {
    set: (rule) => rules.push(setRule(clock, rule)),
    clear: () => {
      rules = [];
    },
    hit: (method, path) => {
      rules = rules.filter(({ left, until }) => left > 0 && until > clock.now());
      const fitting = rules.filter(({ pattern }) => pattern.test(`${method} ${path}`));
      const rule = fitting.find((one) => strikes(one, random));
      if (rule !== undefined) rule.left -= 1;
      return rule?.fault;
    },
    random,
    stalled: () => new Promise((resolve) => waiting.push(resolve)),
    release: () => {
      for (const go of waiting.splice(0)) go();
    },
  };
};
