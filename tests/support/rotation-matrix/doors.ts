import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerHookSecrets } from '../../../lib/adapters/aws/secrets-manager-hook-secrets.ts';
import { secretCache } from '../../../lib/runtime/secret-cache.ts';
import type { HookSecrets } from '../../../lib/ports/vault.ts';
import type { SecretSource } from '../../../lib/webhooks/let-pass.ts';
import type { MemorySecrets } from '../memory-secret-versions.ts';

export const maxAge = 60_000; // ms, as deployed: SECRET_CACHE_SECONDS

/** As much of Secrets Manager as readers call, over the secrets in memory. */
export const readingClient = (secrets: MemorySecrets): SecretsManagerClient =>
  ({
    send: ({ input }: GetSecretValueCommand) => {
      const { SecretId = '', VersionStage = 'AWSCURRENT' } = input;
      const value = secrets.valueOf(SecretId, VersionStage as 'AWSCURRENT');
      if (value !== undefined) return Promise.resolve({ SecretString: JSON.stringify(value) });
      return Promise.reject(Object.assign(new Error('a version without value'), { name: 'ResourceNotFoundException' }));
    },
  }) as never;

/** A receiver of hooks: a worker with its cache of the hook secret. */
export interface Door {
  name: string;
  source: SecretSource;
  /** whether it takes hooks yet */
  open: () => boolean;
}

export interface DoorWorld {
  secrets: MemorySecrets;
  secret: string;
  now: () => number;
  pause: (milliseconds: number) => Promise<void>;
}

const vaultOf = ({ secrets, secret }: DoorWorld): HookSecrets =>
  secretsManagerHookSecrets(readingClient(secrets), secret);

/** Each read costs two calls, as of the one client of a worker. */
export const door = (
  world: DoorWorld,
  name: string,
  change: (vault: HookSecrets) => HookSecrets = (it) => it,
): Door => {
  const vault = change(vaultOf(world));
  let calls = 0;
  const counted: HookSecrets = {
    hookSecrets: () => {
      calls += 2;
      return vault.hookSecrets();
    },
  };
  return { name, source: secretCache(counted, { maxAge, now: world.now, calls: () => calls }), open: () => true };
};

/** A door that begins to read now, and has its answer only after so long: what it holds then is as old as the beginning. */
export const slowDoor = (world: DoorWorld, name: string, takes: number): Door => {
  let read = false;
  const slow = door(world, name, (vault) => ({
    hookSecrets: async () => {
      const answer = await vault.hookSecrets();
      if (!read) await world.pause(takes);
      read = true;
      return answer;
    },
  }));
  // What it fails with is told again to whoever comes next.
  slow.source.cached().catch(() => undefined);
  return { ...slow, open: () => read };
};
