import { confirm } from '../../../lib/app/confirm.ts';
import type { Target } from '../../../lib/domain/target.ts';
import { blueGreen } from '../../support/blue-green-samples.ts';
import { losingAnswers } from '../../support/memory-faults.ts';
import {
  jobCause,
  jobFacts,
  jobTarget,
  operatorCause,
  pipelineFacts,
  project,
  record,
  registry,
  sha,
  target,
} from '../../support/samples.ts';
import { confirmWorld, input, noWait, patience, type ConfirmWorld } from './confirm-world.ts';

const world = (...targets: Target[]) => confirmWorld(...(targets.length === 0 ? [target()] : targets));
type World = ConfirmWorld;

describe('what GitLab vouches for', () => {
  test('is confirmed, with the image to find', async () => {
    const image = { host: registry, repository: 'acme/web', tag: sha };
    expect(await world().ask()).toEqual({ done: true, image, copy: false });
  });

  test('is nothing that the registry is asked about, when the image is in ECR', async () => {
    const { registry: tags, ask } = world();
    await ask();
    expect(tags.asked).toBe(0);
  });

  test('is journalled, and asking again changes nothing', async () => {
    const { journal, ask } = world();
    await ask();
    await ask();
    expect([...journal.records.values()]).toEqual([record()]);
  });

  test('is journalled once when the answer was lost', async () => {
    const ports = world();
    const once = confirm({ ...ports, journal: losingAnswers(ports.journal, 'open') });
    await expect(once(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(await once(input)).toMatchObject({ done: true });
    expect(ports.journal.records.size).toBe(1);
  });

  test('of a job is judged by the job', async () => {
    const { gitlab, journal, ask } = world(jobTarget());
    gitlab.pipelines.set(90001, { ...pipelineFacts({ status: 'running' }), sha });
    expect(await ask({ cause: jobCause })).toMatchObject({ done: true });
    expect(journal.records.get('web-1')?.key).toEqual([90001, 700001, 1_767_606_000]);
  });

  test("of an operator's is where the pipeline came from, not how it ended", async () => {
    const { gitlab, journal, ask } = world();
    gitlab.pipelines.set(90001, { ...pipelineFacts({ status: 'failed' }), sha });
    expect(await ask({ cause: operatorCause })).toMatchObject({ done: true });
    expect(journal.records.get('web-1')).toMatchObject({ cause: operatorCause, key: [], askedAt: operatorCause.at });
  });
});

test("an operator's cause that is not whole is refused, naming the field, before GitLab is asked", async () => {
  const { gitlab, journal, ask } = world();
  gitlab.down = 'down';
  const refused = ask({ cause: { ...operatorCause, at: 'now' } });
  await expect(refused).rejects.toMatchObject({
    name: 'NotConfirmed',
    message: expect.stringContaining('cause.at') as string,
  });
  expect(journal.records.size).toBe(0);
});

describe('NotConfirmed at once', () => {
  test.each<[string, (world: World) => unknown]>([
    [
      'the pipeline failed',
      ({ gitlab }) => gitlab.pipelines.set(90001, { ...pipelineFacts({ status: 'failed' }), sha }),
    ],
    [
      'it is of a merge request',
      ({ gitlab }) => gitlab.pipelines.set(90001, { ...pipelineFacts({ mergeRequest: true }), sha }),
    ],
    ['the branch is not protected', ({ gitlab }) => gitlab.refs.set('branch main', false)],
    [
      'the branch is gone',
      ({ gitlab }) => {
        gitlab.refs.clear();
      },
    ],
    [
      'a tag of that name is protected, the branch is not',
      ({ gitlab }) => (gitlab.refs = new Map([['tag main', true]])),
    ],
  ])('%s', async (_what, act) => {
    const here = world();
    act(here);
    await expect(here.ask()).rejects.toMatchObject({ name: 'NotConfirmed' });
    expect(here.journal.records.size).toBe(0);
  });

  test('the job failed although its pipeline is a success', async () => {
    const { gitlab, ask } = world(jobTarget());
    gitlab.jobs.set(700001, jobFacts({ status: 'failed' }));
    await expect(ask({ cause: jobCause })).rejects.toMatchObject({ name: 'NotConfirmed' });
  });

  test('but an unprotected branch will do where ops said so', async () => {
    const { gitlab, ask } = world(target({ unprotectedRefs: true }));
    gitlab.refs.clear();
    expect(await ask()).toMatchObject({ done: true });
  });
});

describe('asking again', () => {
  test.each<[string, (world: World) => unknown]>([
    ['still running', ({ gitlab }) => gitlab.pipelines.set(90001, { ...pipelineFacts({ status: 'running' }), sha })],
    [
      'not known yet, just after its hook',
      ({ gitlab }) => {
        gitlab.pipelines.clear();
      },
    ],
  ])('%s: for two minutes, then NotConfirmed', async (_what, act) => {
    const here = world();
    act(here);
    expect(await here.ask()).toMatchObject({ done: false, wait: { unsettled: 15, unreachable: 0, seconds: 15 } });
    expect(await patience(here)).toBe(120);
    await expect(here.ask({ wait: { ...noWait, unsettled: 120 } })).rejects.toMatchObject({ name: 'NotConfirmed' });
    expect(here.journal.records.size).toBe(0);
  });

  test('a job that is not known yet is asked about again', async () => {
    const { gitlab, ask } = world(jobTarget());
    gitlab.jobs.clear();
    expect(await ask({ cause: jobCause })).toMatchObject({ done: false, because: 'GitLab knows no such job' });
  });

  test('unreachable: for thirty minutes, then GitLabUnavailable', async () => {
    const here = world();
    here.gitlab.down = 'GitLab answered 502';
    expect(await here.ask()).toMatchObject({ done: false, because: 'GitLab answered 502' });
    expect(await patience(here)).toBe(1800);
    await expect(here.ask({ wait: { ...noWait, unreachable: 1800 } })).rejects.toMatchObject({
      name: 'GitLabUnavailable',
    });
  });

  test('the two are counted apart', async () => {
    const { gitlab, ask } = world();
    gitlab.down = 'x';
    expect(await ask({ wait: { unsettled: 105, unreachable: 300, seconds: 15 } })).toMatchObject({
      wait: { unsettled: 105, unreachable: 360, seconds: 60 },
    });
  });
});

describe('what the target says', () => {
  test('gone: TargetMissing', async () => {
    await expect(world().ask({ target: { project, name: 'gone' } })).rejects.toMatchObject({ name: 'TargetMissing' });
  });

  test('broken: TargetMissing, with its problems', async () => {
    const { targets, ask } = world();
    targets.targets.length = 0;
    targets.broken.push({ project, name: 'web', problems: ['image: must be …'] });
    await expect(ask()).rejects.toMatchObject({ name: 'TargetMissing', facts: { reasons: ['image: must be …'] } });
  });

  test.each([
    ['a service that the stack may not touch', { cluster: 'staging' }, 'OutsideStack'],
    ['a repository that it may not touch', { image: `${registry}/other/web:{sha}` }, 'OutsideStack'],
    [
      'a swap with the right to delete',
      { strategy: { type: 'blue-green', timeoutMinutes: 30, swap: blueGreen({ retire: 'delete' }) } } as const,
      'OutsideStack',
    ],
    ['an image name that comes to nothing', { image: `${registry}/acme/web:{tag}` }, 'ImageNameInvalid'],
  ])('%s', async (_what, change, name) => {
    const { journal, ask } = world(target(change));
    await expect(ask()).rejects.toMatchObject({ name });
    expect(journal.records.size).toBe(0);
  });
});
