import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { seedNames } from '../../local/seed-names.ts';
import { clientOptions, deployed } from './deployed.ts';
import { startDockerRegistry, type DockerRegistry } from './docker-registry.ts';

/** A real registry in the place of GitLab's: Debian's docker-registry, which GitLab's own was made from. */

const secrets = new SecretsManagerClient(clientOptions);
const lambda = new LambdaClient(clientOptions);
const SecretId = seedNames.gitlabSecret;

// As docs/setup.md has it for gitlab.rb, in the registry's own words; a real one lets Lambda start, too.
const notificationsTo = (url: string) => ({
  endpoints: [
    {
      ...{ name: 'drawbridge', url, timeout: '5s', threshold: 10, backoff: '1s' },
      headers: { Authorization: [`Bearer ${deployed.registryToken}`] },
      ignore: { mediatypes: ['application/octet-stream'], actions: ['pull', 'delete', 'mount'] },
    },
  ],
});

/** Starts it in a folder; it tells this URL of pushes. */
export const startRealRegistry = (folder: string, hook: string): Promise<DockerRegistry> =>
  startDockerRegistry(folder, { notifications: notificationsTo(hook) });

/** What runs of the functions remembers the registry's host for a minute. A changed configuration starts them anew. */
const startAnew = async (): Promise<void> => {
  for (const task of ['confirm', 'find-image', 'copy-image']) {
    const FunctionName = `drawbridge-local-${task}`;
    const { Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
  }
};

/** Tells Drawbridge that GitLab's registry is there; the answer puts it back. */
export const useRegistry = async (host: string): Promise<() => Promise<void>> => {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  const put = async (value: string): Promise<void> => {
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
    await startAnew();
  };
  await put(JSON.stringify({ ...(JSON.parse(SecretString) as object), registry_host: host }));
  return () => put(SecretString);
};
