import { RotationFailure } from '../domain/failure.ts';
import { judgeStep, meansSecret, type RotatedSecret } from '../domain/rotation.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';
import type { Rotation, StepResult } from './rotation.ts';

export interface RotateSecretPorts {
  /** `name`: as it is configured, by which Secrets Manager's own calls are judged and ours are made */
  secrets: Record<
    RotatedSecret,
    { name: string; versions: Pick<SecretVersions<unknown>, 'describe'>; rotation: Rotation }
  >;
}

/** Secrets Manager's call: `secretId` a name or ARN, `version` its ClientRequestToken. */
export interface RotateSecretInput {
  secretId: string;
  version: string;
  step: string;
}

export interface RotateSecretOutput {
  secret: RotatedSecret;
  step: string;
  result: StepResult;
}

const secretMeant = ({ secrets }: RotateSecretPorts, secretId: string): RotatedSecret => {
  const meant = (['hook', 'gitlab'] as const).find((secret) => meansSecret(secretId, secrets[secret].name));
  if (meant === undefined)
    throw new RotationFailure('RotationRefused', 'this secret is not rotated here', { facts: { secretId } });
  return meant;
};

/**
 * One step of the rotation of one secret. A version that is AWSCURRENT already ends quietly: the answer to its promotion was lost.
 * Raises RotationRefused, and what the secret's own rotation raises.
 */
export const rotateSecret =
  (ports: RotateSecretPorts) =>
  async ({ secretId, version, step }: RotateSecretInput): Promise<RotateSecretOutput> => {
    const secret = secretMeant(ports, secretId);
    const { name, versions, rotation } = ports.secrets[secret];
    const description = await versions.describe(name);
    const judged = judgeStep(description, { version, step });
    const result =
      judged === 'already current' ? judged : await rotation[judged]({ secret: name, version, description });
    return { secret, step, result };
  };
