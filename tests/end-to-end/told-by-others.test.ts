import {
  deployed,
  executionEnd,
  fleet,
  gitlab,
  healthy,
  journalled,
  rehearsed,
  statesOf,
  unhealthy,
  type Scene,
} from '../support/deployed.ts';

/** What AWS, GitLab and a container's end say. Their texts may quote secrets: tests/record looks for them everywhere. */

const refuse = (code: string) => ({ kind: 'refuse', code, message: `not with ${deployed.planted.awsError}` }) as const;

const refusedByAws = async (scene: Scene, left: object): Promise<string> => {
  const { execution } = await scene.release(healthy);
  const end = await executionEnd(execution);
  expect(end).toMatchObject({ status: 'FAILED', error: 'AwsRefused' });
  expect((await journalled(execution))?.end).toMatchObject({ failure: 'AwsRefused', ...left });
  return end.cause;
};

rehearsed(
  'ECS refuses the update: the code is told, its text is not',
  'ecs-refuses',
  async (scene) => {
    const { serviceArn: resource } = scene.service;
    await fleet.addFault({ operation: 'UpdateService', resource, fault: refuse('InvalidParameterException') });
    const left = { undo: 'nothing written' };
    expect(await refusedByAws(scene, left)).toContain('UpdateService: InvalidParameterException');
    expect(await scene.updates()).toEqual([]);
  },
  { beside: true },
);

rehearsed(
  'GitLab refuses once: it is asked again, and the image is deployed',
  'gitlab-refuses',
  async (scene) => {
    const { gitlabError: message } = deployed.planted;
    const route = `GET /projects/${scene.project}/pipelines/*`;
    await gitlab.setFault({ route, fault: { kind: 'error', status: 403, message } });
    const { execution } = await scene.release(healthy);
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await statesOf(execution)).filter((state) => state === 'Confirm')).toHaveLength(2);
  },
  { beside: true },
);

rehearsed(
  'tasks that cannot start: what ECS says of them is the reason',
  'cannot-start',
  async (scene) => {
    const reason = 'ResourceInitializationError: unable to pull secrets';
    const { execution } = await scene.release({ does: 'fail to start', reason });
    const end = await executionEnd(execution);
    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutFailed' });
    expect(end.cause).toContain(reason);
  },
  { beside: true },
);

rehearsed(
  'why a rollout failed cannot be read: it failed all the same',
  'reasons-refused',
  async (scene) => {
    const fault = refuse('InvalidParameterException');
    await fleet.addFault({ operation: 'ListTasks', caller: 'check-rollout', about: scene.name, fault });
    const { execution } = await scene.release(unhealthy);
    const end = await executionEnd(execution);
    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutFailed' });
    expect(end.cause).toContain('the reasons could not be read');
  },
  { beside: true },
);

rehearsed(
  'a deployment of about five minutes',
  'five-minutes',
  async (scene) => {
    const { execution } = await scene.release({ does: 'become healthy', after: 180 });
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
  },
  { service: { healthCheckGracePeriod: 300 }, beside: true },
);

// Last and alone: all scenes' images are in the one repository that the stack may read.
rehearsed('ECR refuses to look: the code is told, its text is not', 'ecr-refuses', async (scene) => {
  await fleet.addFault({ operation: 'DescribeImages', fault: refuse('InvalidParameterException') });
  expect(await refusedByAws(scene, {})).toContain('DescribeImages: InvalidParameterException');
});
