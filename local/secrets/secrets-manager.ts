import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { clientOptionsOf } from '../aws.ts';
import type { Clock } from '../clock.ts';
import type { Front } from '../recorder/front.ts';
import { toldAt } from '../recorder/recorder.ts';
import { createRotationClock, type RotationClock } from './rotation-clock.ts';
import type { RotationView } from './rotation-views.ts';
import { createSecretsFront } from './secrets-front.ts';

/** Secrets Manager as rotations need it, over the local AWS, which need not be there yet. */
export interface LocalSecretsManager {
  rotations: RotationClock;
  front: Front;
  /** what it tells to other processes, by path */
  tells: Record<string, () => unknown>;
  close: () => Promise<void>;
}

const rotationsPath = '/_rotations';
const putPath = '/_put-secret-values';

export const createSecretsManager = (
  options: ReturnType<typeof clientOptionsOf>,
  clock: Clock,
): LocalSecretsManager => {
  const secrets = new SecretsManagerClient(options);
  const lambda = new LambdaClient(options);
  const rotations = createRotationClock({ secrets, lambda }, clock);
  const { answer, put } = createSecretsFront(secrets, rotations);
  return {
    rotations,
    front: answer,
    tells: { [rotationsPath]: () => rotations.rotations, [putPath]: () => put },
    close: async () => {
      await rotations.close();
      secrets.destroy();
      lambda.destroy();
    },
  };
};

/** The rotations so far, oldest first; `url`: the recorder's, whose front this is. */
export const rotationsAt = async (url: string): Promise<RotationView[]> =>
  (await toldAt(url, rotationsPath)) as RotationView[];

/** Every value that was put into a secret through the front, as it came. */
export const putSecretValuesAt = async (url: string): Promise<string[]> => (await toldAt(url, putPath)) as string[];
