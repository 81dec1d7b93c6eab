import {
  GetSecretValueCommand,
  SecretsManagerServiceException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { refusal, type Front, type Input, type JsonAnswer } from '../recorder/front.ts';
import { RotationRefusal } from './rotation-calls.ts';
import type { RotationAsked, RotationClock } from './rotation-clock.ts';

type Passed = () => Promise<JsonAnswer>;
type Handler = (input: Input, passed: Passed) => Promise<JsonAnswer>;

export interface SecretsFront {
  answer: Front;
  /** every value that was put into a secret through it, as it came; grows */
  put: readonly string[];
}

/** What is known of a version's value: undefined when there is no such version or it has none. */
type ValueOf = (secret: string, version: string) => Promise<string | undefined>;

const valueIn = (client: SecretsManagerClient): ValueOf => {
  const known = (SecretId: string, VersionId: string) =>
    client.send(new GetSecretValueCommand({ SecretId, VersionId }));
  return (secret, version) =>
    known(secret, version).then(
      ({ SecretString }) => SecretString,
      () => undefined,
    );
};

/** MiniStack 1.5.33 answers 200 without a value where AWS finds nothing: a version that has only its label. */
const getSecretValue: Handler = async (_input, passed) => {
  const answer = await passed();
  const { SecretString, SecretBinary } = answer.body;
  if (answer.status !== 200 || SecretString !== undefined || SecretBinary !== undefined) return answer;
  return refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
};

/** MiniStack's RotateSecret is a stub that copies AWSCURRENT. What AWS asks of IAM is judged from the record alone. */
const rotateSecret =
  (rotations: RotationClock): Handler =>
  async (input) => {
    try {
      return { status: 200, body: await rotations.rotate(input as unknown as RotationAsked) };
    } catch (error) {
      if (!(error instanceof RotationRefusal || error instanceof SecretsManagerServiceException)) throw error;
      return refusal(error.name, error.message);
    }
  };

/** MiniStack knows nothing of the rotations that are configured here. */
const describeSecret =
  (rotations: RotationClock): Handler =>
  async (_input, passed) => {
    const answer = await passed();
    const setting = rotations.settingOf(String(answer.body['Name']));
    return setting === undefined ? answer : { ...answer, body: { ...answer.body, ...setting, RotationEnabled: true } };
  };

/** MiniStack gives a version that has a value another one; AWS never does, and the same one once more changes nothing. */
const putSecretValue = (valueOf: ValueOf, remember: (value: string) => void): Handler => {
  let before: Promise<unknown> = Promise.resolve();
  const put: Handler = async (input, passed) => {
    const value = String(input['SecretString']);
    remember(value);
    const had = await valueOf(String(input['SecretId']), String(input['ClientRequestToken']));
    if (had === undefined) return passed();
    if (had === value) return { status: 200, body: { VersionId: input['ClientRequestToken'] } };
    return refusal('ResourceExistsException', 'A resource with the ID you requested already exists.');
  };
  return (input, passed) => {
    // One after the other: of two that come at once, one is first.
    const answer = before.then(() => put(input, passed));
    before = answer.catch(() => undefined);
    return answer;
  };
};

/** Secrets Manager as AWS has it, where MiniStack 1.5.33 differs and a rotation would notice. */
export const createSecretsFront = (client: SecretsManagerClient, rotations: RotationClock): SecretsFront => {
  const put: string[] = [];
  const handlers: Record<string, Handler> = {
    GetSecretValue: getSecretValue,
    DescribeSecret: describeSecret(rotations),
    RotateSecret: rotateSecret(rotations),
    PutSecretValue: putSecretValue(valueIn(client), (value) => put.push(value)),
  };
  return {
    answer: (target, input, passed) => {
      const [service, operation = ''] = target.split('.');
      return service === 'secretsmanager' ? handlers[operation]?.(input, passed) : undefined;
    },
    put,
  };
};
