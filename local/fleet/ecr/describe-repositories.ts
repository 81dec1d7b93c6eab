import type { DescribeRepositoriesRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { findRepository } from './find-repository.ts';

export const describeRepositories =
  (fleet: Fleet): Operation =>
  (input) => {
    const { registryId, repositoryNames, nextToken, maxResults } = input as DescribeRepositoriesRequest;
    const names = repositoryNames ?? [...fleet.registry.repositories.keys()].sort();
    const found = names.map((repositoryName) => findRepository(fleet, { registryId, repositoryName }));
    const page = pageOf(found, { nextToken, maxResults: maxResults ?? 100 });
    return {
      repositories: page.items.map(({ arn, name, uri, createdAt }) => ({
        repositoryArn: arn,
        registryId: fleet.account,
        repositoryName: name,
        repositoryUri: uri,
        createdAt,
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: 'AES256' },
      })),
      nextToken: page.nextToken,
    };
  };
