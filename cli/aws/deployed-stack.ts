import { GetFunctionConfigurationCommand, ResourceNotFoundException, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

const variables = z.object({
  ACCOUNT_ID: z.string(),
  PARTITION: z.string(),
  TABLE_NAME: z.string(),
  STATE_MACHINE_ARN: z.string(),
  TARGETS_PATH: z.string(),
  HOOK_SECRET: z.string(),
  GITLAB_SECRET: z.string(),
  MANAGER_SECRET: z.string(),
  HOOK_URL: z.string(),
  ROTATION_DAYS: z.coerce.number(),
  PRIVATE_HOSTS: z.string(),
  AWS_USE_FIPS_ENDPOINT: z.string(),
});

/** A stage's stack as it is deployed: the names and settings that its functions have. */
export interface DeployedStack {
  stage: string;
  account: string;
  partition: string;
  /** of the function that rotates secrets */
  rotationFunctionArn: string;
  table: string;
  stateMachineArn: string;
  /** Parameter Store path of the targets */
  targetsPath: string;
  /** names of secrets */
  hookSecret: string;
  gitlabSecret: string;
  managerSecret: string;
  /** under which GitLab knows the door */
  hookUrl: string;
  rotationDays: number;
  /** that the registry and its storage may be at although their addresses are private */
  privateHosts: readonly string[];
  /** whether the functions ask AWS's FIPS endpoints */
  fips: boolean;
}

const configurationOf = async (lambda: LambdaClient, FunctionName: string) => {
  try {
    return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    const hint = 'is this stage deployed, in this account and region?';
    throw new Error(`there is no function ${FunctionName}: ${hint}`, { cause: error });
  }
};

/** Finds the stack by the name that it gives the function with the most settings. Raises AWS's own errors. */
export const deployedStack = async (lambda: LambdaClient, stage: string): Promise<DeployedStack> => {
  const name = `drawbridge-${stage}-rotate-secret`;
  const { FunctionArn, Environment } = await configurationOf(lambda, name);
  const read = variables.safeParse(Environment?.Variables);
  if (FunctionArn === undefined || !read.success)
    throw new Error(`${name} is not what this version's stack deploys: deploy the stack again`);
  const { data } = read;
  return {
    stage,
    account: data.ACCOUNT_ID,
    partition: data.PARTITION,
    rotationFunctionArn: FunctionArn,
    table: data.TABLE_NAME,
    stateMachineArn: data.STATE_MACHINE_ARN,
    targetsPath: data.TARGETS_PATH,
    hookSecret: data.HOOK_SECRET,
    gitlabSecret: data.GITLAB_SECRET,
    managerSecret: data.MANAGER_SECRET,
    hookUrl: data.HOOK_URL,
    rotationDays: data.ROTATION_DAYS,
    fips: data.AWS_USE_FIPS_ENDPOINT === 'true',
    privateHosts: data.PRIVATE_HOSTS.split(',').flatMap((host) => host.trim() || []),
  };
};
