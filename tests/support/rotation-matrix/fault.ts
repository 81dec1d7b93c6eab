/** What may happen to one call of a rotation. */
export const faults = [
  /** nothing is done, once: another try may help */
  'refused',
  /** the work is done, the answer never comes */
  'answer lost',
  /** the work is done, then the Lambda dies */
  'dies',
] as const;
export type Fault = (typeof faults)[number];

/**
 * Where a rotation reaches outside: the `nth` call of this operation in one invocation, in the first one that comes so far.
 * `nth` begins with 1.
 */
export interface Site {
  /** a step of Secrets Manager, or `tend-credentials` */
  step: string;
  /** `GitLab.PUT /projects/:id/hooks/:id`, `Secrets.fill`, `Journal.write` … */
  operation: string;
  nth: number;
}

/** `setSecret / GitLab.PUT /projects/:id/hooks/:id #2` */
export const siteName = ({ step, operation, nth }: Site): string => `${step} / ${operation} #${nth}`;

export interface Disturbance {
  site: Site;
  /** `meddled`: the call goes well, and right after it somebody else does something */
  fault: Fault | 'meddled';
}

const reading = /^(GitLab\.GET |Secrets\.(describe|value)$|Journal\.read$|Targets\.|Vault\.)/;

/** What may happen to this call. Of what is only read, a lost answer is nothing done: to whoever asked the same as a refusal. */
export const faultsOf = ({ operation }: Site): readonly Fault[] =>
  reading.test(operation) ? faults.filter((fault) => fault !== 'answer lost') : faults;
