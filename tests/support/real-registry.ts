import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startChild } from '../../local/children.ts';
import { seedNames } from '../../local/seed-names.ts';
import { programAt } from '../../local/third-party.ts';
import { clientOptions, deployed, until } from './deployed.ts';

/** A real registry in the place of GitLab's: Debian's docker-registry, which GitLab's own was made from. */

const secrets = new SecretsManagerClient(clientOptions);
const lambda = new LambdaClient(clientOptions);
const SecretId = seedNames.gitlabSecret;

export interface RealRegistry {
  host: string;
  close(): Promise<void>;
}

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

/** Starts it in a folder, without login; it tells this URL of pushes. */
export const startRealRegistry = async (folder: string, hook: string): Promise<RealRegistry> => {
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'registry.yml');
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') } };
  const whole = {
    version: '0.1',
    log: { level: 'warn' },
    storage,
    http: { addr: host },
    notifications: notificationsTo(hook),
  };
  // JSON is YAML.
  await writeFile(config, JSON.stringify(whole));
  const child = startChild(programAt('docker-registry'), ['serve', config], { env: {}, cwd: folder });
  const isUp = () =>
    fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    );
  try {
    await until('docker-registry to answer', isUp, 20_000);
  } catch (error) {
    await child.end();
    throw new Error(child.lastOutput(), { cause: error });
  }
  return { host, close: () => child.end() };
};

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
