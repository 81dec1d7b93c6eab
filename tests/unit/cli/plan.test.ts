import { planLines } from '../../../cli/plan-lines.ts';
import type { PlanPorts } from '../../../cli/plan-ports.ts';
import { plan, type Plan } from '../../../cli/plan.ts';
import { valueAt } from '../../../cli/plan-values.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { Target } from '../../../lib/domain/target.ts';
import { memoryAlarms } from '../../support/memory-alarms.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { memoryImageStore } from '../../support/memory-image-store.ts';
import { memoryJournal } from '../../support/memory-journal.ts';
import {
  memoryGitlab,
  memoryImages,
  memoryTargets,
  memoryWorkflows,
  stoppedClock,
} from '../../support/memory-ports.ts';
import { memoryRegistry, type ImageParts } from '../../support/memory-registry.ts';
import { memoryScaling } from '../../support/memory-scaling.ts';
import { memoryServiceCopies } from '../../support/memory-service-copies.ts';
import { memoryTraffic } from '../../support/memory-traffic.ts';
import {
  bounds,
  blueService,
  copyRule,
  digest,
  gitlabRegistry,
  greenName,
  greenService,
  imageTarget,
  olderDigest,
  revision,
  revisionArn,
  serviceName,
  sha,
  swapTarget,
  target as pipelineTarget,
} from '../../support/samples.ts';
import { serviceLabel } from '../../../lib/domain/deployment.ts';

const world = (target: Target = pipelineTarget()) => {
  const fleet = memoryFleet();
  const parts = {
    fleet,
    gitlab: memoryGitlab(),
    registry: memoryRegistry(),
    store: memoryImageStore(),
    copies: memoryServiceCopies(fleet),
    traffic: memoryTraffic(fleet.writes),
    scaling: memoryScaling(fleet.writes),
    alarms: memoryAlarms(),
    journal: memoryJournal(),
    workflows: memoryWorkflows(),
  };
  const images = memoryImages({ [`acme/web:${sha}`]: digest });
  const ports: PlanPorts = { ...parts, images, targets: memoryTargets(target), bounds, clock: stoppedClock() };
  const { project, name } = target;
  const run = (more: { showValues?: boolean; tag?: string } = {}): Promise<Plan> => {
    const { showValues = false, tag } = more;
    const of = tag === undefined ? { pipeline: 90001 } : { tag };
    return plan(ports)({ target: { project, name }, showValues, ...of });
  };
  return { ...parts, run };
};

const untouched = ({ fleet, journal }: ReturnType<typeof world>): void => {
  expect(fleet.writes).toEqual([]);
  expect([journal.records.size, journal.locks.size, journal.orders.size]).toEqual([0, 0, 0]);
};

test('a rolling deployment: image and digest, what is cloned, the way back, the paths that change; nothing is written', async () => {
  const scene = world();
  const { lines, code } = planLines(await scene.run());
  expect(lines).toEqual([
    '4711/web: would be deployed',
    `  image     ${bounds.account}.dkr.ecr.${bounds.region}.amazonaws.com/acme/web:${sha} = ${digest}`,
    '  service   prod/web, rolling',
    '  clones    web:7',
    '  way back  web:7',
    '  copy      not needed: the image is in ECR',
    '  changes   containerDefinitions.app.image',
    'nothing was written',
  ]);
  expect(code).toBe(0);
  untouched(scene);
});

test('values are shown only when they are asked for, and never those that stay', async () => {
  const scene = world();
  expect(JSON.stringify(await scene.run())).not.toMatch(/hunter2|b{64}/);
  const shown = await scene.run({ showValues: true });
  expect(shown.changes).toEqual([
    {
      path: 'containerDefinitions.app.image',
      before: expect.stringContaining(olderDigest) as string,
      after: expect.stringContaining(digest) as string,
    },
  ]);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
});

test('a swap: the idle colour, the steps', async () => {
  const scene = world(swapTarget());
  scene.fleet.services.set(serviceLabel(serviceName), blueService());
  scene.fleet.services.set(serviceLabel(greenName), greenService());
  const made = await scene.run();
  expect(made).toMatchObject({ state: 'ready', strategy: 'blue-green', service: greenName, source: revisionArn(7) });
  expect(planLines(made).lines).toContain('  steps     10 % for 5 min, 100 % for 5 min');
  untouched(scene);
});

const linux = { os: 'linux', architecture: 'amd64' };

/** Under the tag that the sample's pipeline fills in. */
const pushed = ({ registry }: ReturnType<typeof world>, parts: ImageParts) => {
  const image = registry.image(parts);
  registry.tags.set(sha, image.digest);
  return image;
};

describe('of an image in GitLab’s registry', () => {
  const copied = () => {
    const scene = world(pipelineTarget({ image: `${gitlabRegistry}/acme/web/app:{sha}`, copy: copyRule }));
    scene.store.repository = copyRule.repository;
    return scene;
  };

  test('how many bytes ECR lacks, and where they would go', async () => {
    const scene = copied();
    const layers = [scene.registry.layer(Buffer.alloc(100, 'a')), scene.registry.layer(Buffer.alloc(50, 'b'))];
    const image = pushed(scene, { layers, platform: linux });
    const made = await scene.run();
    const config = image.config?.size ?? 0;
    expect(made).toMatchObject({
      state: 'ready',
      digest: image.digest,
      copy: { bytes: 150 + config, tags: [sha, ...copyRule.alsoTag] },
    });
    scene.store.blobs.set(layers[0]?.digest ?? '', Buffer.alloc(100, 'a'));
    expect((await scene.run()).copy).toMatchObject({ bytes: 50 + config });
    untouched(scene);
    expect(scene.store.asked.filter((call) => !/^(stored|available)/.test(call))).toEqual([]);
  });

  test('a platform that the tasks do not run on is refused by name', async () => {
    const scene = copied();
    const layers = [scene.registry.layer(Buffer.alloc(10, 'a'))];
    pushed(scene, { layers, platform: { os: 'linux', architecture: 'arm64' } });
    expect(await scene.run()).toMatchObject({ state: 'refused', failure: 'PlatformMissing', source: revisionArn(7) });
  });

  test('a repository that is missing is refused, unless the target makes it', async () => {
    const scene = copied();
    scene.store.repository = undefined;
    pushed(scene, { layers: [scene.registry.layer(Buffer.alloc(10, 'a'))], platform: linux });
    expect(await scene.run()).toMatchObject({ state: 'refused', failure: 'RepositoryMissing' });
  });
});

test.each<[string, (scene: ReturnType<typeof world>) => unknown, Partial<Plan>, number]>([
  ['an unprotected branch', ({ gitlab }) => gitlab.refs.set('branch main', false), { failure: 'NotConfirmed' }, 1],
  [
    'no such service',
    ({ fleet }) => {
      fleet.services.clear();
    },
    { failure: 'ServiceMissing' },
    1,
  ],
  [
    'percentages that let ECS move nothing',
    ({ fleet }) => {
      fleet.change(() => ({ minimumHealthy: 100, maximum: 100 }));
    },
    { failure: 'CannotRoll' },
    1,
  ],
  ['a GitLab that does not answer', ({ gitlab }) => (gitlab.down = 'GitLab did not answer'), { state: 'not known' }, 3],
  [
    'an image that is not there',
    ({ gitlab }) => gitlab.pipelines.set(90001, { ...pipeline(), sha: 'f'.repeat(40) }),
    { failure: 'ImageMissing' },
    1,
  ],
  [
    'the image that runs there already',
    ({ fleet }) => fleet.revisions.set(revisionArn(7), running()),
    { state: 'passed over' },
    4,
  ],
])('%s', async (_what, prepare, expected, exit) => {
  const scene = world();
  prepare(scene);
  const made = await scene.run();
  expect(made).toMatchObject(expected);
  expect(planLines(made).code).toBe(exit);
  untouched(scene);
});

const pipeline = () => {
  const found = memoryGitlab().pipelines.get(90001);
  if (found === undefined) throw new Error('the sample has no pipeline');
  return found;
};

const running = () => {
  const image = `${bounds.account}.dkr.ecr.${bounds.region}.amazonaws.com/acme/web@${digest}`;
  const { definition } = revision(7);
  return revision(7, { definition: { ...definition, containerDefinitions: [{ name: 'app', image }] } });
};

test('AWS that refuses is a refusal by name, with what was known before', async () => {
  const scene = world();
  scene.fleet.service = () =>
    Promise.reject(new DeployFailure('AwsRefused', 'DescribeServices: AccessDeniedException'));
  expect(await scene.run()).toMatchObject({ state: 'refused', failure: 'AwsRefused', digest });
});

test('a tag, for a target that waits for pushed images', async () => {
  const scene = world(imageTarget());
  expect(await scene.run({ tag: 'v1' })).toMatchObject({ state: 'refused', failure: 'ImageMissing' });
});

test('a value by its path, also below names with dots', () => {
  const definition = { containerDefinitions: [{ name: 'a.b', image: 'x' }], volumes: [] };
  expect(valueAt(definition, 'containerDefinitions.a.b.image')).toBe('x');
  expect(valueAt(definition, 'cpu')).toBeUndefined();
});
