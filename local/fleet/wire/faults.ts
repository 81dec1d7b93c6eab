import type { FaultRule } from '../seeds.ts';

/** What of a call decides whether a rule hits it. */
export interface Strikable {
  service: string;
  operation: string;
  caller: string;
  /** ARNs */
  resources: string[];
  input: object;
}

type AnyFault = FaultRule['fault'];

/** Of a request that is never read to its end. */
type Cut = Extract<AnyFault, { kind: 'cut' }>;

export type Fault = Exclude<AnyFault, Cut>;

export interface Faults {
  add: (rule: FaultRule) => void;
  clear: () => void;
  /** The fault that hits this call, if any: of the first rule, in the order they were added, that does. */
  strike: (call: Strikable) => Fault | undefined;
  /** Likewise of a call whose body is yet to come: the bytes of it after which it is cut. */
  cut: (call: Strikable) => number | undefined;
}

const isCut = (fault: AnyFault): fault is Cut => fault.kind === 'cut';
const isOfWhole = (fault: AnyFault): fault is Fault => !isCut(fault);

/** The rules in force. `random` decides for rules with a rate, so that the same seed gives the same run. */
export const faults = (random: () => number): Faults => {
  let rules: Counted[] = [];
  const first = <F extends AnyFault>(call: Strikable, isKind: (fault: AnyFault) => fault is F): F | undefined => {
    const fitting = rules.filter(({ rule }) => isKind(rule.fault) && matches(rule, call));
    const fault = fitting.find((counted) => hits(counted, random))?.rule.fault;
    return fault !== undefined && isKind(fault) ? fault : undefined;
  };
  return {
    add: (rule) => {
      rules.push({ rule, seen: 0, hit: 0 });
    },
    clear: () => {
      rules = [];
    },
    strike: (call) => first(call, isOfWhole),
    cut: (call) => first(call, isCut)?.afterBytes,
  };
};

interface Counted {
  rule: FaultRule;
  seen: number;
  hit: number;
}

const matches = (rule: FaultRule, call: Strikable): boolean =>
  rule.operation === call.operation &&
  (rule.service === undefined || rule.service === call.service) &&
  (rule.caller === undefined || rule.caller === call.caller) &&
  (rule.resource === undefined || call.resources.includes(rule.resource)) &&
  (rule.about === undefined || JSON.stringify(call.input).includes(rule.about));

/** Counts the call and tells whether the rule hits it; a rule with a rate has no limit of its own. */
const hits = (counted: Counted, random: () => number): boolean => {
  const { skip = 0, rate, times = rate === undefined ? 1 : Infinity } = counted.rule;
  counted.seen += 1;
  if (counted.seen <= skip || counted.hit >= times) return false;
  if (rate !== undefined && random() >= rate) return false;
  counted.hit += 1;
  return true;
};
