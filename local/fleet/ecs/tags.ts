import type { ListTagsForResourceRequest, TagResourceRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';

const MOST = 50;

export const tagResource =
  (fleet: Fleet): Operation =>
  (input) => {
    const { resourceArn = '', tags = [] } = input as unknown as TagResourceRequest;
    checkExists(fleet, resourceArn);
    const keys = tags.map(({ key }) => key);
    const merged = [...(fleet.tags.get(resourceArn) ?? []).filter(({ key }) => !keys.includes(key)), ...tags];
    if (merged.length > MOST)
      throw new AwsError('InvalidParameterException', `A resource can have at most ${MOST} tags.`);
    fleet.tags.set(resourceArn, merged);
    return {};
  };

export const listTagsForResource =
  (fleet: Fleet): Operation =>
  (input) => {
    const { resourceArn = '' } = input as unknown as ListTagsForResourceRequest;
    checkExists(fleet, resourceArn);
    return { tags: fleet.tags.get(resourceArn) ?? [] };
  };

const checkExists = ({ clusters, families, tasks }: Fleet, arn: string): void => {
  const all = [...clusters.values()];
  const exists =
    tasks.has(arn) ||
    all.some(
      (cluster) => cluster.arn === arn || [...cluster.services.values()].some((service) => service.arn === arn),
    ) ||
    [...families.values()].some((family) => family.some((record) => record.arn === arn));
  if (!exists) throw new AwsError('InvalidParameterException', 'The specified resource is not found.');
};
