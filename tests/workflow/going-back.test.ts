import { copyRule, imageTarget, project } from '../support/samples.ts';
import { healthy, repository, startWorkflowWorld, unhealthy, type WorkflowWorld } from '../support/workflow-world.ts';

/** An operator goes back to an earlier deployment while GitLab is down, by the real verbs, adapters and definition. */

let world: WorkflowWorld;

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  await world.close();
});

const back = (deployment: string, attempt = 1) =>
  world.run({ kind: 'operator', project, deployment, by: 'ops', at: '2026-02-01T00:00:00Z' }, { attempt });

const gitlabDown = async (): Promise<void> => {
  await world.gitlab.control.setFault({ route: '**', forSeconds: 100_000, fault: { kind: 'error', status: 502 } });
};

const endOf = (execution: string) => world.journal.records.get(execution)?.end;
const live = () => world.world.serviceView('prod', 'web').rollouts[0]?.images[0] ?? '';
const hold = { kind: 'rollback', since: '2026-02-01T00:00:00Z', by: 'ops' };

test('what was deployed before is again, by its digest, and holds the target', async () => {
  world = await startWorkflowWorld();
  const first = await world.run(await world.release(healthy));
  const firstImage = live();
  await world.run(await world.release(healthy));
  expect(live()).not.toBe(firstImage);
  await gitlabDown();

  const run = await back(first.execution);
  expect(run.status).toBe('succeeded');
  expect(endOf(run.execution)).toMatchObject({ outcome: 'deployed' });
  expect(run.states).not.toContain('Wait for GitLab');
  expect(live()).toBe(firstImage);
  expect(world.journal.orders.get('4711/web')?.hold).toEqual(hold);
  expect(world.traffic.failed).toBe(0);
});

test('one whose end is failed is no way back, and nothing is touched', async () => {
  world = await startWorkflowWorld();
  const failed = await world.run(await world.release(unhealthy));
  const calls = world.fleet.calls.length;
  const run = await back(failed.execution);
  expect(run.error).toBe('NotConfirmed');
  expect(world.fleet.calls).toHaveLength(calls);
});

test('what runs already is already deployed, and is held all the same', async () => {
  world = await startWorkflowWorld();
  const first = await world.run(await world.release(healthy));
  await gitlabDown();
  const run = await back(first.execution);
  expect(endOf(run.execution)).toMatchObject({ outcome: 'already deployed' });
  expect(world.journal.orders.get('4711/web')?.hold).toEqual(hold);
});

describe('of an image that was copied', () => {
  const two = async (): Promise<string> => {
    world = await startWorkflowWorld();
    const one = imageTarget({ unprotectedTags: true, copy: copyRule });
    world.targets[0] = one;
    const first = await world.run(await world.push(healthy, { tag: 'v1' }), { target: one });
    await world.run(await world.push(healthy, { tag: 'v2' }), { target: one });
    return first.execution;
  };

  test('nothing is copied again while ECR has it: GitLab may be down', async () => {
    const first = await two();
    await gitlabDown();
    const run = await back(first);
    expect(endOf(run.execution)).toMatchObject({ outcome: 'deployed' });
    expect(run.states).not.toContain('Copy image');
    expect(live()).toContain(world.journal.records.get(first)?.found?.digest);
  });

  test('it is copied again when ECR has lost it', async () => {
    const first = await two();
    const digest = world.journal.records.get(first)?.found?.digest ?? '';
    const { operations } = world.world;
    operations.ecr['BatchDeleteImage']?.({ repositoryName: repository, imageIds: [{ imageDigest: digest }] });
    expect(world.world.ecrView(repository).images.map((image) => image.digest)).not.toContain(digest);
    const run = await back(first);
    expect(endOf(run.execution)).toMatchObject({ outcome: 'deployed' });
    expect(run.states).toContain('Copy image');
    expect(live()).toContain(digest);
  });
});
