import {
  deployed,
  executionEnd,
  gitlab,
  healthy,
  journalItem,
  putTarget,
  rehearsed,
  targetDocument,
  unhealthy,
  until,
  type Scene,
} from '../support/deployed.ts';

/** What developers see in GitLab, whatever GitLab does meanwhile: no deployment notices, and none is shown twice. */

const environment = 'production';

const withEnvironment = async ({ project, name }: Scene, more: object = {}): Promise<void> => {
  await putTarget(project, name, { ...targetDocument(name, { pipeline: { ref: 'main' } }), environment, ...more });
};

const shown = async ({ project }: Scene) =>
  (await gitlab.deployments({ project })).map(({ environment: where, sha, status }) => ({ where, sha, status }));

const untilShown = (scene: Scene, status: string) =>
  until(`a deployment that GitLab shows as ${status}`, async () =>
    (await shown(scene)).find((one) => one.status === status),
  );

const refusal = (status: number) => ({ kind: 'error', status, message: deployed.planted.gitlabError }) as const;

rehearsed(
  'a deployment is shown while it runs, and then as what it came to',
  'told',
  async (scene) => {
    await withEnvironment(scene, { environment_url: 'https://www.example.com/' });
    const { execution, pipeline } = await scene.release(healthy);
    expect(await untilShown(scene, 'running')).toEqual({ where: environment, sha: pipeline.sha, status: 'running' });
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    await untilShown(scene, 'success');
    await until('its address', async () => {
      const [one] = await gitlab.deployments({ project: scene.project });
      return one?.externalUrl === 'https://www.example.com/' ? one : undefined;
    });
    expect(await shown(scene)).toHaveLength(1);
  },
  { beside: true },
);

rehearsed(
  'a failure is shown beside CI’s own deployments, and noted on its commit',
  'told-failed',
  async (scene) => {
    await withEnvironment(scene, { note_on_failure: true });
    await gitlab.runPipeline({ project: scene.project, status: 'failed', jobs: [{ name: 'deploy', environment }] });
    const { execution, pipeline } = await scene.release(unhealthy);
    const { error } = await executionEnd(execution);
    expect(await untilShown(scene, 'failed')).toMatchObject({ sha: expect.any(String) as string });
    await until('the note', async () => {
      const notes = await gitlab.commitComments({ project: scene.project });
      return notes.length > 0 ? notes : undefined;
    });
    const [{ sha, note } = { sha: '', note: '' }, ...others] = await gitlab.commitComments({ project: scene.project });
    expect([sha, others]).toEqual([pipeline.sha, []]);
    expect(note).toBe(`Deployment to \`${environment}\` failed: \`${error}\`. The new image does not come to life.`);
    const ours = (await gitlab.deployments({ project: scene.project })).filter(({ job }) => job === null);
    expect(ours).toMatchObject([{ environment: `${environment}/drawbridge`, status: 'failed', sha: pipeline.sha }]);
  },
  { beside: true },
);

rehearsed(
  'GitLab fails in every way, and loses an answer: it shows all in the end, and nothing twice',
  'told-late',
  async (scene) => {
    await withEnvironment(scene);
    const all = `/projects/${scene.project}/deployments`;
    await gitlab.setFault({ route: `GET ${all}`, fault: refusal(500) });
    await gitlab.setFault({ route: `GET ${all}`, fault: refusal(401) });
    await gitlab.setFault({ route: `GET ${all}`, fault: refusal(409) });
    await gitlab.setFault({ route: `GET ${all}`, fault: { kind: 'rate limit', retryAfter: 60 } });
    await gitlab.setFault({ route: `GET ${all}`, fault: { kind: 'error', status: 502 } });
    await gitlab.setFault({ route: `GET ${all}`, fault: { kind: 'slow', seconds: 150 } });
    await gitlab.setFault({ route: `POST ${all}`, fault: { kind: 'answer lost' } });
    const { execution } = await scene.release(healthy);
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    await untilShown(scene, 'success');
    await until('the journal to know of it', async () => {
      const item = await journalItem(`feedback#${execution}`);
      return (item?.['feedback'] as { shown?: string } | undefined)?.shown === 'success' ? item : undefined;
    });
    expect(await shown(scene)).toHaveLength(1);
  },
  { beside: true },
);

rehearsed(
  'GitLab refuses for good: the deployment is well, and the next one is told of',
  'told-refused',
  async (scene) => {
    await withEnvironment(scene);
    const all = `/projects/${scene.project}/deployments`;
    await gitlab.setFault({ route: `GET ${all}`, fault: refusal(403) });
    const { execution } = await scene.release(healthy);
    await until('the refusal', async () =>
      (await gitlab.requests()).find(({ path, status }) => path.includes(`${all}?`) && status === 403),
    );
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    await untilShown(scene, 'success');
  },
  { beside: true },
);

rehearsed(
  'our own deployments start nothing, though a hook tells us of them',
  'told-of-ours',
  async (scene) => {
    await withEnvironment(scene);
    const { project } = scene;
    const { hookUrl: url, hookHeaders: headers, webhookToken: token } = deployed;
    await gitlab.installHook({
      project,
      url,
      headers,
      token,
      pipelineEvents: false,
      jobEvents: false,
      deploymentEvents: true,
    });
    const { execution } = await scene.release(healthy);
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    await untilShown(scene, 'success');
    const answers = await scene.answers('deployment_events');
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 200, body: { ignored: expect.any(String) as string } });
    expect(await scene.begun()).toEqual([execution]);
  },
  { beside: true },
);
