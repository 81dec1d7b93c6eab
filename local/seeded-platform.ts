import { runBuildJob, shortSha, type Pushed } from './ci/run-build-job.ts';
import type { ImageBehaviour, ServiceSeed, ServiceSeeded } from './fleet/seeds.ts';
import type { Delivery } from './gitlab/delivery.ts';
import type { Rehearsal } from './rehearsal.ts';
import { seedNames } from './seed-names.ts';

/** The service that is deployed to, and what makes it one: plain data. */
export interface SeededTarget {
  /** GitLab's project */
  project: number;
  name: string;
  /** the branch whose pipelines deploy */
  ref: string;
  cluster: string;
  service: string;
  container: string;
  /** where CI pushes to, in GitLab's registry */
  gitlabRepository: string;
  /** where images are copied to, in ECR */
  repository: string;
  /** where users reach it */
  url: string;
  targetGroupArn: string;
  taskDefinitionArn: string;
  /** of a service that is swapped by colours; the second service has no traffic at first */
  colours?: {
    idleService: string;
    /** the service's own group first */
    targetGroupArns: string[];
    ruleArn: string;
    testUrl: string;
    testRuleArn: string;
    /** name of the CloudWatch alarm that ends a swap */
    alarm: string;
  };
}

/** A commit that CI has built: its image is in GitLab's registry. */
export interface Built extends Pushed {
  sha: string;
}

/** The guide's platform in a started rehearsal: one service that serves, one GitLab project whose hook is installed. */
export interface SeededPlatform {
  target: SeededTarget;
  /** what was made around the service */
  seeded: ServiceSeeded;
  /** ECR, as images are named by it */
  registryHost: string;
  /** the commit that serves */
  serving: { sha: string; digest: string };
  /** One more commit, and its build job. */
  build(behaviour: ImageBehaviour): Promise<Built>;
  /** The commit's pipeline has passed; answers with how its hook was answered. */
  pass(sha: string): Promise<Delivery>;
}

const project = 4711;
const path = 'ml-platform/ml-workload';
const ref = 'main';
const { cluster, service, container, family, repository } = seedNames;

/** The service of the set-up, running this image. */
export const platformService = (image: string): ServiceSeed => ({
  cluster,
  service,
  family,
  containers: [{ name: container, image }],
  desiredCount: 2,
  circuitBreaker: { enable: true, rollback: true },
});

const createProject = async ({ gitlab, trueHookUrl, webhookToken }: Rehearsal): Promise<string> => {
  await gitlab.control.createProject({ id: project, path, defaultBranch: ref });
  const { sha } = await gitlab.control.push({ project, ref });
  const hook = { project, url: trueHookUrl, token: webhookToken };
  await gitlab.control.installHook({ ...hook, pipelineEvents: true, jobEvents: true });
  return sha;
};

const name = 'ml-service';

/** Puts the target that deploys the service this way, in the place of the one before. */
export const putPlatformTarget = (rehearsal: Rehearsal, strategy: object): Promise<void> =>
  rehearsal.putTarget(project, name, {
    on: { pipeline: { ref } },
    image: `${rehearsal.gitlab.registryHost}/${path}:{short_sha}`,
    ecr_repository: repository,
    also_tag: ['latest'],
    cluster,
    service,
    containers: [container],
    strategy,
  });

const build = async ({ gitlab }: Rehearsal, behaviour: ImageBehaviour): Promise<Built> => {
  const { sha } = await gitlab.control.push({ project, ref });
  return { sha, ...(await runBuildJob(gitlab, { project, path, sha, behaviour })) };
};

const pass = async ({ gitlab }: Rehearsal, sha: string): Promise<Delivery> => {
  await gitlab.control.runPipeline({ project, ref, sha, jobs: [{ name: 'test' }, { name: 'build' }] });
  await gitlab.control.idle();
  const sent = await gitlab.control.deliveries({ project });
  const delivery = sent.filter(({ trigger }) => trigger === 'pipeline_events').at(-1);
  if (delivery === undefined) throw new Error('GitLab sent no pipeline hook');
  return delivery;
};

/** Puts the guide's set-up, by its names, into a started rehearsal. `more`: what else its service has. */
export const seedPlatform = async (rehearsal: Rehearsal, more: Partial<ServiceSeed> = {}): Promise<SeededPlatform> => {
  const { aws, world } = rehearsal;
  const registryHost = `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com`;
  const sha = await createProject(rehearsal);
  const { digest } = world.putImage({
    repository,
    tag: shortSha(sha),
    behaviour: { does: 'become healthy', after: 10 },
  });
  const image = `${registryHost}/${repository}:${shortSha(sha)}`;
  const seeded = world.putService({ ...platformService(image), ...more });
  await putPlatformTarget(rehearsal, { type: 'rolling', timeout_minutes: 30 });
  const { url, targetGroupArn, taskDefinitionArn } = seeded;
  const names = { project, name, ref, cluster, service, container, gitlabRepository: path, repository };
  return {
    target: { ...names, url, targetGroupArn, taskDefinitionArn },
    seeded,
    registryHost,
    serving: { sha, digest },
    build: (behaviour) => build(rehearsal, behaviour),
    pass: (sha) => pass(rehearsal, sha),
  };
};
