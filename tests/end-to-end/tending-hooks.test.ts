import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  clientOptions,
  deployed,
  executionEnd,
  gitlab,
  healthy,
  journalItem,
  rehearsed,
  until,
  type Scene,
} from '../support/deployed.ts';
import { withoutRight } from '../support/deployed-door.ts';
import { answered, payloadOf, startedBy } from '../support/deployed-hooks.ts';
import { askAsManager, removeTargets } from '../support/deployed-rotation.ts';

/** What GitLab does with hooks that fail, on the deployed stack, and what tend-hooks makes of it. */

const lambda = new LambdaClient(clientOptions);
const logs = new CloudWatchLogsClient(clientOptions);

const tend = async (): Promise<Record<string, unknown>> => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'drawbridge-local-tend-hooks', Payload: '{}' }));
  const said = JSON.parse(answer.Payload?.transformToString() ?? '{}') as Record<string, unknown>;
  if (answer.FunctionError !== undefined) throw new Error(`tend-hooks: ${JSON.stringify(said)}`);
  return said;
};
const well = { missing: 0, notExecutable: 0, broughtBack: 0, resent: 0, throttled: 0, behind: 0 };

/** How many disabled hooks tend-hooks has shown, look by look. */
const shown = async (since: number): Promise<number[]> => {
  const logGroupName = '/aws/lambda/drawbridge-local-tend-hooks';
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime: since }));
  const lines = events.map(({ message = '' }) => message).filter((line) => line.startsWith('{'));
  return lines.flatMap((line) => (JSON.parse(line) as { HooksNotExecutable?: number }).HooksNotExecutable ?? []);
};

/** Gives the scene's hook the URL that the stack knows as its own; the token comes with it, for a new URL forgets it. */
const makeOurs = async ({ project, hook }: Scene): Promise<void> => {
  const values = { url: deployed.trueHookUrl, token: deployed.webhookToken, job_events: false };
  await askAsManager('PUT', `/projects/${project}/hooks/${hook}`, values);
};

interface Health {
  alert_status: string;
  disabled_until: string | null;
}
const healthOf = async ({ project, hook }: Scene): Promise<Health> =>
  (await askAsManager('GET', `/projects/${project}/hooks/${hook}`)) as Health;

/** What GitLab sent of a pipeline, oldest first. */
const sendings = async ({ project }: Scene, pipeline: number) => {
  await gitlab.idle();
  return (await gitlab.deliveries({ project })).filter(
    (one) => one.trigger === 'pipeline_events' && payloadOf(one).object_attributes.id === pipeline,
  );
};

/** A pipeline whose hook the door cannot record; answers its id. */
const loseOne = async (scene: Scene): Promise<number> => {
  const { sha } = await scene.commit(healthy);
  const { id } = await withoutRight('states:StartExecution', async () => {
    const run = await gitlab.runPipeline({ project: scene.project, sha });
    await gitlab.idle();
    return run;
  });
  expect((await sendings(scene, id)).map(answered)).toEqual(['503 ']);
  return id;
};

// The projects of other files would be looked at as well.
beforeAll(removeTargets);

rehearsed('a hook that was lost is sent again, once, and deploys', 'tending-lost', async (scene) => {
  await makeOurs(scene);
  const { project } = scene;
  const pipeline = await loseOne(scene);
  const [first] = await sendings(scene, pipeline);
  const word = () => journalItem(`resent#${project}#${first?.idempotencyKey ?? ''}`);

  await gitlab.setFault({
    route: 'POST /projects/*/hooks/*/events/*/resend',
    fault: { kind: 'rate limit', retryAfter: 60 },
  });
  expect(await tend()).toEqual({ ...well, throttled: 1 });
  expect(await word()).toBeUndefined();

  expect(await tend()).toEqual({ ...well, resent: 1 });
  const [, again, ...more] = await sendings(scene, pipeline);
  expect([again?.idempotencyKey, more]).toEqual([first?.idempotencyKey, []]);
  expect(await word()).toHaveProperty('expires');
  if (again === undefined) throw new Error('nothing was sent again');
  expect(await executionEnd(startedBy(again))).toMatchObject({ status: 'SUCCEEDED' });

  expect(await tend()).toEqual(well);
  expect(await sendings(scene, pipeline)).toHaveLength(2);
  expect(await scene.updates()).toHaveLength(1);
});

rehearsed(
  'a hook that GitLab has disabled is shown, brought back, and shown no longer',
  'tending-disabled',
  async (scene) => {
    await makeOurs(scene);
    const since = Date.now();
    const { project } = scene;
    const { sha } = await scene.commit(healthy);
    const pipeline = await withoutRight('states:StartExecution', async () => {
      const { id } = await gitlab.runPipeline({ project, sha });
      const rests = new Set<string>();
      // The third rest is four minutes long: time enough to look.
      await until('a hook that rests for the third time', async () => {
        await gitlab.sendHook({ project, pipeline: id });
        await gitlab.idle();
        const { disabled_until: rest } = await healthOf(scene);
        if (rest !== null) rests.add(rest);
        return rests.size === 3 ? true : undefined;
      });
      return id;
    });
    const failed = (await sendings(scene, pipeline)).length;
    // Told to nobody, and in no log.
    const dropped = await gitlab.runPipeline({ project, sha, status: 'failed' });
    expect(await sendings(scene, dropped.id)).toEqual([]);

    await gitlab.setInstance({ webhookTimeout: 0.001 });
    expect(await tend()).toEqual({ ...well, notExecutable: 1 });
    await gitlab.setInstance({ webhookTimeout: 10 });
    expect((await healthOf(scene)).alert_status).toBe('temporarily_disabled');

    expect(await tend()).toEqual({ ...well, broughtBack: 1, resent: 1 });
    expect((await healthOf(scene)).alert_status).toBe('executable');
    const [again] = (await sendings(scene, pipeline)).slice(failed);
    if (again === undefined) throw new Error('nothing was sent again');
    expect(await executionEnd(startedBy(again))).toMatchObject({ status: 'SUCCEEDED' });

    expect(await tend()).toEqual(well);
    await until('what was shown, in the log', async () => {
      const found = await shown(since);
      return found.length >= 3 ? found : undefined;
    }).then((found) => {
      expect(found).toEqual([1, 0, 0]);
    });
  },
);
