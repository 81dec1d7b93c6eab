import { isAt, sameOperation, type Call, type CallSite } from './call-site.ts';

/** What may happen to one call. */
export const faults = [
  /** not allowed, and so from now on in this execution */
  'refused',
  /** not served at the first tries, then served */
  'throttled',
  /** the work is done, the answer never comes */
  'answer lost',
  /** the Lambda dies before the call is made, at every try in this execution */
  'dies before',
  /** the work is done, then the Lambda dies, once */
  'dies after',
  /** the execution is stopped, and its last Lambda makes the call when the recovery has begun */
  'stopped, call late',
] as const;
export type Fault = (typeof faults)[number];

export interface Disturbance {
  site: CallSite;
  fault: Fault;
}

const throttledTries = 3;

/** Tells of each call in turn whether the disturbance strikes it. */
export const striker = ({ site, fault }: Disturbance): ((call: Call) => boolean) => {
  let first: Call | undefined;
  let tries = 0;
  return (call) => {
    if (first === undefined && isAt(call, site)) first = call;
    if (first === undefined || first.execution !== call.execution || !sameOperation(call, site)) return false;
    tries += 1;
    if (fault === 'refused' || fault === 'dies before') return true;
    return fault === 'throttled' ? tries <= throttledTries : tries === 1;
  };
};
