import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Repository } from './repository.ts';

export interface RepositoryRequest {
  registryId?: string | undefined;
  repositoryName: string | undefined;
}

/** The repository a request names; RepositoryNotFoundException when there is none. */
export const findRepository = (fleet: Fleet, { registryId, repositoryName = '' }: RepositoryRequest): Repository => {
  const registry = registryId ?? fleet.account;
  const repository = registry === fleet.account ? fleet.registry.repositories.get(repositoryName) : undefined;
  if (repository !== undefined) return repository;
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${repositoryName}' does not exist in the registry with id '${registry}'`,
  );
};
