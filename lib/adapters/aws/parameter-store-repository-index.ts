import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { repositoryKey } from '../../domain/repository-key.ts';
import type { RepositoryIndex } from '../../ports/repository-index.ts';
import { awsCall, isAwsError } from './aws-call.ts';
import { readProjects } from './indexed-projects.ts';

const notThere = 'ParameterNotFound';

/** `path`: `/drawbridge/<stage>/repositories`; below it one parameter for each repository, named by its key. */
export const parameterStoreRepositoryIndex = (client: SSMClient, path: string): RepositoryIndex => ({
  projectsOf: async (repository) => {
    const key = repositoryKey(repository);
    try {
      const command = new GetParameterCommand({ Name: `${path}/${key}` });
      const { Parameter } = await awsCall('GetParameter', () => client.send(command), [notThere]);
      const projects = readProjects(Parameter?.Value ?? '');
      if (projects !== undefined) return { projects, broken: [] };
      return { projects: [], broken: [{ name: `repositories/${key}`, problems: ['must be a list of project ids'] }] };
    } catch (error) {
      if (isAwsError(error, notThere)) return { projects: [], broken: [] };
      throw error;
    }
  },
});
