import { look } from '../../../lib/app/look.ts';
import type { LookInput } from '../../../lib/app/look-service.ts';
import type { BlueGreen } from '../../../lib/domain/blue-green.ts';
import { serviceLabel, type DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { deploymentTag } from '../../../lib/domain/revision.ts';
import type { ServiceState } from '../../../lib/domain/rollout.ts';
import type { ServiceScaling } from '../../../lib/domain/scaling.ts';
import { losingAnswers } from '../../support/memory-faults.ts';
import { awake } from '../../support/memory-scaling.ts';
import {
  blueGreen,
  blueGroup,
  digest,
  forward,
  greenGroup,
  greenName,
  greenService,
  listenerArn,
  noWait,
  olderDigest,
  operatorCause,
  productionRule,
  record,
  revision,
  revisionArn,
  rollout,
  ruleArn,
  serviceName,
  swapFound,
  swapRecord,
  targetGroup,
  targetGroupArn,
  testRule,
  without,
} from '../../support/samples.ts';
import { swapGround, type SwapGround } from '../../support/swap-ground.ts';

const input: LookInput = { execution: 'web-1', deployment: 'web-1', digest, wait: noWait };
const blue = serviceLabel(serviceName);
const green = serviceLabel(greenName);

const world = (swap: Partial<BlueGreen> = {}, change: Partial<DeploymentRecord> = {}) => {
  const ports = swapGround(swapRecord({ blueGreen: blueGreen(swap), ...change }));
  return {
    ...ports,
    found: () => ports.journal.records.get('web-1')?.found,
    see: (more: Partial<LookInput> = {}) => look(ports)({ ...input, ...more }),
  };
};
type World = ReturnType<typeof world>;

/** when the ground's clock stands */
const lookedAt = '2026-01-05T09:40:00.000Z';

const scaled = (change: Partial<ServiceScaling> = {}): ServiceScaling => ({
  target: { min: 2, max: 10, suspended: awake },
  policies: [],
  scheduledActions: [],
  ...change,
});

const loadBalancers = [{ targetGroupArn: blueGroup, containerName: 'app', containerPort: 8080 }];

/** Green is yet to be made; blue can be copied. */
const firstTime = ({ fleet, copies }: SwapGround, fields: Record<string, unknown> = {}) => {
  fleet.services.delete(green);
  copies.described.set(blue, { service: { loadBalancers, ...fields }, primary: {} });
};

describe('two colours at rest', () => {
  test('are ready, and how they stand is journalled', async () => {
    const { see, found, writes } = world();
    expect(await see({ wait: { phase: 45, total: 45, seconds: 15 } })).toEqual({
      state: 'ready',
      strategy: 'blue-green',
      wait: { phase: 0, total: 45, seconds: 15 },
    });
    expect(found()).toEqual({ ...swapFound(), at: lookedAt });
    expect(writes).toEqual([]);
  });

  test('of which green is live: the way back and what is cloned are green’s', async () => {
    const here = world();
    here.traffic.put(productionRule, [forward({ [blueGroup]: 0, [greenGroup]: 100 })]);
    here.fleet.change(() => ({ desired: 3 }), greenName);
    here.fleet.change(() => ({ desired: 0 }), serviceName);
    await here.see();
    expect(here.found()).toMatchObject({
      before: revisionArn(6),
      source: revisionArn(6),
      idsBefore: ['ecs-svc/1'],
      swap: {
        live: { service: 'web-green', targetGroup: greenGroup },
        idle: { service: 'web', targetGroup: blueGroup },
        idleRevision: revisionArn(7),
        weights: { [blueGroup]: 0, [greenGroup]: 100 },
        desired: 3,
        liveRollout: 'ecs-svc/0',
      },
    });
  });

  test('by a listener’s default action', async () => {
    const arn = listenerArn('web');
    const here = world({ production: { kind: 'listener', arn } });
    here.traffic.points.delete(productionRule);
    here.traffic.put(arn, [forward({ [blueGroup]: 1, [greenGroup]: 0 })], 'listener');
    expect(await here.see()).toMatchObject({ state: 'ready' });
    expect(here.found()?.swap?.weights).toEqual({ [blueGroup]: 1, [greenGroup]: 0 });
  });

  test('of which one is yet to be made', async () => {
    const here = world();
    firstTime(here);
    await here.see();
    const { swap, ...others } = swapFound({ idleExists: false });
    const idle = { ...without(others, 'serviceDeploymentBefore'), idsBefore: [] };
    expect(here.found()).toEqual({ ...idle, swap: without(swap, 'idleRevision'), at: lookedAt });
  });

  test('with their scalable targets as they were', async () => {
    const here = world();
    const asleep = { min: 0, max: 10, suspended: { scaleIn: true, scaleOut: true, scheduled: true } };
    here.scaling.services.set(blue, scaled());
    here.scaling.services.set(green, scaled({ target: asleep }));
    await here.see();
    expect(here.found()?.swap?.scaling).toEqual({ live: scaled().target, idle: asleep });
  });

  test('with what live had before a swap that did not put its scaling back', async () => {
    const here = world();
    const own = { min: 2, max: 10, suspended: awake };
    const during = { ...own, suspended: { scaleIn: true, scaleOut: false, scheduled: true } };
    here.scaling.services.set(blue, scaled({ target: during }));
    here.scaling.services.set(green, scaled({ target: during }));
    const lock = here.journal.locks.get('prod/web');
    if (lock !== undefined) here.journal.locks.set('prod/web', { ...lock, heldScaling: own });
    await here.see();
    const rests = { min: 0, max: 10, suspended: { scaleIn: true, scaleOut: true, scheduled: true } };
    expect(here.found()?.swap?.scaling).toEqual({ live: own, idle: rests });
  });

  test('with a test rule and alarms that are ready', async () => {
    const here = world({
      alarms: ['errors'],
      test: { url: 'https://green.example.com/', status: 200, rule: testRule },
    });
    here.traffic.put(testRule, [forward({ [blueGroup]: 0, [greenGroup]: 100 })]);
    here.alarms.set('errors', { state: 'INSUFFICIENT_DATA', judges: 300 });
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });

  test('looked at again after a lost answer, are ready again', async () => {
    const here = world();
    const see = look({ ...here, journal: losingAnswers(here.journal, 'note') });
    await expect(see(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(await see(input)).toMatchObject({ state: 'ready' });
    expect(here.found()).toEqual({ ...swapFound(), at: lookedAt });
  });

  test('idle’s settings do not matter that its 0 tasks could not be rolled with', async () => {
    const here = world();
    here.fleet.change(() => ({ desired: 0, minimumHealthy: 50, maximum: 100 }), greenName);
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });
});

const alarmed = (state: 'ALARM' | 'OK', judges = 60): World => {
  const here = world({ alarms: ['errors'] });
  here.alarms.set('errors', { state, judges });
  return here;
};

const changed = (name: typeof serviceName, change: Partial<ServiceState>): World => {
  const here = world();
  here.fleet.change(() => change, name);
  return here;
};

const routed = (arn: string, ...actions: Parameters<SwapGround['traffic']['put']>[1]): World => {
  const here = world();
  here.traffic.put(arn, actions);
  return here;
};

const withIdleMissing = (fields: Record<string, unknown> = {}): World => {
  const here = world();
  firstTime(here, fields);
  return here;
};

const withScaling = (live: ServiceScaling, idle?: ServiceScaling): World => {
  const here = world();
  here.scaling.services.set(blue, live);
  if (idle !== undefined) here.scaling.services.set(green, idle);
  return here;
};

const red = targetGroupArn('red');
const toBlue = forward({ [blueGroup]: 100, [greenGroup]: 0 });

/** Each shape that the domain's tests know, by its first sight: that Look sees it at all. */
const refusals: [name: string, what: string, () => World][] = [
  ['AmbiguousTraffic', 'no such rule', () => world({ production: { kind: 'rule', arn: ruleArn('gone') } })],
  ['AmbiguousTraffic', 'no live group', () => routed(productionRule, forward({ [blueGroup]: 0, [greenGroup]: 0 }))],
  ['AmbiguousTraffic', 'two live groups', () => routed(productionRule, forward({ [blueGroup]: 9, [greenGroup]: 1 }))],
  ['AmbiguousTraffic', 'a foreign group', () => routed(productionRule, forward({ [blueGroup]: 9, [red]: 0 }))],
  ['AmbiguousTraffic', 'a redirect beside', () => routed(productionRule, toBlue, { Type: 'redirect' })],
  ['AmbiguousTraffic', 'another rule to the same', () => routed(ruleArn('other'), forward({ [greenGroup]: 1 }))],
  ['AmbiguousTraffic', 'a test rule of nobody’s', () => routed(testRule, toBlue)],
  [
    'AmbiguousTraffic',
    'no such test rule',
    () => world({ test: { url: 'https://green.example.com/', status: 200, rule: testRule } }),
  ],
  ['AmbiguousTraffic', 'idle bound to live’s group', () => changed(greenName, { targetGroups: [blueGroup] })],
  ['AmbiguousTraffic', 'live bound to a foreign group', () => changed(serviceName, { targetGroups: [red] })],
  [
    'AmbiguousTraffic',
    'idle bound to both groups',
    () => changed(greenName, { targetGroups: [greenGroup, blueGroup] }),
  ],
  ['AmbiguousTraffic', 'live bound to none', () => changed(serviceName, { targetGroups: [] })],
  ['AmbiguousTraffic', 'live missing', () => changed(serviceName, { status: 'INACTIVE' })],
  [
    'ColoursMismatch',
    'another port',
    () => {
      const here = world();
      here.traffic.existing.set(greenGroup, targetGroup(greenGroup, { port: 9090 }));
      return here;
    },
  ],
  [
    'ColoursMismatch',
    'no such group',
    () => {
      const here = world();
      here.traffic.existing.delete(greenGroup);
      return here;
    },
  ],
  [
    'ServiceMissing',
    'neither there',
    () => {
      const here = world();
      here.fleet.services.clear();
      return here;
    },
  ],
  ['ServiceMissing', 'live on its way out', () => changed(serviceName, { status: 'DRAINING' })],
  ['NothingToRun', 'live at 0', () => changed(serviceName, { desired: 0 })],
  ['CannotRoll', 'live stuck', () => changed(serviceName, { maximum: 100 })],
  ['CannotRoll', 'idle stuck with live’s tasks', () => changed(greenName, { maximum: 100 })],
  ['UnsupportedService', 'idle of another controller', () => changed(greenName, { controller: 'CODE_DEPLOY' })],
  ['UnsupportedService', 'live with a strategy of its own', () => changed(serviceName, { strategy: 'CANARY' })],
  ['ContainerMissing', 'no such container', () => world({}, { containers: ['sidecar'] })],
  [
    'NoWayBack',
    'live never completed',
    () => {
      const here = world();
      here.fleet.front({ state: 'FAILED' });
      return here;
    },
  ],
  ['CannotCopy', 'in a registry', () => withIdleMissing({ serviceRegistries: [{ registryArn: 'arn:registry' }] })],
  [
    'ScalingMissing',
    'idle to be made',
    () => {
      const here = withIdleMissing();
      here.scaling.services.set(blue, scaled());
      return here;
    },
  ],
  ['ScalingMissing', 'idle without', () => withScaling(scaled())],
  ['ScalingMissing', 'idle without the schedule', () => withScaling(scaled({ scheduledActions: ['night'] }), scaled())],
  [
    'ScalingMissing',
    'idle counts live’s requests',
    () => {
      const counting = scaled({ policies: [{ name: 'requests', targetGroup: blueGroup.replace(/.*:/, '') }] });
      return withScaling(counting, counting);
    },
  ],
  ['AlarmNotReady', 'no such alarm', () => world({ alarms: ['errors'] })],
  ['AlarmNotReady', 'in ALARM', () => alarmed('ALARM')],
  ['AlarmNotReady', 'slower than a step', () => alarmed('OK', 301)],
];

describe('refused before the first write', () => {
  test.each(refusals)('%s: %s', async (name, _what, there) => {
    const here = there();
    await expect(here.see()).rejects.toMatchObject({ name });
    expect(here.writes).toEqual([]);
    expect(here.found()).toBeUndefined();
  });

  test('with a sentence that says what and where', async () => {
    const here = withIdleMissing({ taskSets: [{}], schedulingStrategy: 'DAEMON' });
    await expect(here.see()).rejects.toMatchObject({
      because:
        'service web-green is to be made like web, which cannot be copied faithfully: taskSets, schedulingStrategy',
    });
    await expect(changed(greenName, { controller: 'EXTERNAL' }).see()).rejects.toMatchObject({
      because: 'service web-green: its deployment controller is EXTERNAL',
    });
    await expect(changed(serviceName, { desired: 0 }).see()).rejects.toMatchObject({
      because: 'service web: its desired count is 0',
    });
  });

  test('when live went away since it was seen', async () => {
    const here = world();
    here.fleet.services.delete(green);
    await expect(here.see()).rejects.toMatchObject({ name: 'ServiceMissing', because: 'service web is gone' });
  });

  test('LockLost, when another execution holds the lock', async () => {
    const here = world();
    await expect(here.see({ execution: 'web-9' })).rejects.toMatchObject({ name: 'LockLost' });
  });
});

describe('what is refused first', () => {
  test('unclear traffic, before anything about services', async () => {
    const here = routed(productionRule, forward({ [blueGroup]: 9, [greenGroup]: 1 }));
    here.fleet.services.clear();
    await expect(here.see()).rejects.toMatchObject({ name: 'AmbiguousTraffic' });
  });

  test('services that cannot be deployed, before their scaling and the alarms', async () => {
    const here = world({ alarms: ['errors'] });
    here.scaling.services.set(blue, scaled());
    here.fleet.change(() => ({ strategy: 'CANARY' }), greenName);
    await expect(here.see()).rejects.toMatchObject({ name: 'UnsupportedService' });
  });

  test('an image that is there already ends it, whatever else is not ready', async () => {
    const here = alarmed('ALARM');
    here.scaling.services.set(blue, scaled());
    expect(await here.see({ digest: olderDigest })).toMatchObject({ state: 'ended', outcome: 'already deployed' });
    expect(here.found()).toBeUndefined();
  });

  test('an image that only idle has is not there', async () => {
    const here = world();
    const definition = { containerDefinitions: [{ name: 'app', image: `web@${digest}` }] };
    here.fleet.revisions.set(revisionArn(6), revision(6, { definition }));
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });
});

const underWay = () => rollout({ id: 'ecs-svc/5', state: 'IN_PROGRESS', revision: revisionArn(8) });

/** Revision 8 is being rolled out on this colour, by the execution of that name if one is given. */
const busyWith = (here: World, name: typeof serviceName, execution?: string) => {
  const tags = execution === undefined ? [] : [{ key: deploymentTag, value: execution }];
  here.fleet.revisions.set(revisionArn(8), revision(8, { tags }));
  here.fleet.change(
    ({ rollouts }) => ({ rollouts: [underWay(), { ...rollouts[0], status: 'ACTIVE' } as never] }),
    name,
  );
};

const late = { phase: 1800, total: 1800, seconds: 60 };

describe.each([serviceName, greenName])('a rollout under way on $service', (name) => {
  test('that is somebody else’s is waited for, as long as the target’s own timeout, then ServiceBusy', async () => {
    const here = world({ alarms: ['missing'] });
    busyWith(here, name);
    expect(await here.see()).toEqual({
      state: 'busy',
      wait: { phase: 15, total: 15, seconds: 15 },
      because: 'rollout ecs-svc/5, which is not ours, is under way',
    });
    await expect(here.see({ wait: late })).rejects.toMatchObject({ name: 'ServiceBusy' });
    expect(here.found()).toBeUndefined();
  });

  test('is replaced by an operator, whosever it is', async () => {
    const here = world({}, { cause: operatorCause });
    busyWith(here, name);
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });

  test('of ours is waited for while its execution runs, and replaced once that is over', async () => {
    const here = world();
    busyWith(here, name, 'web-0');
    await here.workflows.start('web-0', {});
    expect(await here.see()).toMatchObject({ state: 'busy' });
    here.workflows.end('web-0', 'GreenUnhealthy');
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });
});

describe('an idle service that is being deleted', () => {
  test.each([{}, { cause: operatorCause }])(
    'is waited for (%j), then ServiceBusy: its name is taken till then',
    async (by) => {
      const here = world({}, by);
      here.fleet.change(() => ({ status: 'DRAINING' }), greenName);
      expect(await here.see()).toMatchObject({ state: 'busy', because: 'service web-green is DRAINING' });
      await expect(here.see({ wait: late })).rejects.toMatchObject({ name: 'ServiceBusy' });
      firstTime(here);
      expect(await here.see({ wait: late })).toMatchObject({ state: 'ready' });
    },
  );

  test('and is still shown once it is gone, is yet to be made', async () => {
    const here = withIdleMissing();
    here.fleet.services.set(green, greenService({ status: 'INACTIVE' }));
    await here.see();
    expect(here.found()).toMatchObject({ idsBefore: [], swap: { idleExists: false } });
  });
});

/** Ports that fail whatever they are asked. */
const closed = <K extends keyof SwapGround>(...names: K[]): Pick<SwapGround, K> => {
  const refuse = () => Promise.reject(new DeployFailure('Unexpected', 'asked though there was nothing to ask'));
  return Object.fromEntries(names.map((name) => [name, new Proxy({}, { get: () => refuse })])) as Pick<SwapGround, K>;
};

describe('what need not be known is not asked', () => {
  test('of load balancers, scaling, alarms and copies by a target that rolls', async () => {
    const ports = swapGround(record());
    const { journal } = ports;
    const see = look({ ...ports, ...closed('traffic', 'scaling', 'alarms', 'copies') });
    expect(await see(input)).toMatchObject({ state: 'ready', strategy: 'rolling' });
    expect(journal.records.get('web-1')?.found).not.toHaveProperty('swap');
  });

  test('of alarms and copies by a target without alarms whose idle service is there', async () => {
    const here = world();
    const see = look({ ...here, ...closed('alarms', 'copies') });
    expect(await see(input)).toMatchObject({ state: 'ready' });
  });
});
