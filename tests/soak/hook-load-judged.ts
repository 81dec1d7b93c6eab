/** GitLab does not send again; whoever is answered 503 is told so, and does. */
export const sendings = 5;
const wantedPerSecond = 1_000;

/** What hooks met at so many workers. Times are from when a worker gets an event to its answer, waiting in no queue. */
export interface Stream {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** ms of a processor for each answer: of the workers, and of what plays AWS and Lambda for them */
  processorMs: { workers: number; around: number };
}

export interface HookLoad {
  workers: number;
  seconds: number;
  /** hooks, each of a pipeline of its own */
  hooks: number;
  hook: Stream;
  /** an empty handler at as many workers, right after */
  empty: Stream;
  /** how often which status was answered; anything else than 202 was sent again */
  answers: Record<string, number>;
  calls: number;
  disturbedCalls: number;
  /** hooks that were answered 202, and whose execution there is not */
  lost: number;
  /** hooks that no sending brought to a 202 */
  unanswered: number;
  /** executions beyond one a hook */
  twice: number;
}

/** What became of the hooks. */
export interface Told {
  hooks: number;
  answers: Record<string, number>;
  /** by the answers */
  executions: string[];
  unanswered: number;
}

/** What became of them, by the executions that there are. */
export const fates = (told: Told, there: readonly string[]): Pick<HookLoad, 'lost' | 'unanswered' | 'twice'> => {
  const named = new Set(told.executions);
  const known = new Set(there);
  const answered = told.hooks - told.unanswered;
  return {
    lost: answered - [...named].filter((name) => known.has(name)).length,
    unanswered: told.unanswered,
    // One that was begun for a hook that was never answered is no second one.
    twice: Math.max(0, there.length - told.hooks),
  };
};

/** What is not as it must be, in words; nothing when all is. How fast it was is judged apart: a busy machine loses no hook. */
export const faults = ({ hooks: told, lost, unanswered, twice, disturbedCalls }: HookLoad): string[] => [
  ...(lost === 0 ? [] : [`${lost} hooks were answered 202, and nothing was started`]),
  ...(unanswered === 0 ? [] : [`${unanswered} hooks were not answered 202 in ${sendings} sendings`]),
  ...(twice === 0 ? [] : [`${twice} executions beside those of the ${told} hooks`]),
  ...(told > 0 && disturbedCalls > 0 ? [] : ['nothing was sent, or nothing was disturbed']),
];

const streamLine = (name: string, { perSecond, p50Ms, p99Ms, processorMs }: Stream): string =>
  `${name}: ${perSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms; processor ${processorMs.workers} ms at the worker, ${processorMs.around} ms around it`;

/** The figures, for people. */
export const lines = (found: HookLoad): string[] => [
  `${found.hooks} hooks in ${found.seconds} s at ${found.workers} workers, answers ${JSON.stringify(found.answers)}`,
  `${found.calls} calls to AWS, ${found.disturbedCalls} disturbed; lost ${found.lost}, started twice ${found.twice}`,
  streamLine('hook', found.hook),
  streamLine('empty handler', found.empty),
  `${found.hook.perSecond >= wantedPerSecond ? 'at least' : 'less than'} the ${wantedPerSecond}/s that it is to be`,
];
