import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { secretsManagerGitlabCredentials } from '../../lib/adapters/aws/secrets-manager-gitlab-credentials.ts';
import { secretsManagerManagerCredentials } from '../../lib/adapters/aws/secrets-manager-manager-credentials.ts';
import type { StackBounds } from '../../lib/domain/stack-bounds.ts';
import type { Targets } from '../../lib/ports/targets.ts';
import type { CredentialSource, ManagerSource } from '../../lib/ports/vault.ts';
import { deployedStack, type DeployedStack } from './deployed-stack.ts';
import { deployedTargets } from './deployed-targets.ts';

/** A deployed stage, and what GitLab is shown: by the operator's own login at AWS. */
export interface ExaminedStage {
  stack: DeployedStack;
  bounds: StackBounds;
  targets: Targets;
  secrets: SecretsManagerClient;
  credentials: CredentialSource;
  manager: ManagerSource;
  /** the rehearsal's: everything on this machine, GitLab over plain http */
  local: boolean;
}

/** Raises AWS's own errors, and says so when there is no such stage. */
export const examinedStage = async (aws: { region?: string }, stage: string): Promise<ExaminedStage> => {
  const stack = await deployedStack(new LambdaClient(aws), stage);
  const secrets = new SecretsManagerClient(aws);
  const local = stage === 'local';
  const gitlab = { id: stack.gitlabSecret, plainLoopback: local };
  const names = { manager: stack.managerSecret, gitlab: stack.gitlabSecret, plainLoopback: local };
  return {
    ...(await deployedTargets(new SSMClient(aws), stage)),
    ...{ stack, secrets, local },
    credentials: secretsManagerGitlabCredentials(secrets, gitlab),
    manager: secretsManagerManagerCredentials(secrets, names),
  };
};
