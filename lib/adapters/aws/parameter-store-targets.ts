import { GetParameterCommand, GetParametersByPathCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import type { BrokenTarget, ProjectTargets, Targets } from '../../ports/targets.ts';
import type { Target } from '../../domain/target.ts';
import { awsCall, awsCallIfThere } from './aws-call.ts';
import { readTarget } from './target-document.ts';

const notThere = ['ParameterNotFound'];
const pageSize = 10; // Parameter Store's most

export interface TargetsOptions {
  /** `/drawbridge/<stage>/targets`; below it `<project id>/<name>` */
  path: string;
  /** host of the registry that images may come from */
  registry: string;
}

/** Targets by path, so that a hook reads only its own project's, however many others there are. */
export const parameterStoreTargets = (client: SSMClient, { path, registry }: TargetsOptions): Targets => {
  const pages = async (Path: string, Recursive = false): Promise<Parameter[]> => {
    const found: Parameter[] = [];
    let NextToken: string | undefined;
    do {
      const command = new GetParametersByPathCommand({ Path, Recursive, MaxResults: pageSize, NextToken });
      const page = await awsCall('GetParametersByPath', () => client.send(command));
      found.push(...(page.Parameters ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== '');
    return found;
  };

  /** `Name` ends in `<project>/<name>`. */
  const sorted = (project: number, parameters: readonly Parameter[]): Omit<ProjectTargets, 'project'> => {
    const found: { targets: Target[]; broken: BrokenTarget[] } = { targets: [], broken: [] };
    for (const { Name = '', Value = '' } of parameters) {
      const name = Name.slice(Name.lastIndexOf('/') + 1);
      const read = readTarget({ project, name }, Value, registry);
      if ('target' in read) found.targets.push(read.target);
      else found.broken.push({ name, problems: read.problems });
    }
    return found;
  };

  return {
    ofProject: async (project) => sorted(project, await pages(`${path}/${project}`)),
    all: async () => {
      const inProject = ({ Name = '' }: Parameter) => Number(/^\/(\d+)\/[^/]+$/.exec(Name.slice(path.length))?.[1]);
      const byProject = Map.groupBy(await pages(path, true), inProject);
      return [...byProject]
        .filter(([project]) => Number.isSafeInteger(project))
        .map(([project, parameters]) => ({ project, ...sorted(project, parameters) }));
    },
    find: async (id) => {
      const command = new GetParameterCommand({ Name: `${path}/${id.project}/${id.name}` });
      const answer = await awsCallIfThere('GetParameter', () => client.send(command), notThere);
      if (answer === undefined) return undefined;
      const read = readTarget(id, answer.Parameter?.Value ?? '', registry);
      return 'target' in read ? read.target : { name: id.name, problems: read.problems };
    },
  };
};
