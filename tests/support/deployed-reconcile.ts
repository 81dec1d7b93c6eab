import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientOptions, deployed, gitlab, type Scene } from './deployed.ts';
import { askAsManager } from './deployed-rotation.ts';

/** Hooks that GitLab does not send, and what makes them good. */

const lambda = new LambdaClient(clientOptions);

/** Answers how many deployments of the scene's project it began. */
export const reconcile = async ({ project }: Scene): Promise<unknown> => {
  const Payload = JSON.stringify({ project });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'drawbridge-local-reconcile', Payload }));
  const said = JSON.parse(answer.Payload?.transformToString() ?? '{}') as Record<string, unknown>;
  if (answer.FunctionError !== undefined) throw new Error(`reconcile: ${JSON.stringify(said)}`);
  expect(said).toMatchObject({ targets: 1, behind: 0 });
  return said['started'];
};

/** From now on GitLab tells nobody. */
export const takeHookAway = ({ project, hook }: Pick<Scene, 'project' | 'hook'>): Promise<unknown> =>
  askAsManager('DELETE', `/projects/${project}/hooks/${hook}`);

/** The hook that a scene begins with, again. */
export const putHookBack = ({ project }: Scene): Promise<{ id: number }> => {
  const { hookUrl: url, hookHeaders: headers, webhookToken: token } = deployed;
  return gitlab.installHook({ project, url, headers, token, pipelineEvents: true, jobEvents: true });
};
