import { startDeployments } from '../../../lib/app/start-deployments.ts';
import { executionName, maxAttempts } from '../../../lib/domain/cause.ts';
import { failureNames, retryableNames } from '../../../lib/domain/failure.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { memoryTargets, memoryWorkflows, type MemoryWorkflows } from '../../support/memory-ports.ts';
import { jobFacts, jobTarget, pipelineCause, pipelineFacts, project, target } from '../../support/samples.ts';

const hook = { kind: 'pipeline' as const, ...pipelineFacts() };
const name = (attempt: number) => executionName(target(), pipelineCause, attempt);
const start = (workflows: MemoryWorkflows, targets = memoryTargets(target())) =>
  startDeployments({ targets, workflows })(hook);

test('starts one execution for each planned deployment, by a name that is no ARN', async () => {
  const workflows = memoryWorkflows();
  const targets = memoryTargets(target(), target({ name: 'api' }), jobTarget({ name: 'by-job' }));
  const { started, ended } = await start(workflows, targets);
  expect(started.map((one) => one.target)).toEqual(['4711/web', '4711/api']);
  expect(started.map((one) => one.execution)).toEqual([...workflows.executions.keys()]);
  expect(ended).toEqual([]);
});

test('the input is the target and the cause, and nothing of the hook', async () => {
  const workflows = memoryWorkflows();
  await start(workflows);
  expect(JSON.stringify(workflows.executions.get(name(1))?.input)).toBe(
    JSON.stringify({ target: { project, name: 'web' }, cause: pipelineCause }),
  );
});

test('a job is a cause of its own', async () => {
  const workflows = memoryWorkflows();
  await startDeployments({ targets: memoryTargets(jobTarget()), workflows })({ kind: 'job', ...jobFacts() });
  expect([...workflows.executions.values()][0]?.input).toMatchObject({ cause: { kind: 'job', job: 700001 } });
});

test('nothing to do starts nothing', async () => {
  const workflows = memoryWorkflows();
  expect(await start(workflows, memoryTargets(jobTarget()))).toEqual({ started: [], ended: [], broken: [] });
  expect(workflows.executions.size).toBe(0);
});

test('a broken target is told of and stops no other', async () => {
  const targets = memoryTargets(target());
  targets.broken.push({ project, name: 'api', problems: ['image: must be …'] });
  const outcome = await start(memoryWorkflows(), targets);
  expect(outcome.started).toHaveLength(1);
  expect(outcome.broken.map((one) => one.name)).toEqual(['4711/api']);
});

describe('the same cause, told again', () => {
  test.each([
    ['while it runs', () => undefined],
    [
      'after it succeeded',
      (workflows: MemoryWorkflows) => {
        workflows.end(name(1));
      },
    ],
  ])('%s has begun already', async (_what, act) => {
    const workflows = memoryWorkflows();
    const first = await start(workflows);
    act(workflows);
    expect(await start(workflows)).toEqual(first);
    expect(workflows.executions.size).toBe(1);
  });

  test('while it cannot be seen yet has begun already', async () => {
    const workflows = memoryWorkflows();
    await start(workflows);
    const blind = { ...workflows, status: () => Promise.resolve({ state: 'unknown' as const }) };
    expect((await start(blind)).started).toEqual([{ target: '4711/web', execution: name(1) }]);
  });

  test.each(retryableNames)('after %s, with nothing written, starts anew under the next name', async (failure) => {
    const workflows = memoryWorkflows();
    await start(workflows);
    workflows.end(name(1), failure);
    expect((await start(workflows)).started).toEqual([{ target: '4711/web', execution: name(2) }]);
  });

  test.each([...failureNames.filter((one) => !retryableNames.includes(one)), 'TIMED_OUT', 'ABORTED', 'States.Runtime'])(
    'after %s starts nothing',
    async (failure) => {
      const workflows = memoryWorkflows();
      await start(workflows);
      workflows.end(name(1), failure);
      expect(await start(workflows)).toMatchObject({ started: [], ended: [{ target: '4711/web', as: failure }] });
      expect(workflows.executions.size).toBe(1);
    },
  );

  test('after five tries starts nothing more', async () => {
    const workflows = memoryWorkflows();
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      await start(workflows);
      workflows.end(name(attempt), 'ImageMissing');
    }
    expect(await start(workflows)).toMatchObject({ started: [], ended: [{ as: 'ImageMissing' }] });
    expect(workflows.executions.size).toBe(5);
  });
});

describe('when AWS does not answer', () => {
  test('a lost answer of the start, told again, starts nothing twice', async () => {
    const workflows = memoryWorkflows();
    await expect(start(losingAnswers(workflows, 'start'))).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect((await start(workflows)).started).toEqual([{ target: '4711/web', execution: name(1) }]);
    expect(workflows.executions.size).toBe(1);
  });

  test('the second of two targets: the hook fails, and told again goes on from there', async () => {
    const workflows = memoryWorkflows();
    const targets = memoryTargets(target(), target({ name: 'api' }));
    await expect(start(failing(workflows, 'start', { skip: 1 }), targets)).rejects.toThrow();
    expect(workflows.executions.size).toBe(1);
    expect((await start(workflows, targets)).started).toHaveLength(2);
    expect(workflows.executions.size).toBe(2);
  });
});
