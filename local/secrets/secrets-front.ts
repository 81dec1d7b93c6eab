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

/**
 * MiniStack 1.5.33 answers 200 without a value, or with an empty one, which AWS never has, where AWS finds nothing: a version that
 * has only its label, and a secret that CloudFormation has made without a value.
 */
const getSecretValue: Handler = async (_input, passed) => {
  const answer = await passed();
  const { SecretString = '', SecretBinary } = answer.body;
  if (answer.status !== 200 || SecretString !== '' || SecretBinary !== undefined) return answer;
  return refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
};

/** A refusal of the rotations is AWS's answer; every other error is a defect here. */
const answered = async (body: Promise<Record<string, unknown>>): Promise<JsonAnswer> => {
  try {
    return { status: 200, body: await body };
  } catch (error) {
    if (!(error instanceof RotationRefusal || error instanceof SecretsManagerServiceException)) throw error;
    return refusal(error.name, error.message);
  }
};

/** MiniStack's RotateSecret is a stub that copies AWSCURRENT. What AWS asks of IAM is judged from the record alone. */
const rotateSecret =
  (rotations: RotationClock): Handler =>
  (input) =>
    answered(rotations.rotate(input as unknown as RotationAsked));

/** MiniStack has none. */
const cancelRotateSecret =
  (rotations: RotationClock): Handler =>
  (input) =>
    answered(rotations.cancel(String(input['SecretId'])));

type Labels = Record<string, string[]>;

/** To a secret that CloudFormation has made without a value MiniStack gives a version; in AWS it has none. */
const labelsOfValues = async (valueOf: ValueOf, name: string, labels: Labels): Promise<Labels> => {
  const current = Object.keys(labels).find((version) => labels[version]?.includes('AWSCURRENT'));
  if (current === undefined || ((await valueOf(name, current)) ?? '') !== '') return labels;
  return Object.fromEntries(Object.entries(labels).filter(([version]) => version !== current));
};

/** MiniStack knows nothing of the rotations that are configured here. */
const describeSecret =
  (rotations: RotationClock, valueOf: ValueOf): Handler =>
  async (_input, passed) => {
    const answer = await passed();
    if (answer.status !== 200) return answer;
    const name = String(answer.body['Name']);
    const setting = rotations.settingOf(name);
    const labels = await labelsOfValues(valueOf, name, answer.body['VersionIdsToStages'] as Labels);
    const own = setting === undefined ? {} : { ...setting, RotationEnabled: true };
    return { ...answer, body: { ...answer.body, ...own, VersionIdsToStages: labels } };
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
  const valueOf = valueIn(client);
  const handlers: Record<string, Handler> = {
    GetSecretValue: getSecretValue,
    DescribeSecret: describeSecret(rotations, valueOf),
    RotateSecret: rotateSecret(rotations),
    CancelRotateSecret: cancelRotateSecret(rotations),
    PutSecretValue: putSecretValue(valueOf, (value) => put.push(value)),
  };
  return {
    answer: (target, input, passed) => {
      const [service, operation = ''] = target.split('.');
      return service === 'secretsmanager' ? handlers[operation]?.(input, passed) : undefined;
    },
    put,
  };
};
