import { startPushedImages } from '../../../lib/app/start-pushed-images.ts';
import { executionName } from '../../../lib/domain/cause.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { memoryRepositoryIndex, memoryTargets, memoryWorkflows } from '../../support/memory-ports.ts';
import { imageCause, imageTarget, project, target } from '../../support/samples.ts';

const { repository, tag, digest, event, pushedAt } = imageCause;
const push = { repository, tag, digest, event, pushedAt };
const name = executionName(imageTarget(), imageCause, 1);

const world = () => ({
  index: memoryRepositoryIndex({ [repository]: [project] }),
  targets: memoryTargets(imageTarget(), target({ name: 'by-pipeline' })),
  workflows: memoryWorkflows(),
});
const start = (ports: ReturnType<typeof world>, ...pushes: (typeof push)[]) =>
  startPushedImages(ports)({ pushes, unreadable: [] });

test('starts one execution for each target that waits for it; its input is the target and the cause', async () => {
  const ports = world();
  const outcome = await start(ports, push);
  expect(outcome).toEqual({
    started: [{ target: '4711/web', execution: name }],
    ended: [],
    broken: [],
    unreadable: [],
  });
  expect(JSON.stringify(ports.workflows.executions.get(name)?.input)).toBe(
    JSON.stringify({ target: { project, name: 'web' }, cause: imageCause }),
  );
});

test('the same event five times is one deployment; the same image pushed again is another', async () => {
  const ports = world();
  for (let time = 0; time < 5; time += 1)
    expect((await start(ports, push)).started).toEqual([{ target: '4711/web', execution: name }]);
  expect(ports.workflows.executions.size).toBe(1);
  await start(ports, { ...push, event: 'another' });
  expect(ports.workflows.executions.size).toBe(2);
});

test('of every project that the index names, each asked once', async () => {
  const ports = world();
  ports.index.projects.set(repository, [project, 7]);
  ports.index.projects.set('acme/other', [7]);
  ports.targets.targets.push(imageTarget({ project: 7, name: 'one' }));
  ports.targets.targets.push(
    imageTarget({ project: 7, name: 'two', on: { kind: 'image', repository: 'acme/other', tag: '*' } }),
  );
  const asked: number[] = [];
  const targets = { ...ports.targets, ofProject: (id: number) => (asked.push(id), ports.targets.ofProject(id)) };
  const outcome = await start({ ...ports, targets }, push, { ...push, repository: 'acme/other', event: 'x' });
  expect(outcome.started.map((one) => one.target)).toEqual(['4711/web', '7/one', '7/two']);
  expect(asked).toEqual([project, 7]);
});

test('a repository that no project waits for starts nothing', async () => {
  const ports = world();
  const outcome = await start(ports, { ...push, repository: 'acme/unknown' });
  expect(outcome).toEqual({ started: [], ended: [], broken: [], unreadable: [] });
  expect(ports.workflows.executions.size).toBe(0);
});

test('nothing pushed asks for nothing', async () => {
  const ports = world();
  const index = failing(ports.index, 'projectsOf');
  expect(await start({ ...ports, index })).toMatchObject({ started: [] });
});

test('a target that an index still names, and that waits for it no longer, is not moved', async () => {
  const ports = world();
  ports.targets.targets.splice(0, 1);
  expect(await start(ports, push)).toMatchObject({ started: [], ended: [] });
});

test('what cannot be used is told of and stops no other: an entry of the index, a target, an event', async () => {
  const ports = world();
  ports.index.projects.set('acme/other', 'broken');
  ports.targets.broken.push({ project, name: 'api', problems: ['on: must be …'] });
  const outcome = await startPushedImages(ports)({
    pushes: [{ ...push, repository: 'acme/other', event: 'x' }, push],
    unreadable: ['an event has another shape than expected at id'],
  });
  expect(outcome.started).toHaveLength(1);
  expect(outcome.broken.map((one) => one.name)).toEqual(['repositories/…', '4711/api']);
  expect(outcome.unreadable).toEqual(['an event has another shape than expected at id']);
});

test('what ended for good is told by its name', async () => {
  const ports = world();
  await start(ports, push);
  ports.workflows.end(name, 'TagTaken');
  expect(await start(ports, push)).toMatchObject({ started: [], ended: [{ target: '4711/web', as: 'TagTaken' }] });
});

test.each(['projectsOf', 'ofProject', 'start'] as const)(
  'AWS refuses %s: the hook fails, and told again it begins',
  async (what) => {
    const ports = world();
    const broken = {
      index: what === 'projectsOf' ? failing(ports.index, what) : ports.index,
      targets: what === 'ofProject' ? failing(ports.targets, what) : ports.targets,
      workflows: what === 'start' ? losingAnswers(ports.workflows, what) : ports.workflows,
    };
    await expect(start(broken, push)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect((await start(broken, push)).started).toEqual([{ target: '4711/web', execution: name }]);
    expect(ports.workflows.executions.size).toBe(1);
  },
);
