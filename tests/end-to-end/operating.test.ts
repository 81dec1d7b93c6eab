import {
  executionEnd,
  gitlab,
  healthy,
  orderOf,
  rehearsed,
  unhealthy,
  until,
  type Scene,
} from '../support/deployed.ts';
import { operate, operateInTerminal, phasesDrawn, tasksDrawn } from '../support/deployed-operator.ts';
import { pinned } from '../support/deployed-service.ts';
import { ctrlC, textOf } from '../support/pseudo-terminal.ts';

/** Ops at their terminals: what `drawbridge` shows, begins and leaves alone, against the deployed stack. */

/** World seconds enough for who looks from outside to see the rollout before its end. */
const slowly: Parameters<Scene['commit']>[0] = { does: 'become healthy', after: 120 };

const live = async (scene: Scene): Promise<string | undefined> => (await scene.view()).rollouts[0]?.images[0];

/** A pipeline that no hook deploys, for it failed; what it built is there. */
const built = async (scene: Scene, behaviour: Parameters<Scene['commit']>[0]) => {
  const { sha, digest } = await scene.commit(behaviour);
  const { id } = await gitlab.runPipeline({ project: scene.project, sha, status: 'failed' });
  return { pipeline: String(id), digest };
};

const parsed = ({ out }: { out: string[] }): unknown[] => out.map((line): unknown => JSON.parse(line));

rehearsed(
  'a deployment is watched to its end; a rollback needs no GitLab and holds the target; release ends that, history tells all',
  'operated',
  async (scene) => {
    const label = `${scene.project}/${scene.name}`;
    const first = await scene.release(slowly);
    const watch = operateInTerminal('watch', first.execution);
    const watched = await watch.ended;
    expect(watched.code).toBe(0);
    expect(phasesDrawn(watched.drawn)).toContain('rollout');
    expect(tasksDrawn(watched.drawn).length).toBeGreaterThan(1);
    expect(watched.drawn).toContain('no earlier deployment of this target tells how long it takes');
    expect(watched.drawn).toMatch(/deployed after \d+/);
    const second = await scene.release(healthy);
    await executionEnd(second.execution);

    const down = { kind: 'error', status: 503 } as const;
    await gitlab.setFault({ route: `GET /projects/${scene.project}/**`, forSeconds: 100_000, fault: down });
    const back = await operateInTerminal('rollback', label).ended;
    expect(back.code).toBe(0);
    expect(back.drawn).toContain(`going back from ${second.execution}`);
    expect(await live(scene)).toBe(pinned(first.digest));
    expect(await orderOf(scene)).toMatchObject({ hold: { kind: 'rollback' } });

    const released = await operate('release', label, '--json');
    expect(parsed(released)).toMatchObject([{ state: 'released', before: { kind: 'rollback' } }]);
    expect(await orderOf(scene)).not.toHaveProperty('hold');
    expect((await operate('release', label)).out).toEqual([`${label} was not held; nothing was changed`]);

    const [told] = parsed(await operate('history', label, '--json')) as { deployment: string; end: object }[][];
    expect(told?.map(({ deployment }) => deployment).slice(1)).toEqual([second.execution, first.execution]);
    const why = await operate('history', '--why', told?.[0]?.deployment ?? '');
    expect(why.out.join('\n')).toMatch(/steps +\d\d:\d\d:\d\d {2}Confirm\n/);
    expect(why.out.join('\n')).toContain(`back to ${first.execution}`);
  },
  { service: { healthCheckGracePeriod: 200 }, beside: true },
);

rehearsed(
  'a bad pipeline deployed by hand ends 1 with its reasons; a hold stops hooks; Ctrl-C ends the view and not the deployment',
  'operated-badly',
  async (scene) => {
    const label = `${scene.project}/${scene.name}`;
    const bad = await built(scene, unhealthy);
    const failed = await operate('deploy', label, '--pipeline', bad.pipeline);
    expect(failed.code).toBe(1);
    expect(failed.out.join('\n')).toContain('what RolloutFailed asks: docs/runbook.md#rolloutfailed');
    expect(failed.out).toContain('rollout: ECS starts new tasks and stops old ones');

    const held = await operate('hold', label, '--because', 'until Friday');
    expect(held.out[0]).toMatch(/is held by .+ since .+: until Friday; before, it was not held$/);
    const stopped = await scene.release(healthy);
    const passed = await operate('watch', stopped.execution, '--json');
    expect({ code: passed.code, said: parsed(passed) }).toMatchObject({ code: 4, said: [{ outcome: 'held' }] });

    const good = await built(scene, healthy);
    const view = operateInTerminal('deploy', label, '--pipeline', good.pipeline);
    await until('something to be drawn', () => Promise.resolve(phasesDrawn(view.drawn())[0]));
    view.type(ctrlC);
    const left = await view.ended;
    expect(left.code).toBe(130);
    const [, execution = ''] = /(\S+) goes on; to see it again/.exec(textOf(left.drawn)) ?? [];
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await live(scene)).toBe(pinned(good.digest));
  },
  { beside: true },
);
