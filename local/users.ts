import { Agent, request } from 'node:http';

/** What the people who use the deployed service have seen so far. */
export interface Traffic {
  answered: number;
  failed: number;
  /** answers by the digest of the image that gave them */
  byDigest: Record<string, number>;
  /** and by the service */
  byService: Record<string, number>;
  /** the first few failures, in words */
  failures: string[];
}

export interface Users {
  traffic(): Traffic;
  /** Sends no more, and waits for the answers that are under way. */
  stop(): Promise<Traffic>;
}

const keptFailures = 5;
const patience = 5_000; // ms of real time until a user gives up

/** One request; rejects when its answer is not good. `limit` in ms of real time. */
export const ask = (url: string, agent: Agent, limit = patience): Promise<string> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, timeout: limit }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`status ${response.statusCode ?? 0}: ${body.slice(0, 200)}`));
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer after ${limit} ms`)));
    outgoing.on('error', reject);
    outgoing.end();
  });

/** Sends one request every `every` ms of real time through the load balancer, whatever became of the ones before, and counts. */
export const startUsers = (url: string, every = 25): Users => {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const seen: Traffic = { answered: 0, failed: 0, byDigest: {}, byService: {}, failures: [] };
  const underWay = new Set<Promise<void>>();

  const one = async (): Promise<void> => {
    try {
      const { digest, service } = JSON.parse(await ask(url, agent)) as { digest: string; service: string };
      seen.answered += 1;
      seen.byDigest[digest] = (seen.byDigest[digest] ?? 0) + 1;
      seen.byService[service] = (seen.byService[service] ?? 0) + 1;
    } catch (error) {
      seen.failed += 1;
      if (seen.failures.length < keptFailures)
        seen.failures.push(error instanceof Error ? error.message : String(error));
    }
  };

  const timer = setInterval(() => {
    const asked = one();
    underWay.add(asked);
    void asked.finally(() => underWay.delete(asked));
  }, every);

  return {
    traffic: () => structuredClone(seen),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
      return seen;
    },
  };
};
