import type { JobView } from '../../local/gitlab/control.ts';
import {
  executionEnd,
  gitlab,
  healthy,
  orderOf,
  rehearsed,
  startByHand,
  until,
  type Scene,
} from '../support/deployed.ts';
import { withoutRight } from '../support/deployed-door.ts';
import { pinned } from '../support/deployed-service.ts';

/** GitLab's rollback button, what only looks like it, and what a person's rollback stops. */

const deployJob = { on: { job: { name: 'deploy-prod', ref: 'main' } } };

interface Release {
  project: number;
  pipeline: number;
  job: number;
  image: string;
}

const jobOf = (jobs: readonly JobView[]): number => jobs.find(({ name }) => name === 'deploy-prod')?.id ?? 0;

/** A commit whose pipeline has passed; its deployment job is as `status` says, and waits to be played when it says nothing. */
const passed = async (scene: Scene, status?: 'failed'): Promise<Release> => {
  const { project } = scene;
  const { sha, digest } = await scene.commit(healthy);
  const deploy = { name: 'deploy-prod', manual: true, ...(status === undefined ? {} : { status }) };
  const { id, jobs } = await gitlab.runPipeline({ project, sha, jobs: [{ name: 'build' }, deploy] });
  return { project, pipeline: id, job: jobOf(jobs), image: pinned(digest) };
};

/** The execution that this begins. */
const beginning = async (scene: Scene, act: () => Promise<unknown>): Promise<string> => {
  const before = await scene.begun();
  await act();
  return (await scene.begun()).find((execution) => !before.includes(execution)) ?? '';
};

const play = (scene: Scene, { project, job }: Release) => beginning(scene, () => gitlab.playJob({ project, job }));
const retry = (scene: Scene, { project, job }: Release) => beginning(scene, () => gitlab.retryJob({ project, job }));

const outcomeOf = async (execution: string): Promise<unknown> => {
  const { status, output } = await executionEnd(execution);
  expect(status).toBe('SUCCEEDED');
  return (output['end'] as { outcome: string }).outcome;
};

const live = async (scene: Scene): Promise<string | undefined> => (await scene.view()).rollouts[0]?.images[0];

rehearsed(
  'an old pipeline that was never deployed here is outdated: its manual job played late, or its failed job retried',
  'no-rollback',
  async (scene) => {
    const [unplayed, failed, newest] = [await passed(scene), await passed(scene, 'failed'), await passed(scene)];
    expect(await outcomeOf(await play(scene, newest))).toBe('deployed');
    expect(await outcomeOf(await play(scene, unplayed))).toBe('outdated');
    expect(await outcomeOf(await retry(scene, failed))).toBe('outdated');
    expect(await live(scene)).toBe(newest.image);
    expect(await scene.updates()).toHaveLength(1);
  },
  { ...deployJob, beside: true },
);

rehearsed(
  'on a pipeline target an old pipeline that succeeds again is outdated',
  'again-outdated',
  async (scene) => {
    const old = await passed(scene);
    await until('the old one to be deployed', async () => ((await live(scene)) === old.image ? true : undefined));
    const newer = await scene.release(healthy);
    expect(await outcomeOf(newer.execution)).toBe('deployed');
    expect(await outcomeOf(await play(scene, old))).toBe('outdated');
    expect(await live(scene)).toBe(pinned(newer.digest));
  },
  { beside: true },
);

rehearsed(
  'an operator goes back past the order and holds the target; on to the newest ends that',
  'by-hand',
  async (scene) => {
    const [first, second] = [await scene.release(healthy), await scene.release(healthy)];
    for (const { execution } of [first, second]) await executionEnd(execution);
    const by = (pipeline: number, at: string) => ({
      kind: 'operator',
      project: scene.project,
      pipeline,
      by: 'ops',
      at,
    });
    const after = (iso: string | null, seconds: number): string =>
      new Date(Date.parse(iso ?? '') + seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');

    const back = await startByHand(scene, by(first.pipeline.id, after(second.pipeline.finishedAt, 1)));
    expect(await outcomeOf(back)).toBe('deployed');
    expect(await live(scene)).toBe(pinned(first.digest));
    expect(await orderOf(scene)).toMatchObject({ hold: { kind: 'rollback', by: 'ops' } });

    const on = await startByHand(scene, by(second.pipeline.id, after(second.pipeline.finishedAt, 2)));
    expect(await outcomeOf(on)).toBe('deployed');
    expect(await live(scene)).toBe(pinned(second.digest));
    expect(await orderOf(scene)).not.toHaveProperty('hold');
  },
  { beside: true },
);

// Last, for it takes a right from the door that all share.
rehearsed(
  "GitLab's rollback button takes the target back and holds it; what had finished before is held, what comes after goes on",
  'rolled-back',
  async (scene) => {
    const [first, second, third] = [await passed(scene), await passed(scene), await passed(scene)];
    for (const release of [first, second]) expect(await outcomeOf(await play(scene, release))).toBe('deployed');
    // The third is deployed in GitLab as well, but its hook is lost.
    await withoutRight('states:StartExecution', async () => {
      await gitlab.playJob({ project: scene.project, job: third.job });
      await gitlab.idle();
    });
    expect(await outcomeOf(await retry(scene, first))).toBe('deployed');
    expect(await live(scene)).toBe(first.image);
    expect(await orderOf(scene)).toMatchObject({ hold: { kind: 'rollback' } });

    const late = await beginning(scene, () => gitlab.sendHook({ project: scene.project, job: third.job }));
    expect(await outcomeOf(late)).toBe('held');
    expect(await live(scene)).toBe(first.image);

    const repair = await passed(scene);
    expect(await outcomeOf(await play(scene, repair))).toBe('deployed');
    expect(await live(scene)).toBe(repair.image);
    expect(await orderOf(scene)).not.toHaveProperty('hold');
  },
  deployJob,
);
