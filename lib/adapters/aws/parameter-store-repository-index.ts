import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { repositoryKey } from '../../domain/repository-key.ts';
import type { RepositoryIndex } from '../../ports/repository-index.ts';
import { awsCallIfThere } from './aws-call.ts';
import { readProjects } from './indexed-projects.ts';

const notThere = ['ParameterNotFound'];

/** `path`: `/drawbridge/<stage>/repositories`; below it one parameter for each repository, named by its key. */
export const parameterStoreRepositoryIndex = (client: SSMClient, path: string): RepositoryIndex => ({
  projectsOf: async (repository) => {
    const key = repositoryKey(repository);
    const command = new GetParameterCommand({ Name: `${path}/${key}` });
    const answer = await awsCallIfThere('GetParameter', () => client.send(command), notThere);
    if (answer === undefined) return { projects: [], broken: [] };
    const projects = readProjects(answer.Parameter?.Value ?? '');
    if (projects !== undefined) return { projects, broken: [] };
    return { projects: [], broken: [{ name: `repositories/${key}`, problems: ['must be a list of project ids'] }] };
  },
});
