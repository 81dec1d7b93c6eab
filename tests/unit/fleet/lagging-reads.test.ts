import type { Service } from '@aws-sdk/client-ecs';
import { HOST, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const update = { cluster: 'shop', service: 'web' };

const services = (it: Rehearsed, name: string): Service[] =>
  it.call('ecs', 'DescribeServices', { cluster: 'shop', services: [name] })['services'] as Service[];

/** What every read of the service tells, as text, so that two moments can be compared. */
const told = (it: Rehearsed): string => {
  const { currentServiceRevisions = [] } = it.service();
  const serviceRevisionArns = currentServiceRevisions.map(({ arn }) => arn);
  const all = [
    it.service(),
    it.deployments(),
    it.tasks('RUNNING'),
    it.tasks('STOPPED'),
    it.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns }),
    it.call('ecs', 'ListServices', { cluster: 'shop' }),
    it.call('ecs', 'DescribeClusters', { clusters: ['shop'] }),
  ];
  return JSON.stringify(all, null, 1);
};

describe('a service whose reads lag', () => {
  /** A revision whose containers change without anything else: one turns healthy, the other ends. */
  const lively = (it: Rehearsed): string => {
    it.world.putImage({ repository: 'side', tag: '1', behaviour: { does: 'exit', code: 0, after: 33 } });
    const healthCheck = { command: ['CMD', 'true'], interval: 25 };
    const app = { name: 'app', image: `${HOST}/web:1`, healthCheck };
    return it.register('', {
      containerDefinitions: [app, { name: 'side', image: `${HOST}/side:1`, essential: false }],
    });
  };

  const happenings: Record<number, (it: Rehearsed) => void> = {
    3: (it) => it.call('ecs', 'UpdateService', { ...update, taskDefinition: lively(it) }),
    100: (it) => it.deploy('2'),
    103: (it) => it.deploy('3'),
    220: (it) => it.deploy('bad', { does: 'exit', code: 1, after: 2 }),
    400: (it) => it.call('ecs', 'DeleteService', { ...update, force: true }),
  };

  test('is told as it was then, at every moment of rollouts, of a rollback, and of its deletion', () => {
    const [late, prompt] = [{ readsLag: 5 }, {}].map((more) =>
      rehearsed({ ...more, circuitBreaker: { enable: true, rollback: true } }),
    ) as [Rehearsed, Rehearsed];
    const before: string[] = Array<string>(5).fill(told(prompt));
    for (let second = 0; second < 450; second += 1) {
      for (const it of [late, prompt]) {
        // Between two looks, so that no look meets two states of one moment.
        it.clock.advance(500);
        happenings[second]?.(it);
        it.clock.advance(500);
      }
      before.push(told(prompt));
      expect(told(late)).toBe(before[second]);
    }
    expect(new Set(before).size).toBeGreaterThan(40);
    expect(before.at(-1)).toContain('INACTIVE');
  });

  test('is told of a deployment that ends while nothing else happens', () => {
    const it = rehearsed({ readsLag: 5, minimumHealthyPercent: 100, maximumPercent: 100 });
    for (const tag of ['2', '3']) {
      it.deploy(tag);
      it.clock.advance(60_000);
    }
    expect(it.deployments().map(({ status }) => status)).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
  });

  test('is written to as it is now: the answer to a write is fresh, and so is what refuses one', () => {
    const it = rehearsed({ readsLag: 5 });
    const taskDefinition = it.register(`${HOST}/web:1`);
    const answer = it.call('ecs', 'UpdateService', { ...update, taskDefinition })['service'] as Service;
    expect(answer).toMatchObject({ taskDefinition, deployments: [{ status: 'PRIMARY' }, { status: 'ACTIVE' }] });
    expect(it.service()).toMatchObject({ taskDefinition: it.seeded.taskDefinitionArn, deployments: [{}] });
    it.call('ecs', 'UpdateService', { ...update, taskDefinition });
    it.clock.advance(4999);
    expect(it.service().deployments).toHaveLength(1);
    it.clock.advance(1);
    expect(it.service().deployments).toHaveLength(2);
    it.call('ecs', 'DeleteService', { ...update, force: true });
    expect(it.refusal('ecs', 'UpdateService', update).code).toBe('ServiceNotActiveException');
    expect(it.service().status).toBe('ACTIVE');
    expect(it.view().desired).toBe(0);
  });

  test('can begin and end to lag, and lag more or less', () => {
    const it = rehearsed();
    it.world.tweak('shop', 'web', { readsLag: 60 });
    it.call('ecs', 'UpdateService', { ...update, desiredCount: 3 });
    it.clock.advance(30_000);
    expect(it.service().desiredCount).toBe(2);
    it.world.tweak('shop', 'web', { readsLag: 20 });
    expect(it.service().desiredCount).toBe(3);
    it.call('ecs', 'UpdateService', { ...update, desiredCount: 4 });
    expect(it.service().desiredCount).toBe(3);
    it.world.tweak('shop', 'web', { readsLag: 0 });
    expect(it.service().desiredCount).toBe(4);
    expect(() => {
      it.world.tweak('shop', 'web', { readsLag: 'a while' });
    }).toThrow('readsLag: seconds');
  });

  test('leaves its neighbours alone', () => {
    const it = rehearsed({ readsLag: 5 });
    const containers = [{ name: 'app', image: `${HOST}/web:1` }];
    it.world.putService({ cluster: 'shop', service: 'other', family: 'other', desiredCount: 1, containers });
    for (const service of ['web', 'other']) it.call('ecs', 'UpdateService', { ...update, service, desiredCount: 5 });
    expect(services(it, 'web')).toMatchObject([{ desiredCount: 2 }]);
    expect(services(it, 'other')).toMatchObject([{ desiredCount: 5 }]);
  });
});

describe('a world whose reads lag', () => {
  test('lags for each service, unless its seed says otherwise', () => {
    const lagging = rehearsed({}, 1, { readsLag: 5 });
    const prompt = rehearsed({ readsLag: 0 }, 1, { readsLag: 5 });
    for (const it of [lagging, prompt]) it.call('ecs', 'UpdateService', { ...update, desiredCount: 3 });
    expect([lagging.service().desiredCount, prompt.service().desiredCount]).toEqual([2, 3]);
  });

  test('knows a new service only after that time', () => {
    const it = rehearsed({}, 1, { readsLag: 5 });
    it.call('ecs', 'CreateService', { cluster: 'shop', serviceName: 'new', taskDefinition: 'web', desiredCount: 1 });
    expect(services(it, 'new')).toEqual([]);
    expect(it.refusal('ecs', 'ListTasks', { cluster: 'shop', serviceName: 'new' }).code).toBe(
      'ServiceNotFoundException',
    );
    it.clock.advance(4000);
    expect(services(it, 'new')).toEqual([]);
    it.clock.advance(1000);
    expect(services(it, 'new')).toMatchObject([{ status: 'ACTIVE', runningCount: 0 }]);
  });

  test('tells a service of the same name as the deleted one until then', () => {
    const it = rehearsed({ status: 'INACTIVE' }, 1, { readsLag: 5 });
    it.call('ecs', 'CreateService', { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 });
    expect(it.service().status).toBe('INACTIVE');
    it.clock.advance(5000);
    expect(it.service().status).toBe('ACTIVE');
  });

  test('can be made one later, for services to come', () => {
    const it = rehearsed();
    it.world.setDefaults({ readsLag: 5 });
    it.call('ecs', 'UpdateService', { ...update, desiredCount: 3 });
    expect(it.service().desiredCount).toBe(3);
    it.call('ecs', 'CreateService', { cluster: 'shop', serviceName: 'new', taskDefinition: 'web', desiredCount: 1 });
    expect(services(it, 'new')).toEqual([]);
  });
});
