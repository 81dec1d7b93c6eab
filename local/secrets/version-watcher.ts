import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { setTimeout as sleep } from 'node:timers/promises';
import { versionLabelled } from '../../lib/domain/rotation.ts';
import { fingerprint } from '../gitlab/fingerprint.ts';
import type { LabelSight, Tokens, VersionHistory } from './accepted-by.ts';

export interface VersionWatcher extends VersionHistory {
  /** Looks no more. Raises why it could not look. */
  stop: () => Promise<void>;
}

const lookEvery = 50; // ms of real time

interface HookValue {
  webhook_token?: string;
  webhook_signing_token?: string;
}

const tokensIn = (text: string): Tokens => {
  const { webhook_token: token, webhook_signing_token: signing } = JSON.parse(text) as HookValue;
  return {
    ...(token !== undefined && { token: fingerprint(token) }),
    ...(signing !== undefined && { signing: fingerprint(signing) }),
  };
};

/** Undefined: the version has no value yet. */
const tokensOf = async (client: SecretsManagerClient, SecretId: string, VersionId: string) => {
  const { SecretString } = await client
    .send(new GetSecretValueCommand({ SecretId, VersionId }))
    .catch(() => ({ SecretString: undefined }));
  return SecretString === undefined ? undefined : tokensIn(SecretString);
};

/** Looks at the hook secret's labels and versions again and again. */
export const watchVersions = async (client: SecretsManagerClient, secret: string): Promise<VersionWatcher> => {
  const versions = new Map<string, Tokens>();
  const sights: LabelSight[] = [];
  let stopped = false;
  const look = async (): Promise<void> => {
    const at = Date.now();
    const { VersionIdsToStages: labels = {} } = await client.send(new DescribeSecretCommand({ SecretId: secret }));
    const described = { rotationEnabled: true, labels };
    const [current, pending] = [versionLabelled(described, 'AWSCURRENT'), versionLabelled(described, 'AWSPENDING')];
    for (const id of [current, pending]) {
      if (id === undefined || versions.has(id)) continue;
      const tokens = await tokensOf(client, secret, id);
      if (tokens !== undefined) versions.set(id, tokens);
    }
    const last = sights.at(-1);
    if (last?.current !== current || last?.pending !== pending) sights.push({ at, current, pending });
  };
  const watch = async (): Promise<void> => {
    while (!stopped) {
      await look();
      await sleep(lookEvery);
    }
  };
  await look();
  const watched = watch();
  watched.catch(() => undefined);
  return {
    versions,
    sights,
    stop: () => {
      stopped = true;
      return watched;
    },
  };
};
