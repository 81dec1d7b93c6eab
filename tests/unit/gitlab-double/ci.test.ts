import { finishJob, finishPipeline, latestJobs, playJob, retryJob, runPipeline } from '../../../local/gitlab/ci.ts';
import { jobCalled, newHistory } from './history.ts';

const withDeploy = [{ name: 'test' }, { name: 'deploy-prod', manual: true }];

describe('status', () => {
  test('an optional manual job does not hold up success', () => {
    const { world, project } = newHistory();
    expect(runPipeline(world, project, { ref: 'main', jobs: withDeploy }).status).toBe('success');
  });

  test('a manual job that may not fail blocks the pipeline until it is played', () => {
    const { world, project } = newHistory();
    const jobs = [{ name: 'test' }, { name: 'approve', manual: true, allowFailure: false }];
    const pipeline = runPipeline(world, project, { ref: 'main', jobs });
    expect([pipeline.status, pipeline.finishedAt]).toEqual(['manual', undefined]);
    const job = jobCalled(pipeline, 'approve');
    playJob(world, job);
    finishJob(world, job, 'success');
    expect(pipeline.status).toBe('success');
  });

  test('one failed job fails it, one that may fail does not', () => {
    const { world, project } = newHistory();
    const run = (allowFailure: boolean) =>
      runPipeline(world, project, {
        ref: 'main',
        jobs: [{ name: 'a' }, { name: 'b', status: 'failed', allowFailure }],
      });
    expect([run(false).status, run(true).status]).toEqual(['failed', 'success']);
  });

  test('a running one has no end until it is finished', () => {
    const { clock, world, project } = newHistory();
    const pipeline = runPipeline(world, project, { ref: 'main', status: 'running' });
    expect([pipeline.finishedAt, pipeline.jobs.map(({ status }) => status)]).toEqual([
      undefined,
      ['success', 'running'],
    ]);
    clock.advance(5000);
    expect(finishPipeline(world, pipeline, 'failed').map(({ name }) => name)).toEqual(['test']);
    expect([pipeline.status, pipeline.finishedAt]).toEqual(['failed', clock.now()]);
  });
});

describe('success again', () => {
  test('playing a manual job runs the same pipeline again: same ids, a newer end', () => {
    const { clock, world, project } = newHistory();
    const pipeline = runPipeline(world, project, { ref: 'main', jobs: withDeploy });
    const first = pipeline.finishedAt;
    const job = jobCalled(pipeline, 'deploy-prod');
    const id = job.id;
    clock.advance(60_000);
    playJob(world, job);
    expect([pipeline.status, pipeline.finishedAt, pipeline.updatedAt]).toEqual(['running', first, clock.now()]);
    finishJob(world, job, 'success');
    expect([pipeline.status, job.id, pipeline.finishedAt]).toEqual(['success', id, (first ?? 0) + 60_000]);
  });

  test('its end is newer by a second at least, even when time stands still', () => {
    const { world, project } = newHistory();
    const pipeline = runPipeline(world, project, { ref: 'main', jobs: withDeploy });
    const first = pipeline.finishedAt ?? 0;
    playJob(world, jobCalled(pipeline, 'deploy-prod'));
    finishJob(world, jobCalled(pipeline, 'deploy-prod'), 'success');
    expect(pipeline.finishedAt).toBe(first + 1000);
  });

  test('a retried job gets a new id, and the old one leaves the list', () => {
    const { world, project } = newHistory();
    const pipeline = runPipeline(world, project, { ref: 'main' });
    const old = jobCalled(pipeline, 'test');
    const again = retryJob(world, old);
    finishJob(world, again, 'success');
    expect(again.id).toBeGreaterThan(old.id);
    expect([again.retries, old.retried]).toEqual([1, true]);
    expect(latestJobs(pipeline)).not.toContain(old);
    expect(again.finishedAt).toBeDefined();
  });

  test('only manual jobs are played, only finished ones retried', () => {
    const { world, project } = newHistory();
    const pipeline = runPipeline(world, project, { ref: 'main', jobs: withDeploy });
    expect(() => {
      playJob(world, jobCalled(pipeline, 'test'));
    }).toThrow('only a manual one');
    expect(() => retryJob(world, jobCalled(pipeline, 'deploy-prod'))).toThrow('not retryable');
  });
});
