import { isAt, siteName, type Call, type CallSite } from './call-site.ts';
import { faults, type Fault } from './fault.ts';

/** One thing that goes wrong in one run. */
export type Case = { run: string; name: string } & ({ site: CallSite; fault: Fault } | { stopAt: string });

/** What a run without any fault did. */
export interface Recording {
  run: string;
  calls: readonly Call[];
  /** the states that an execution can be stopped at, in the order they were entered */
  entered: readonly string[];
}

/** Each call of the first and of the last look of each state, once. */
export const sitesOf = (calls: readonly Call[]): CallSite[] => {
  const last = (of: Call) =>
    Math.max(
      ...calls
        .filter(({ execution, state }) => execution === of.execution && state === of.state)
        .map(({ look }) => look),
    );
  const sites: CallSite[] = [];
  for (const call of calls) {
    if (call.look !== 1 && call.look !== last(call)) continue;
    const { state, look, service, operation, nth } = call;
    if (!sites.some((site) => isAt(call, site))) sites.push({ state, look, service, operation, nth });
  }
  return sites;
};

/** A case for each call site and fault, and one for each state at which the execution is stopped. */
export const casesOf = ({ run, calls, entered }: Recording): Case[] => [
  ...sitesOf(calls).flatMap((site) =>
    faults.map((fault) => ({ run, site, fault, name: `${run}: ${siteName(site)}: ${fault}` })),
  ),
  ...[...new Set(entered)].map((stopAt) => ({ run, stopAt, name: `${run}: ${stopAt}: stopped` })),
];
