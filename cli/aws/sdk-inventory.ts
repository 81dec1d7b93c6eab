import {
  BatchGetImageCommand,
  DescribeRepositoriesCommand,
  GetDownloadUrlForLayerCommand,
  paginateDescribeImages,
  type ECRClient,
  type ImageDetail,
} from '@aws-sdk/client-ecr';
import { DescribeClustersCommand, type ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';
import { awsCall, awsCallIfThere } from '../../lib/adapters/aws/aws-call.ts';
import { everyPage } from '../../lib/adapters/aws/every-page.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { manifestTypes, type Platform } from '../../lib/domain/image-manifest.ts';
import { platformIn } from '../../lib/domain/image-platform.ts';
import type { Inventory, SeenRepository } from '../inventory.ts';

const platform = z.object({ os: z.string(), architecture: z.string() });
const manifest = z.object({
  manifests: z.optional(z.array(z.object({ platform: z.nullish(platform) }))),
  config: z.optional(z.object({ digest: z.string() })),
});

const limit = 10_000; // ms for an image's config
const unknown = 'unknown'; // how BuildKit names what its attestations run on

/** An image of one platform says it in its config, a blob that ECR hands out by a link. */
const inConfig = async (ecr: ECRClient, repositoryName: string, layerDigest: string): Promise<Platform[]> => {
  const command = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest });
  const { downloadUrl = '' } = await awsCall('GetDownloadUrlForLayer', () => ecr.send(command));
  try {
    const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(limit) });
    const found = answer.ok ? platformIn(Buffer.from(await answer.arrayBuffer())) : undefined;
    return found === undefined ? [] : [found];
  } catch {
    // The link is signed: what fetch says of it is not for a terminal.
    throw new DeployFailure('AwsUnavailable', `ECR does not hand out the config of an image of ${repositoryName}`);
  }
};

const platformsOf = async (ecr: ECRClient, repositoryName: string, imageDigest: string): Promise<Platform[]> => {
  const input = { repositoryName, imageIds: [{ imageDigest }], acceptedMediaTypes: [...manifestTypes] };
  const { images = [] } = await awsCall('BatchGetImage', () => ecr.send(new BatchGetImageCommand(input)));
  const read = manifest.safeParse(JSON.parse(images[0]?.imageManifest ?? '{}'));
  if (!read.success) return [];
  const { manifests, config } = read.data;
  if (manifests !== undefined)
    return manifests.flatMap(({ platform: one }) =>
      one === undefined || one === null || one.os === unknown ? [] : [one],
    );
  return config === undefined ? [] : inConfig(ecr, repositoryName, config.digest);
};

const newestIn = async (ecr: ECRClient, repositoryName: string): Promise<ImageDetail | undefined> => {
  let newest: ImageDetail | undefined;
  const pages = paginateDescribeImages({ client: ecr }, { repositoryName, filter: { tagStatus: 'TAGGED' } });
  for await (const { imageDetails = [] } of everyPage('DescribeImages', pages))
    for (const image of imageDetails)
      if ((image.imagePushedAt?.getTime() ?? 0) >= (newest?.imagePushedAt?.getTime() ?? 0)) newest = image;
  return newest;
};

const repositoryNamed = async (ecr: ECRClient, name: string): Promise<SeenRepository> => {
  const command = new DescribeRepositoriesCommand({ repositoryNames: [name] });
  const absent = ['RepositoryNotFoundException'];
  const found = await awsCallIfThere('DescribeRepositories', () => ecr.send(command), absent);
  if (found === undefined) return { there: false };
  const { imageDigest, imageTags: [tag] = [] } = (await newestIn(ecr, name)) ?? {};
  if (imageDigest === undefined || tag === undefined) return { there: true };
  const platforms = await platformsOf(ecr, name, imageDigest);
  return platforms.length === 0 ? { there: true } : { there: true, newest: { tag, platforms } };
};

/** When AWS answered, by its own clock. */
const timeOf = async (ecs: ECSClient): Promise<Date> => {
  let date: string | undefined;
  const command = new DescribeClustersCommand({ clusters: [] });
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as { headers?: Record<string, string> }).headers?.['date'];
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'seeDate' },
  );
  await awsCall('DescribeClusters', () => ecs.send(command));
  const time = new Date(date ?? '');
  if (Number.isNaN(time.getTime())) throw new DeployFailure('AwsUnavailable', "AWS's answer has no date");
  return time;
};

export interface InventoryClients {
  ecs: ECSClient;
  ecr: ECRClient;
  elb: ElasticLoadBalancingV2Client;
  iam: IAMClient;
}

/** By the operator's own login; reads only. */
export const sdkInventory = ({ ecs, ecr, elb, iam }: InventoryClients): Inventory => ({
  cluster: async (name) => {
    const command = new DescribeClustersCommand({ clusters: [name] });
    const { clusters = [] } = await awsCall('DescribeClusters', () => ecs.send(command));
    return clusters.some(({ status }) => status === 'ACTIVE');
  },
  missingRoles: async (arns) => {
    const missing: string[] = [];
    for (const arn of arns) {
      const command = new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf('/') + 1) });
      const role = await awsCallIfThere('GetRole', () => iam.send(command), ['NoSuchEntityException']);
      if (role === undefined) missing.push(arn);
    }
    return missing;
  },
  groups: async (arns) => {
    const groups = [];
    for (const arn of arns) {
      const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
      const absent = ['TargetGroupNotFoundException'];
      const answer = await awsCallIfThere('DescribeTargetGroups', () => elb.send(command), absent);
      for (const { TargetType = '', HealthCheckPort = 'traffic-port' } of answer?.TargetGroups ?? [])
        groups.push({ arn, targetType: TargetType, healthCheckPort: HealthCheckPort });
    }
    return groups;
  },
  repository: (name) => repositoryNamed(ecr, name),
  time: () => timeOf(ecs),
});
