import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { randomInt } from 'node:crypto';
import { runBuildJob, shortSha } from '../../../local/ci/run-build-job.ts';
import { clientOptionsOf } from '../../../local/aws.ts';
import type { ServiceView } from '../../../local/fleet/seeds.ts';
import type { Delivery } from '../../../local/gitlab/delivery.ts';
import { clientsOf, closer, outputsOf, startParts } from '../../../local/rehearsal.ts';
import { rotatedSecrets } from '../../../local/secrets/fill-secrets.ts';
import { seedNames } from '../../../local/seed-names.ts';
import { platformService } from '../../../local/seeded-platform.ts';

const project = 4711;
const path = 'ml-platform/ml-workload';
const ref = 'main';

type Parts = Awaited<ReturnType<typeof startParts>>;

/** A commit whose pipeline has passed, and GitLab's hook of that. */
export interface Released {
  sha: string;
  digest: string;
  /** its number in GitLab */
  pipeline: number;
  delivery: Delivery;
}

/** With whose keys CI has pushed and deployed so far. */
export interface CiUser {
  name: string;
  key: string;
}

/** The ML platform as its guide leaves it: a service that runs, a project in GitLab, a secret without a value. Nothing of ours. */
export interface GuideWorld extends Parts {
  project: number;
  path: string;
  ciUser: CiUser;
  /** what AWS's CLI and ours need to find this world */
  env: Record<string, string>;
  /** A push to the branch, its build job, its pipeline. */
  release(): Promise<Released>;
  serviceView(): ServiceView;
  /** CloudFormation's part in rotation, which the local AWS has not; does nothing until the stack is there. */
  scheduleRotation(): Promise<void>;
  close(): Promise<void>;
}

const healthy = { does: 'become healthy', after: 10 } as const;

const createPlatform = async ({ gitlab, world, aws }: Parts): Promise<void> => {
  await gitlab.control.createProject({ id: project, path, defaultBranch: ref });
  const { sha } = await gitlab.control.push({ project, ref });
  const { repository, gitlabSecret } = seedNames;
  world.putImage({ repository, tag: shortSha(sha), behaviour: healthy });
  const image = `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${repository}:${shortSha(sha)}`;
  world.putService(platformService(image));
  await clientsOf(aws).secrets.send(new CreateSecretCommand({ Name: gitlabSecret }));
  const role = { RoleName: 'ecsTaskExecutionRole', AssumeRolePolicyDocument: '{}' };
  await new IAMClient(clientOptionsOf(aws)).send(new CreateRoleCommand(role));
};

const createCiUser = async ({ aws }: Parts): Promise<CiUser> => {
  const iam = new IAMClient(clientOptionsOf(aws));
  const UserName = 'gitlab-ci';
  const Statement = [{ Effect: 'Allow', Action: 'ecr:*', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateUserCommand({ UserName }));
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'push', PolicyDocument }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'deploy', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { name: UserName, key: AccessKey?.AccessKeyId ?? '' };
};

const release = async ({ gitlab }: Parts): Promise<Released> => {
  const { control } = gitlab;
  const { sha } = await control.push({ project, ref });
  const { digest } = await runBuildJob(gitlab, { project, path, sha, behaviour: healthy });
  const { id: pipeline } = await control.runPipeline({
    project,
    ref,
    sha,
    jobs: [{ name: 'test' }, { name: 'build' }],
  });
  await control.idle();
  const sent = await control.deliveries({ project });
  const delivery = sent.findLast(({ trigger }) => trigger === 'pipeline_events');
  if (delivery === undefined) throw new Error('GitLab sent no pipeline hook');
  return { sha, digest, pipeline, delivery };
};

const scheduleRotation = async ({ aws, rotations }: Parts): Promise<void> => {
  if (rotations.settingOf(rotatedSecrets.hook) !== undefined) return;
  const { RotationFunctionArn } = await outputsOf(clientsOf(aws)).catch(() => ({ RotationFunctionArn: undefined }));
  if (RotationFunctionArn === undefined) return;
  const RotationRules = { AutomaticallyAfterDays: 30 };
  rotations.configure(rotatedSecrets.hook, { RotationLambdaARN: RotationFunctionArn, RotationRules });
};

/** Starts AWS, the fleet and GitLab, and puts the guide's platform into them. */
export const openGuideWorld = async (): Promise<GuideWorld> => {
  const { opened, close } = closer();
  try {
    const parts = await startParts(randomInt(2 ** 31), {}, opened);
    await createPlatform(parts);
    const { aws, recorder, world } = parts;
    return {
      ...parts,
      ...{ project, path, ciUser: await createCiUser(parts) },
      env: { ...aws.env, AWS_ENDPOINT_URL_SECRETS_MANAGER: recorder.url },
      release: () => release(parts),
      serviceView: () => world.serviceView(seedNames.cluster, seedNames.service),
      scheduleRotation: () => scheduleRotation(parts),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
