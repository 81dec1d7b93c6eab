import { setTimeout as passes } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hooks } from '../bench/hook-scene.ts';
import { rounded } from '../bench/statistics.ts';
import { startHookWorker, withBuiltFunction, type HookWorker } from './hook-worker.ts';

const wrongPerSecond = 100;
const authenticPerSecond = 5;
const wrongToken = 'wrong-webhook-token-0123456789abcdef';
const newToken = 'other-webhook-token-0123456789abcdef';
/** Seconds of quiet after a look at both versions of the secret, as lib/runtime/secret-cache.ts says. */
const quiet = 4;

/** What one stream of hooks met: answers by sender and status, as in `wrong 401`. */
export interface Met {
  answers: Record<string, number>;
  /** from the first hook to the last answer */
  seconds: number;
  /** of Secrets Manager, retries included */
  secretCalls: number;
}

export interface WrongTokens {
  /** the secret can be read and stays as it is */
  steady: Met;
  /** goes on with a secret that has just been changed, until the new token is accepted */
  changed: Met & { lastRefusedAfterSeconds: number };
  /** another worker, which can never read the secret */
  unreadable: Met;
}

/**
 * Wrong tokens, a hundred a second for so many seconds, beside authentic hooks, at the built function in one worker: a
 * real clock and its real cache. Then the same with a changed secret, and, shorter, with Secrets Manager failing.
 */
export const run = (seconds: number): Promise<WrongTokens> =>
  withBuiltFunction('pipeline-webhook', async (folder) => ({
    ...(await readable(folder, seconds)),
    unreadable: await unreadable(folder, seconds / 5),
  }));

const readable = (folder: string, seconds: number) =>
  atWorker(folder, async (worker) => {
    const steady = await send(worker, { seconds });
    worker.stub.keep(JSON.stringify({ webhook_token: newToken }));
    const changed = await send(worker, { seconds: 2 * quiet, token: newToken });
    return { steady: met(steady), changed: { ...met(changed), lastRefusedAfterSeconds: lastRefused(changed) } };
  });

const unreadable = (folder: string, seconds: number) =>
  atWorker(folder, async (worker) => {
    worker.stub.keep(undefined);
    return met(await send(worker, { seconds }));
  });

interface Worker extends HookWorker {
  event: (token?: string) => object;
}

const atWorker = async <T>(folder: string, act: (worker: Worker) => Promise<T>): Promise<T> => {
  const hook = await hooks();
  const worker = await startHookWorker({ folder, project: hook.project, cacheSeconds: 60 });
  try {
    return await act({ ...worker, event: (token) => hook.next(token) });
  } finally {
    await worker.end();
  }
};

interface Answered {
  from: 'wrong' | 'authentic';
  /** a status, or why there is none */
  answer: string;
  /** seconds from the stream's start until it was sent */
  sentAt: number;
}

interface Sent {
  answers: Answered[];
  seconds: number;
  secretCalls: number;
}

/** Sends at its pace, whatever the answers. With a token of its own it ends as soon as that is accepted. */
const send = async (worker: Worker, { seconds, token }: { seconds: number; token?: string }): Promise<Sent> => {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1_000;
  const underWay: Promise<Answered>[] = [];
  const state = { accepted: false };
  const one = async (from: Answered['from'], sent?: string): Promise<Answered> => {
    const sentAt = elapsed();
    const answer = await worker.lambda.invoke(worker.event(sent)).then(({ statusCode }) => String(statusCode), String);
    state.accepted ||= answer === '202';
    return { from, answer, sentAt };
  };
  for (let n = 0; n < seconds * wrongPerSecond && !(token && state.accepted); n += 1) {
    await passes(Math.max(0, n / wrongPerSecond - elapsed()) * 1_000);
    underWay.push(one('wrong', wrongToken));
    if (n % (wrongPerSecond / authenticPerSecond) === 0) underWay.push(one('authentic', token));
  }
  const answers = await Promise.all(underWay);
  const secretCalls = worker.secretCalls();
  return { answers, seconds: elapsed(), secretCalls };
};

const met = ({ answers, seconds, secretCalls }: Sent): Met => {
  const counts: Met['answers'] = {};
  for (const { from, answer } of answers) counts[`${from} ${answer}`] = (counts[`${from} ${answer}`] ?? 0) + 1;
  return { answers: counts, seconds: rounded(seconds), secretCalls };
};

const lastRefused = ({ answers }: Sent): number => {
  const refused = answers.filter(({ from, answer }) => from === 'authentic' && answer === '401');
  return rounded(Math.max(0, ...refused.map(({ sentAt }) => sentAt)));
};

/** The answers that there may be, and the calls that the first look makes, before any time has passed. */
const rules: Record<keyof WrongTokens, { answers: string[]; firstLook: number }> = {
  steady: { answers: ['wrong 401', 'authentic 202'], firstLook: 2 },
  changed: { answers: ['wrong 401', 'authentic 401', 'authentic 202'], firstLook: 2 },
  unreadable: { answers: ['wrong 503', 'authentic 503'], firstLook: 6 },
};
const secondsPerCall = 2;

const broken = (stream: keyof WrongTokens, { answers, seconds, secretCalls }: Met): string[] => {
  const most = rules[stream].firstLook + seconds / secondsPerCall;
  return [
    ...Object.entries(answers)
      .filter(([answer]) => !rules[stream].answers.includes(answer))
      .map(([answer, times]) => `${stream}: ${answer}, ${times} times`),
    ...(secretCalls > 0 && secretCalls <= most ? [] : [`${stream}: ${secretCalls} calls of Secrets Manager`]),
  ];
};

/** What is not as it must be after `run(seconds)`, in words; nothing when all is. */
export const faults = (found: WrongTokens, seconds: number): string[] => {
  const { steady, changed } = found;
  const sent = Object.values(steady.answers).reduce((all, some) => all + some, 0);
  const lateFor = changed.lastRefusedAfterSeconds;
  return [
    ...(Object.keys(rules) as (keyof WrongTokens)[]).flatMap((stream) => broken(stream, found[stream])),
    ...(sent === seconds * (wrongPerSecond + authenticPerSecond) ? [] : [`steady: only ${sent} hooks were answered`]),
    ...(lateFor < quiet ? [] : [`changed: the new token was still refused after ${lateFor} s`]),
    ...(changed.answers['authentic 202'] ? [] : ['changed: the new token was never accepted']),
  ];
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  const result = await run(seconds);
  const wrong = faults(result, seconds);
  console.log(JSON.stringify({ ...result, faults: wrong }, null, 2));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
