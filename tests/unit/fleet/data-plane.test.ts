import { request } from 'node:http';
import { scaledClock } from '../../../local/clock.ts';
import type { Answer } from '../../../local/fleet/data-plane/data-plane.ts';
import { startLoadBalancer } from '../../../local/fleet/data-plane/load-balancer.ts';
import type { ImageBehaviour, ServiceSeed } from '../../../local/fleet/seeds.ts';
import { createWorld } from '../../../local/fleet/world/world.ts';
import { ACCOUNT, BREAKER, HEALTHY, HOST, REGION, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

/** Sends requests to /web at this world time and collects what comes back. */
const users = (it: Rehearsed): { send: (count?: number) => void; answers: Answer[]; failed: () => number } => {
  const answers: Answer[] = [];
  return {
    answers,
    send: (count = 3) => {
      for (let sent = 0; sent < count; sent += 1) it.world.dataPlane.request('/web', (answer) => answers.push(answer));
    },
    failed: () => answers.filter(({ status }) => status !== 200).length,
  };
};

const SLOW: ImageBehaviour = { does: 'drain slowly', healthyAfter: 1, drain: 20 };

const digestOf = (it: Rehearsed): string => it.tasks()[0]?.containers?.[0]?.imageDigest ?? '';

const revisionsIn = (answers: Answer[]): Set<string> =>
  new Set(answers.map(({ body }) => ('revision' in body ? body.revision : '')));

describe('users during a rolling update', () => {
  const shapes: Partial<ServiceSeed>[] = [
    { desiredCount: 1 },
    { desiredCount: 2 },
    { desiredCount: 4, minimumHealthyPercent: 50, maximumPercent: 100 },
  ];
  test.each(shapes)('notice nothing: %j', (shape) => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const it = rehearsed(shape, seed);
      const { send, answers, failed } = users(it);
      it.deploy('2');
      it.until('completed', it.stable, send);
      expect({ seed, failed: failed() }).toEqual({ seed, failed: 0 });
      expect(revisionsIn(answers)).toEqual(new Set(['web:1', 'web:2']));
      answers.length = 0;
      for (let second = 0; second < 12; second += 1) it.clock.advance(1000);
      send(20);
      it.clock.advance(1000);
      expect(revisionsIn(answers)).toEqual(new Set(['web:2']));
    }
  });

  test('notice nothing of a rollout that is rolled back', () => {
    for (const does of ['never become healthy', 'fail to pull'] as const) {
      const it = rehearsed({ circuitBreaker: BREAKER });
      const { send, answers, failed } = users(it);
      it.deploy('bad', { does });
      it.until('rolled back', () => it.deployments()[0]?.status === 'ROLLBACK_SUCCESSFUL', send);
      expect(failed()).toBe(0);
      expect(revisionsIn(answers)).toEqual(new Set(['web:1']));
    }
  });
});

describe('a request', () => {
  test('is answered by a task that names itself', () => {
    const it = rehearsed({ desiredCount: 1 });
    const { send, answers } = users(it);
    send(1);
    expect(answers).toEqual([]);
    it.clock.advance(1000);
    const [task] = it.tasks();
    expect(answers).toEqual([
      {
        status: 200,
        body: {
          service: 'web',
          revision: 'web:1',
          image: `${HOST}/web:1`,
          digest: task?.containers?.[0]?.imageDigest,
          task: task?.taskArn,
        },
      },
    ]);
  });

  test('takes as long as it asks to, in real time, and fails when its task ends meanwhile', async () => {
    const it = rehearsed({ desiredCount: 1 });
    const answers: Answer[] = [];
    const ask = (): Promise<Answer> =>
      new Promise((resolve) => {
        it.world.dataPlane.request('/web', resolve, { takes: 20 });
      });
    const [well, badly] = [ask(), ask()];
    void well.then((answer) => answers.push(answer));
    it.clock.advance(10_000);
    expect(answers).toEqual([]);
    expect((await well).status).toBe(200);
    await badly;
    const cut = ask();
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 0 });
    it.until('ended', () => it.view().tasks.every(({ status }) => status === 'STOPPED'));
    expect((await cut).status).toBe(502);
  });

  test('that is under way finishes while its target drains', async () => {
    const it = rehearsed({ desiredCount: 1 });
    const answer = new Promise<Answer>((resolve) => {
      it.world.dataPlane.request('/web', resolve, { takes: 20 });
    });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 0 });
    it.until('draining', () => it.view().tasks.every(({ status }) => status === 'DEACTIVATING'));
    expect((await answer).status).toBe(200);
  });

  test('is counted for the service that answered it, well or badly, or for the load balancer itself', () => {
    const it = rehearsed({ desiredCount: 1, minimumHealthyPercent: 0 });
    const { send } = users(it);
    send(3);
    it.world.dataPlane.request('/nothing', () => undefined);
    it.clock.advance(1000);
    expect(it.world.traffic()).toEqual({ web: { requests: 3, failures: 0 }, '': { requests: 1, failures: 1 } });
    it.deploy('crashes', { does: 'become healthy, then crash', after: 3, crashAfter: 90, code: 9 });
    it.until('completed', it.stable);
    it.clock.advance(10_000);
    it.until('crashed', () => it.service().runningCount === 0);
    send(30);
    const { web, '': own } = it.world.traffic();
    expect(web?.failures).toBeGreaterThan(0);
    expect(web?.requests).toBe(3 + (web?.failures ?? 0));
    expect((web?.failures ?? 0) + (own?.failures ?? 0)).toBe(31);
  });

  test('fails when its task crashes, and until the load balancer noticed', () => {
    const it = rehearsed({ desiredCount: 1, minimumHealthyPercent: 0 });
    it.deploy('crashes', { does: 'become healthy, then crash', after: 3, crashAfter: 90, code: 9 });
    it.until('completed', it.stable);
    it.clock.advance(11_000);
    const { send, answers } = users(it);
    it.until('crashed', () => it.service().runningCount === 0, send);
    send(30);
    it.clock.advance(1000);
    expect(answers[0]?.status).toBe(200);
    expect(answers.map(({ status }) => status)).toContain(502);
    it.clock.advance(10_000);
    expect(it.world.dataPlane.route('/web')).toMatchObject({ status: 503 });
  });

  test('that is under way when its task crashes fails', () => {
    const it = rehearsed({ desiredCount: 1, minimumHealthyPercent: 0 });
    it.deploy('crashes', { does: 'become healthy, then crash', after: 3, crashAfter: 90, code: 9 });
    it.until('completed', it.stable);
    const statuses: { sentAt: number; status: number }[] = [];
    while (it.service().runningCount === 1) {
      const sentAt = it.clock.now();
      it.world.dataPlane.request('/web', ({ status }) => statuses.push({ sentAt, status }));
      it.clock.advance(20);
    }
    it.clock.advance(1000);
    const crashedAt = it.tasks('STOPPED').at(-1)?.executionStoppedAt?.getTime() ?? 0;
    const failed = statuses.filter(({ status }) => status === 502);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ sentAt }) => sentAt < crashedAt)).toBe(true);
  });

  test('fails at a task that is told to stop before every node knows: as when the old side is shrunk at once', () => {
    const it = rehearsed();
    const green = it.world.putService({
      cluster: 'shop',
      service: 'green',
      family: 'green',
      desiredCount: 1,
      containers: [{ name: 'app', image: `${HOST}/web:1` }],
    });
    const Actions = [{ Type: 'forward', TargetGroupArn: green.targetGroupArn }];
    it.world.putImage({ repository: 'web', tag: '1', digest: digestOf(it), behaviour: SLOW });
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 0 });
    const { send, answers } = users(it);
    it.until('stopped', () => it.service().runningCount === 0, send);
    const ended = it.clock.now() + 10_000;
    it.until('every node knows', () => it.clock.now() > ended, send);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 502]));
    expect(answers.at(-1)?.body).toMatchObject({ service: 'green' });
  });

  test('goes to unhealthy targets when there is no other, and is 503 when there is none at all', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.world.tweak('shop', 'web', { healthCheckGracePeriodSeconds: 10_000 });
    it.world.tweak('shop', 'web', { deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } });
    it.deploy('bad', { does: 'never become healthy' });
    it.clock.advance(300_000);
    expect(it.world.dataPlane.route('/web')).toMatchObject({ kind: 'target' });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 0 });
    it.clock.advance(300_000);
    expect(it.world.dataPlane.route('/web')).toMatchObject({ kind: 'answer', status: 503 });
  });

  test('goes by path: whole segments, first rule first, else the default', () => {
    const it = rehearsed();
    it.world.putService({
      cluster: 'shop',
      service: 'api',
      family: 'api',
      desiredCount: 1,
      containers: [{ name: 'app', image: `${HOST}/web:1` }],
    });
    const target = (path: string): unknown => {
      const route = it.world.dataPlane.route(path);
      return route.kind === 'target' ? route.groupArn.split('/')[1] : route.status;
    };
    expect(['/web', '/web/a/b', '/api', '/webs', '/WEB', '/'].map(target)).toEqual([
      'web',
      'web',
      'api',
      404,
      404,
      404,
    ]);
  });

  test('goes to target groups by weight, each node following a change within 10 s', () => {
    const it = rehearsed();
    const other = it.world.putService({
      cluster: 'shop',
      service: 'green',
      family: 'green',
      desiredCount: 1,
      containers: [{ name: 'app', image: `${HOST}/web:1` }],
    });
    const share = (count: number): number => {
      const routes = Array.from({ length: count }, () => it.world.dataPlane.route('/web'));
      return (
        routes.filter((route) => route.kind === 'target' && route.groupArn === other.targetGroupArn).length / count
      );
    };
    const weigh = (blue: number, green: number): void => {
      const TargetGroups = [
        { TargetGroupArn: it.seeded.targetGroupArn, Weight: blue },
        { TargetGroupArn: other.targetGroupArn, Weight: green },
      ];
      const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
      it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
    };
    weigh(3, 1);
    expect(share(100)).toBe(0);
    it.clock.advance(10_000);
    expect(share(2000)).toBeCloseTo(0.25, 1);
    weigh(0, 1);
    const shares = new Set<number>();
    for (let second = 0; second < 10; second += 1) {
      shares.add(Math.round(share(600) * 10) / 10);
      it.clock.advance(1000);
    }
    expect(shares.size).toBeGreaterThan(2);
    expect(share(200)).toBe(1);
    weigh(0, 0);
    it.clock.advance(10_000);
    expect(it.world.dataPlane.route('/web')).toMatchObject({ status: 503 });
  });
});

test('the load balancer speaks HTTP', async () => {
  const world = createWorld({ clock: scaledClock(20), region: REGION, account: ACCOUNT, seed: 1 });
  const balancer = await startLoadBalancer(world);
  try {
    world.putImage({ repository: 'web', tag: '1', behaviour: HEALTHY });
    const containers = [{ name: 'app', image: `${HOST}/web:1` }];
    const seeded = world.putService({ cluster: 'shop', service: 'web', family: 'web', desiredCount: 1, containers });
    expect(seeded.url).toBe(`${balancer.url}/web`);
    expect(await get(`${seeded.url}/page?q=1`)).toMatchObject({
      status: 200,
      body: { service: 'web', revision: 'web:1' },
    });
    expect(await get(`${balancer.url}/nothing`)).toMatchObject({ status: 404 });
  } finally {
    await balancer.close();
  }
});

test('the load balancer hands cookies on, and keeps users waiting for as long as they ask', async () => {
  const world = createWorld({ clock: scaledClock(20), region: REGION, account: ACCOUNT, seed: 1 });
  const balancer = await startLoadBalancer(world);
  try {
    world.putImage({ repository: 'web', tag: '1', behaviour: HEALTHY });
    const seed = {
      cluster: 'shop',
      family: 'web',
      desiredCount: 1,
      containers: [{ name: 'app', image: `${HOST}/web:1` }],
    };
    const blue = world.putService({ ...seed, service: 'web' });
    const green = world.putService({ ...seed, service: 'green', colourOf: 'web' });
    const modify = (weights: [number, number]): unknown =>
      world.operations.elbv2['ModifyRule']?.({
        RuleArn: blue.ruleArn,
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: green.colourGroupArns.map((TargetGroupArn, index) => ({
                TargetGroupArn,
                Weight: weights[index],
              })),
              TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 },
            },
          },
        ],
      });
    modify([1, 0]);
    const cookie = await first('a cookie', async () => (await get(blue.url)).cookie);
    modify([0, 1]);
    await first('green', async () => {
      const { body } = await get(blue.url);
      return (body as { service: string }).service === 'green' ? true : undefined;
    });
    const before = performance.now();
    const answer = await get(`${blue.url}?milliseconds=50`, { cookie: cookie.split(';')[0] });
    expect(answer).toMatchObject({ status: 200, body: { service: 'web' }, cookie: undefined });
    expect(performance.now() - before).toBeGreaterThanOrEqual(49);
  } finally {
    await balancer.close();
  }
});

/** Asks until there is something: the load balancer's nodes follow within half a second of real time. */
const first = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
  for (let count = 0; count < 2000; count += 1) {
    const found = await ask();
    if (found !== undefined) return found;
  }
  throw new Error(`no answer of 2000 had ${what}`);
};

test('each further listener has a port of its own, as many as there are doors', async () => {
  const world = createWorld({ clock: scaledClock(20), region: REGION, account: ACCOUNT, seed: 1 });
  const balancer = await startLoadBalancer(world);
  try {
    world.putImage({ repository: 'web', tag: '1', behaviour: HEALTHY });
    const containers = [{ name: 'app', image: `${HOST}/web:1` }];
    const seed = { cluster: 'shop', family: 'web', desiredCount: 1, containers };
    const own = world.putService({ ...seed, service: 'own', ownListener: true });
    const tested = world.putService({ ...seed, service: 'web', testListener: true });
    const urls = [own.url, tested.url, tested.test?.url ?? ''];
    expect(new Set(urls.map((url) => new URL(url).port)).size).toBe(3);
    expect(urls.map((url) => new URL(url).hostname)).toEqual(Array(3).fill('127.0.0.1'));
    const answers = await Promise.all(urls.map((url) => get(url)));
    expect(answers).toMatchObject(['own', 'web', 'web'].map((service) => ({ status: 200, body: { service } })));
    expect(await get(`${new URL(own.url).origin}/web`)).toMatchObject({ status: 200, body: { service: 'own' } });
    const more = Array.from({ length: 48 }, (_, index) => () => {
      world.putService({ ...seed, service: `more-${index}`, ownListener: true });
    });
    expect(() => {
      for (const put of more) put();
    }).toThrow('at most');
  } finally {
    await balancer.close();
  }
});

test('the load balancer keeps idle connections for a minute: a user who sends again after a while is not cut off', async () => {
  const world = createWorld({ clock: scaledClock(20), region: REGION, account: ACCOUNT, seed: 1 });
  const balancer = await startLoadBalancer(world);
  try {
    expect((await get(balancer.url)).keepAlive).toBe('timeout=60');
  } finally {
    await balancer.close();
  }
});

interface Got {
  status: number | undefined;
  body: unknown;
  keepAlive: unknown;
  cookie: string | undefined;
}

const get = (url: string, headers = {}): Promise<Got> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        const { statusCode: status, headers: got } = response;
        const body: unknown = JSON.parse(text);
        resolve({ status, body, keepAlive: got['keep-alive'], cookie: got['set-cookie']?.[0] });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
