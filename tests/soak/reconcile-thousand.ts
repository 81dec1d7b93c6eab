import { join } from 'node:path';
import type { Reconciled } from '../../lib/app/reconcile.ts';
import { project as home } from '../../local/build/build.ts';
import { virtualClock } from '../../local/clock.ts';
import type { GitlabControl, PipelineView } from '../../local/gitlab/control.ts';
import { startGitlab } from '../../local/gitlab/server.ts';
import { Refusal, parameterStore } from '../bench/parameter-store.ts';
import { startAwsStub, type AwsStub, type Operation } from '../bench/aws-stub.ts';
import { hookEnvironment } from '../bench/hook-scene.ts';
import { startHostedLambda, type HostedLambda } from '../bench/hosted-lambda.ts';
import { targetDocument } from '../support/samples.ts';
import { withBuiltFunction } from './hook-worker.ts';

/** A thousand targets: in each project two, which wait for the same branch. */
const projects = 500;
const names = ['web', 'api'];
const path = '/drawbridge/bench/targets';

export interface Found {
  answer: Reconciled;
  /** of the invocation */
  seconds: number;
  /** bytes */
  peak: number;
  /** what GitLab was asked */
  lists: number;
  pipelines: number;
  aws: string[];
}

const store = () =>
  parameterStore(
    Object.fromEntries(
      Array.from({ length: projects }, (_, n) => n + 1).flatMap((id) =>
        names.map((name) => [`${path}/${id}/${name}`, JSON.stringify(targetDocument)]),
      ),
    ),
  );

/** In each project one pipeline that succeeded, so many of them side by side. */
const runPipelines = async (control: GitlabControl): Promise<Map<number, PipelineView>> => {
  const runs = new Map<number, PipelineView>();
  for (let from = 1; from <= projects; from += 25)
    await Promise.all(
      Array.from({ length: 25 }, async (_, n) => {
        const { id: project } = await control.createProject({ id: from + n, path: `acme/web-${from + n}` });
        runs.set(project, await control.runPipeline({ project, jobs: [] }));
      }),
    );
  return runs;
};

/** The journal's table: of all but the first so many projects what they deployed last is the pipeline that ran. */
const table = (runs: ReadonlyMap<number, PipelineView>, missed: number): Partial<Record<string, Operation>> => {
  const orderOf = (id: string): object[] => {
    const project = Number(/^target#(\d+)\//.exec(id)?.[1]);
    const run = runs.get(project);
    if (run === undefined || project <= missed) return [];
    const key = [run.id, Math.floor(Date.parse(run.finishedAt ?? '') / 1_000)].map((one) => ({ N: String(one) }));
    return [{ id: { S: id }, version: { N: '1' }, newestDeployed: { L: key }, newestSeen: { L: key } }];
  };
  return {
    'DynamoDB_20120810.BatchGetItem': ({ RequestItems }) => {
      const [[name, { Keys }] = ['', { Keys: [] }]] = Object.entries(
        RequestItems as Record<string, { Keys: { id: { S: string } }[] }>,
      );
      return { Responses: { [name]: Keys.flatMap(({ id }) => orderOf(id.S)) }, UnprocessedKeys: {} };
    },
    'DynamoDB_20120810.GetItem': () => ({}),
    'DynamoDB_20120810.PutItem': () => ({}),
    'AWSStepFunctions.DescribeExecution': () => {
      throw new Refusal('ExecutionDoesNotExist', 'there is no such execution');
    },
  };
};

const worker = async (folder: string, stub: AwsStub): Promise<HostedLambda> =>
  startHostedLambda({
    client: join(home, 'local', 'build', 'bootstrap.ts'),
    taskRoot: join(folder, 'reconcile'),
    timeLimit: 300_000,
    env: {
      ...(await hookEnvironment(stub.url, join(folder, 'home'))),
      // GitLab speaks plain http here, as in the rehearsal.
      STAGE: 'local',
      AWS_SDK_UA_APP_ID: 'reconcile',
      TABLE_NAME: 'journal',
      PRIVATE_HOSTS: '',
    },
  });

/** One invocation of the built function, where the hooks of so many projects were lost. */
export const run = (missed: number): Promise<Found> =>
  withBuiltFunction('reconcile', async (folder) => {
    const gitlab = await startGitlab({ clock: virtualClock(), seed: 7 });
    const runs = await runPipelines(gitlab.control);
    const secret = { gitlab_url: gitlab.url, gitlab_token: gitlab.token, registry_host: gitlab.registryHost };
    const stub = await startAwsStub(JSON.stringify(secret), store(), table(runs, missed));
    const lambda = await worker(folder, stub);
    try {
      const start = performance.now();
      const answer = (await lambda.invoke({})) as unknown as Reconciled;
      const seconds = (performance.now() - start) / 1_000;
      const asked = (await gitlab.control.requests()).map(({ path: of }) => of.split('?')[0] ?? '');
      const lists = asked.filter((of) => of.endsWith('/pipelines')).length;
      return { answer, seconds, peak: lambda.peak(), lists, pipelines: asked.length - lists, aws: stub.takeCalls() };
    } finally {
      await lambda.end();
      await stub.close();
      await gitlab.close();
    }
  });
