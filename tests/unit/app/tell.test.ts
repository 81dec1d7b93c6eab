import { admit } from '../../../lib/app/admit.ts';
import { copyImage } from '../../../lib/app/copy-image.ts';
import { register } from '../../../lib/app/register.ts';
import { shift } from '../../../lib/app/shift.ts';
import { startGreen } from '../../../lib/app/start-green.ts';
import { startRollout } from '../../../lib/app/start-rollout.ts';
import { undo } from '../../../lib/app/undo.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { memoryCopyJournal } from '../../support/memory-copy-journal.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { memoryImageStore } from '../../support/memory-image-store.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding } from '../../support/memory-journal.ts';
import {
  memoryAnnouncements,
  memoryWorkflows,
  stoppedClock,
  type MemoryAnnouncements,
} from '../../support/memory-ports.ts';
import { memoryRegistry } from '../../support/memory-registry.ts';
import {
  copyRule,
  found,
  interval,
  noWait,
  record,
  registry as ecr,
  revision,
  revisionArn,
} from '../../support/samples.ts';
import { begun, swapScene, who } from '../../support/swap-scene.ts';

/** What each verb tells while it goes on, and that no verb depends on whether that is heard. */

type Telling = Pick<MemoryAnnouncements, 'tell' | 'lost'>;

/** A world of its own; `act` does the verb's work in it, and again when called again. */
interface Scene {
  act: (announcements: Telling) => Promise<unknown>;
  journal: () => DeploymentRecord | undefined;
}

const clock = stoppedClock();
const shifted = { traffic: { step: 0, wait: noWait } };

const rolling = (change: Partial<DeploymentRecord> = {}) => {
  const fleet = memoryFleet();
  for (const number of [8, 9]) fleet.revisions.set(revisionArn(number), revision(number));
  const journal = journalHolding(record({ found, ...change }));
  return { fleet, journal, interval, clock, record: () => journal.records.get('web-1') };
};

const copied = (): Scene => {
  const registry = memoryRegistry();
  const image = registry.image({
    layers: [registry.layer(Buffer.alloc(40, 'layer '))],
    platform: { os: 'linux', architecture: 'amd64' },
  });
  const copy = { ...copyRule, from: { repository: 'acme/web/app', tag: 'v1' } };
  const journal = journalHolding(record({ found, image: `${ecr}/acme/web:v1`, copy }));
  const outside = {
    registry,
    store: memoryImageStore('acme/web'),
    copies: memoryCopyJournal(),
    remaining: () => 900_000,
  };
  const input = {
    ...who,
    digest: image.digest,
    wait: { unreachable: 0, unsigned: 0, total: 0, seconds: 1, moved: 1_000 },
  };
  return {
    act: (announcements) => copyImage({ ...outside, journal, announcements, clock })(input),
    journal: () => journal.records.get('web-1'),
  };
};

const scenes: Record<string, { told: string; scene: () => Scene | Promise<Scene> }> = {
  'Admit, at its turn': {
    told: 'Deployment started',
    scene: () => {
      const { journal, record: now } = rolling();
      const workflows = memoryWorkflows();
      const input = { ...who, wait: noWait, queued: false };
      return { act: (announcements) => admit({ journal, workflows, announcements, clock })(input), journal: now };
    },
  },
  'Copy image, when it is through': { told: 'image copied', scene: copied },
  Register: {
    told: 'revision registered',
    scene: () => {
      const { fleet, journal, record: now } = rolling();
      return { act: (announcements) => register({ fleet, journal, announcements, clock })(who), journal: now };
    },
  },
  'Start rollout': {
    told: 'rollout started',
    scene: () => {
      const ports = rolling({ revision: revisionArn(8) });
      return {
        act: (announcements) => startRollout({ ...ports, announcements })({ ...who, wait: noWait }),
        journal: ports.record,
      };
    },
  },
  'Start green': {
    told: 'rollout started',
    scene: () => {
      const here = swapScene();
      return {
        act: (announcements) => startGreen({ ...here, announcements })({ ...who, wait: noWait }),
        journal: here.record,
      };
    },
  },
  Shift: {
    told: 'traffic shifted',
    scene: async () => {
      const here = swapScene(begun);
      await here.raiseGreen();
      here.divide(100, 0);
      return {
        act: (announcements) => shift({ ...here, announcements })({ ...who, ...shifted }),
        journal: here.record,
      };
    },
  },
};

const refusal = new DeployFailure('AwsRefused', 'PutEvents: AccessDeniedException');

describe.each(Object.entries(scenes))('%s', (_name, { told, scene }) => {
  test(`tells of it: ${told}`, async () => {
    const { act } = await scene();
    const announcements = memoryAnnouncements();
    await act(announcements);
    expect(announcements.steps()).toEqual([told]);
    expect(announcements.missed).toEqual([]);
  });

  test.each([
    ['is refused', 'AwsRefused', (one: MemoryAnnouncements) => failing(one, 'tell', { failure: refusal })],
    ['is not answered', 'AwsUnavailable', (one: MemoryAnnouncements) => losingAnswers(one, 'tell')],
  ])('answers and journals the same when the event %s, which is counted as lost', async (_how, failure, spoil) => {
    const [calm, spoilt] = [await scene(), await scene()];
    const announcements = memoryAnnouncements();
    const answer = await spoilt.act(spoil(announcements));
    expect(answer).toEqual(await calm.act(memoryAnnouncements()));
    expect(spoilt.journal()).toEqual(calm.journal());
    expect(announcements.missed).toMatchObject([{ failure }]);
  });

  test('tells it again when its own answer was lost', async () => {
    const { act } = await scene();
    const announcements = memoryAnnouncements();
    await act(announcements);
    await act(announcements);
    expect(announcements.steps()).toEqual([told, told]);
  });
});

test('a copy tells, and journals once, what all its invocations moved', async () => {
  const { act, journal } = copied();
  const announcements = memoryAnnouncements();
  await act(announcements);
  const { bytes = 0 } = journal()?.copied ?? {};
  expect(bytes).toBeGreaterThan(1_040);
  await act(announcements);
  expect(journal()?.copied).toEqual({ bytes, at: clock().toISOString() });
  expect(announcements.told.map(({ detail }) => detail)).toMatchObject([{ bytes }, { bytes }]);
});

test('a shift tells the weight that is in force, and nothing when the load balancer shows an earlier step', async () => {
  const here = swapScene(begun);
  await here.raiseGreen();
  here.divide(100, 0);
  const announcements = memoryAnnouncements();
  await shift({ ...here, announcements })({ ...who, ...shifted });
  expect(announcements.told[0]?.detail).toMatchObject({ weight: 10 });
  here.divide(100, 0);
  await shift({ ...here, announcements })({ ...who, traffic: { step: 1, wait: noWait } });
  expect(announcements.steps()).toEqual(['traffic shifted']);
});

test('a start of green is timed once, also when it comes to it again', async () => {
  const here = swapScene();
  await startGreen(here)({ ...who, wait: noWait });
  const first = here.record()?.starting;
  await startGreen({ ...here, clock: stoppedClock('2026-12-01T00:00:00Z') })({ ...who, wait: noWait });
  expect(first?.at).toBe(here.clock().toISOString());
  expect(here.record()?.starting).toEqual(first);
});

describe('Undo', () => {
  const begin = {
    revision: revisionArn(8),
    starting: { revision: revisionArn(8) },
    started: { rolloutId: 'ecs-svc/2' },
  };

  test('tells when it begins, once, and not while it goes on', async () => {
    const ports = { ...rolling(begin), announcements: memoryAnnouncements() };
    await ports.fleet.update(record().service, revisionArn(8));
    const { traffic, scaling } = swapScene();
    const look = () => undo({ ...ports, traffic, scaling })({ ...who, wait: { phase: 60, total: 60, seconds: 15 } });
    expect(await look()).toMatchObject({ done: false });
    expect(await look()).toMatchObject({ done: false });
    expect(ports.announcements.steps()).toEqual(['undo begun']);
  });

  test('that has nothing to take back tells nothing', async () => {
    const ports = { ...rolling(), announcements: memoryAnnouncements() };
    const { traffic, scaling } = swapScene();
    await undo({ ...ports, traffic, scaling })({ ...who, wait: noWait });
    expect(ports.announcements.steps()).toEqual([]);
  });

  test.each([
    ['has moved users', 90, { shifting: { step: 0, before: {}, after: {} } }],
    ['has only begun green', 100, {}],
  ])('of a swap that %s tells when it begins, once', async (_of, blue, written) => {
    const here = swapScene({ ...begun, ...written });
    await here.raiseGreen();
    here.divide(blue, 100 - blue);
    for (const phase of [0, 60, 75, 90]) await undo(here)({ ...who, wait: { phase, total: phase, seconds: 15 } });
    expect(here.announcements.steps()).toEqual(['undo begun']);
  });

  test('is not held up by an event that is refused', async () => {
    const here = swapScene({ ...begun, shifting: { step: 0, before: {}, after: {} } });
    await here.raiseGreen();
    here.divide(90, 10);
    const announcements = failing(here.announcements, 'tell', { failure: refusal });
    expect(await undo({ ...here, announcements })({ ...who, wait: noWait })).toMatchObject({ done: false });
    expect(here.writes).toHaveLength(1);
    expect(here.announcements.missed).toEqual([{ type: 'Deployment step', failure: 'AwsRefused' }]);
  });
});
