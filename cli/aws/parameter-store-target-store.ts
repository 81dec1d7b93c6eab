import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { readProjects } from '../../lib/adapters/aws/indexed-projects.ts';
import type { StackBounds } from '../../lib/domain/stack-bounds.ts';
import type { TargetStore } from '../target-store.ts';

const boundsSchema = z.object({
  account: z.string(),
  partition: z.string(),
  region: z.string(),
  services: z.array(z.string()),
  repositories: z.array(z.string()),
  listenerRules: z.array(z.string()),
  mayDelete: z.boolean(),
});

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

/** What the deployed stack publishes about itself. */
const readBounds = async (client: SSMClient, Name: string): Promise<StackBounds> => {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    const read = boundsSchema.safeParse(parsed(Parameter?.Value));
    if (read.success) return read.data;
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    throw new Error(`there is no parameter ${Name}: is this stage deployed, in this account and region?`, {
      cause: error,
    });
  }
  throw new Error(`parameter ${Name} is not what this version's stack writes: deploy the stack again`);
};

/** What lies directly below a path, by its last part. */
const below = async (client: SSMClient, Path: string): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  for await (const page of paginateGetParametersByPath({ client }, { Path })) {
    for (const { Name = '', Value = '' } of page.Parameters ?? [])
      found.set(Name.slice(Name.lastIndexOf('/') + 1), Value);
  }
  return found;
};

/**
 * Targets in Parameter Store, `/drawbridge/<stage>/targets/<project id>/<name>`, and the repository index beside them,
 * `…/repositories/<key>`: each a standard parameter.
 */
export const parameterStoreTargetStore = (client: SSMClient, stage: string): TargetStore => {
  const path = `/drawbridge/${stage}`;
  const put = async (Name: string, Value: string): Promise<void> => {
    const parameter = { Name, Value, Type: 'String', Tier: 'Standard' } as const;
    await client.send(new PutParameterCommand({ ...parameter, Overwrite: true }));
  };
  return {
    bounds: () => readBounds(client, `${path}/bounds`),
    documents: (project) => below(client, `${path}/targets/${project}`),
    write: ({ project, name }, document) => put(`${path}/targets/${project}/${name}`, document),
    entries: async () => {
      const found = await below(client, `${path}/repositories`);
      return new Map([...found].map(([key, json]) => [key, readProjects(json)]));
    },
    writeEntry: (key, projects) => put(`${path}/repositories/${key}`, JSON.stringify(projects)),
  };
};
