import type { CreateRepositoryRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import { repositoryNamed } from './registry.ts';
import { repositoryShape } from './repository-shape.ts';
import { tagSettings } from './tag-mutability.ts';

/** Encryption is always AES256 here, and tags are taken without being kept. */
export const createRepository =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as CreateRepositoryRequest;
    const { repositoryName = '', imageScanningConfiguration } = request;
    if (fleet.registry.repositories.has(repositoryName)) {
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${repositoryName}' already exists in the registry with id '${fleet.account}'`,
      );
    }
    const settings = { ...tagSettings(request), scanOnPush: imageScanningConfiguration?.scanOnPush ?? false };
    const repository = repositoryNamed(fleet.registry, repositoryName, { place: fleet, at: dateOf(fleet), settings });
    return { repository: repositoryShape(fleet, repository) };
  };
