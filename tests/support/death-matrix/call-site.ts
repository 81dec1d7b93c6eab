/**
 * Where a task reaches outside: the `nth` call of this operation in one invocation of a state's task. `look` counts the
 * state's invocations in its execution; both begin with 1.
 */
export interface CallSite {
  state: string;
  look: number;
  /** as its SDK client is called: ECS, DynamoDB …; or GitLab */
  service: string;
  operation: string;
  nth: number;
}

/** A call as it was made. */
export interface Call extends CallSite {
  execution: string;
  /** whether the other side did its work */
  done: boolean;
}

export const isAt = (call: CallSite, site: CallSite): boolean =>
  sameOperation(call, site) && call.look === site.look && call.nth === site.nth;

/** Whether both are the same operation in the same state, whenever. */
export const sameOperation = (one: CallSite, other: CallSite): boolean =>
  one.state === other.state && one.service === other.service && one.operation === other.operation;

/** `Check rollout, last look / ECS.DescribeServices #1`: of a polled state only the first and the last look are sites. */
export const siteName = ({ state, look, service, operation, nth }: CallSite): string =>
  `${state}${look === 1 ? '' : ', last look'} / ${service}.${operation} #${nth}`;
