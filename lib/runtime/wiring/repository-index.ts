import { SSMClient } from '@aws-sdk/client-ssm';
import { parameterStoreRepositoryIndex } from '../../adapters/aws/parameter-store-repository-index.ts';
import type { RepositoryIndex } from '../../ports/repository-index.ts';
import { setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

export const repositoryIndex = (): RepositoryIndex =>
  parameterStoreRepositoryIndex(new SSMClient(clientOptions()), setting('REPOSITORIES_PATH'));
