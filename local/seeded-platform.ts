import type { ImageBehaviour } from './fleet/seeds.ts';
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
  repository: string;
  /** where users reach it */
  url: string;
  targetGroupArn: string;
  taskDefinitionArn: string;
}

/** A commit that CI has built: its image is in ECR, its pipeline has run. */
export interface Shipped {
  sha: string;
  /** the image's */
  digest: string;
  /** how the hook of its pipeline was answered */
  delivery: Delivery;
}

/** The guide's platform in a started rehearsal: one service that serves, one GitLab project whose hook is installed. */
export interface SeededPlatform {
  target: SeededTarget;
  /** ECR, as images are named by it */
  registryHost: string;
  /** the commit that serves */
  serving: { sha: string; digest: string };
  /** Ships one more commit as CI does; answers once GitLab's hooks are answered. */
  ship(behaviour: ImageBehaviour): Promise<Shipped>;
}

const project = 4711;
const ref = 'main';
const { cluster, service, container, family, repository } = seedNames;

/** As GitLab's `CI_COMMIT_SHORT_SHA` */
const tagOf = (sha: string): string => sha.slice(0, 8);

const putService = ({ world }: Rehearsal, image: string) =>
  world.putService({
    cluster,
    service,
    family,
    containers: [{ name: container, image }],
    desiredCount: 2,
    circuitBreaker: { enable: true, rollback: true },
  });

const createProject = async ({ gitlab, hookUrl, hookHeaders, webhookToken }: Rehearsal): Promise<string> => {
  await gitlab.control.createProject({ id: project, path: 'ml-platform/ml-workload', defaultBranch: ref });
  const { sha } = await gitlab.control.push({ project, ref });
  const hook = { project, url: hookUrl, headers: hookHeaders, token: webhookToken };
  await gitlab.control.installHook({ ...hook, pipelineEvents: true, jobEvents: true });
  return sha;
};

const putTarget = async (rehearsal: Rehearsal, registryHost: string): Promise<string> => {
  const name = 'ml-service';
  await rehearsal.putTarget(project, name, {
    on: { pipeline: { ref } },
    image: `${registryHost}/${repository}:{short_sha}`,
    cluster,
    service,
    containers: [container],
    strategy: { type: 'rolling', timeout_minutes: 30 },
  });
  return name;
};

const ship = async ({ gitlab, world }: Rehearsal, behaviour: ImageBehaviour): Promise<Shipped> => {
  const { sha } = await gitlab.control.push({ project, ref });
  const { digest } = world.putImage({ repository, tag: tagOf(sha), behaviour });
  await gitlab.control.runPipeline({ project, ref, sha, jobs: [{ name: 'test' }, { name: 'build' }] });
  await gitlab.control.idle();
  const sent = await gitlab.control.deliveries({ project });
  const delivery = sent.filter(({ trigger }) => trigger === 'pipeline_events').at(-1);
  if (delivery === undefined) throw new Error('GitLab sent no pipeline hook');
  return { sha, digest, delivery };
};

/** Puts the guide's set-up, by its names, into a started rehearsal. */
export const seedPlatform = async (rehearsal: Rehearsal): Promise<SeededPlatform> => {
  const { aws, world } = rehearsal;
  const registryHost = `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com`;
  const sha = await createProject(rehearsal);
  const { digest } = world.putImage({ repository, tag: tagOf(sha), behaviour: { does: 'become healthy', after: 10 } });
  const seeded = putService(rehearsal, `${registryHost}/${repository}:${tagOf(sha)}`);
  const name = await putTarget(rehearsal, registryHost);
  const { url, targetGroupArn, taskDefinitionArn } = seeded;
  const names = { project, name, ref, cluster, service, container, repository };
  return {
    target: { ...names, url, targetGroupArn, taskDefinitionArn },
    registryHost,
    serving: { sha, digest },
    ship: (behaviour) => ship(rehearsal, behaviour),
  };
};
