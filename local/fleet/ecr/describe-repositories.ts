import type { DescribeRepositoriesRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { findRepository } from './find-repository.ts';
import { repositoryShape } from './repository-shape.ts';

export const describeRepositories =
  (fleet: Fleet): Operation =>
  (input) => {
    const { registryId, repositoryNames, nextToken, maxResults } = input as DescribeRepositoriesRequest;
    const names = repositoryNames ?? [...fleet.registry.repositories.keys()].sort();
    const found = names.map((repositoryName) => findRepository(fleet, { registryId, repositoryName }));
    const page = pageOf(found, { nextToken, maxResults: maxResults ?? 100 });
    return {
      repositories: page.items.map((repository) => repositoryShape(fleet, repository)),
      nextToken: page.nextToken,
    };
  };
