import type { Repository as RepositoryAnswer } from '@aws-sdk/client-ecr';
import type { Fleet } from '../world/fleet.ts';
import type { Repository } from './repository.ts';

/** A repository as AWS describes it. */
export const repositoryShape = ({ account }: Fleet, repository: Repository): RepositoryAnswer => {
  const { imageTagMutability, exclusions, scanOnPush } = repository.settings;
  const filters = exclusions.map((filter) => ({ filterType: 'WILDCARD' as const, filter }));
  return {
    repositoryArn: repository.arn,
    registryId: account,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: repository.createdAt,
    imageTagMutability,
    ...(filters.length === 0 ? {} : { imageTagMutabilityExclusionFilters: filters }),
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
};
