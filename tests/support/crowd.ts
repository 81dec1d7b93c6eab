import { Agent } from 'node:http';
import { ask } from '../../local/users.ts';

/** Many users at once, whose answers can be told by the moment of their question. */
export interface Crowd {
  /** answers by service to what was asked from then until then (ms since the epoch, real time) */
  between(from: number, until: number): Record<string, number>;
  /** when the latest of the questions was asked that this service answered; ms since the epoch */
  last(service: string): number;
  /** how many requests a second were answered since the start */
  rate(): number;
  /** Asks no more, and waits for the answers that are under way. */
  stop(): Promise<CrowdTraffic>;
}

export interface CrowdTraffic {
  answered: number;
  failed: number;
  /** of the requests that take long */
  long: { answered: number; failed: number };
  /** the first few failures, in words */
  failures: string[];
}

const users = 5;
const manyPerSecond = 260;
const beat = 10; // ms
const bin = 20; // ms
const longEvery = 250; // ms
const longTakes = 5_000; // ms
const patience = 20_000; // ms
const keptFailures = 5;

/** Does it `perSecond` times a second, whatever the event loop was busy with meanwhile: what is late is made up for. */
const paced = (rate: number, act: (count: number) => void): (() => void) => {
  const start = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * rate);
    for (; done < due; done += 1) act(done);
  }, beat);
  return () => {
    clearInterval(timer);
  };
};

/** Sends so many requests a second to the URL, and now and then one that takes five seconds (of real time). */
export const startCrowd = (url: string, { perSecond = manyPerSecond } = {}): Crowd => {
  const agents = Array.from({ length: users }, () => new Agent({ keepAlive: true, maxSockets: 40 }));
  const bins = new Map<number, Map<string, number>>();
  const seen: CrowdTraffic = { answered: 0, failed: 0, long: { answered: 0, failed: 0 }, failures: [] };
  const underWay = new Set<Promise<void>>();
  const start = Date.now();

  const failed = (error: unknown): void => {
    if (seen.failures.length < keptFailures) seen.failures.push(error instanceof Error ? error.message : String(error));
  };
  const short = async (agent: Agent): Promise<void> => {
    const at = Math.floor(Date.now() / bin);
    const { service } = JSON.parse(await ask(url, agent, patience)) as { service: string };
    const counts = bins.get(at) ?? new Map<string, number>();
    bins.set(at, counts.set(service, (counts.get(service) ?? 0) + 1));
  };
  const long = async (agent: Agent): Promise<void> => {
    await ask(`${url}?milliseconds=${longTakes}`, agent, longTakes + patience);
  };
  const counted = (asked: Promise<void>, count: { answered: number; failed: number }): void => {
    const answered = asked.then(
      () => {
        count.answered += 1;
      },
      (error: unknown) => {
        count.failed += 1;
        failed(error);
      },
    );
    underWay.add(answered);
    void answered.finally(() => underWay.delete(answered));
  };
  const agentOf = (count: number): Agent => agents[count % users] as Agent;
  const ends = [
    paced(perSecond, (count) => {
      counted(short(agentOf(count)), seen);
    }),
    paced(1000 / longEvery, (count) => {
      counted(long(agentOf(count)), seen.long);
    }),
  ];

  return {
    between: (from, until) => {
      const sums: Record<string, number> = {};
      for (const [at, counts] of bins)
        if (at * bin >= from && (at + 1) * bin <= until)
          for (const [service, count] of counts) sums[service] = (sums[service] ?? 0) + count;
      return sums;
    },
    last: (service) => bin * Math.max(0, ...[...bins].flatMap(([at, counts]) => (counts.has(service) ? [at] : []))),
    rate: () => (seen.answered * 1000) / (Date.now() - start),
    stop: async () => {
      ends.forEach((end) => {
        end();
      });
      await Promise.all(underWay);
      agents.forEach((agent) => {
        agent.destroy();
      });
      return seen;
    },
  };
};
