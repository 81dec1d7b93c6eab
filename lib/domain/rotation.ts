import { RotationFailure } from './failure.ts';

/** The secrets that are rotated: what GitLab sends with its hooks, and what Drawbridge shows to GitLab. */
export type RotatedSecret = 'hook' | 'gitlab';

/** In the order in which Secrets Manager calls them; a step that failed is begun again with all before it. */
export const rotationSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof rotationSteps)[number];

/** What Secrets Manager tells of a secret. */
export interface SecretDescription {
  rotationEnabled: boolean;
  /** version id → its staging labels */
  labels: Readonly<Record<string, readonly string[]>>;
}

/** The version that carries a staging label. */
export const versionLabelled = (
  { labels }: SecretDescription,
  label: 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS',
): string | undefined => Object.entries(labels).find(([, carried]) => carried.includes(label))?.[0];

/**
 * Whether Secrets Manager's caller means the secret of this name: by name, or by ARN, which ends with the name alone or with `-`
 * and six characters of AWS's.
 */
export const meansSecret = (secretId: string, name: string): boolean => {
  if (secretId === name) return true;
  const [, ofArn = ''] = /^arn:[^/]*?:secret:(.+)$/.exec(secretId) ?? [];
  return ofArn.startsWith(name) && /^(-[A-Za-z0-9]{6})?$/.test(ofArn.slice(name.length));
};

const refused = (because: string, version: string) =>
  new RotationFailure('RotationRefused', because, { facts: { version } });

const isStep = (step: string): step is RotationStep => (rotationSteps as readonly string[]).includes(step);

/**
 * What AWS's own rotation functions look at before each step. `already current`: this version was promoted, and there is nothing
 * left to do. Raises RotationRefused.
 */
export const judgeStep = (
  { rotationEnabled, labels }: SecretDescription,
  { version, step }: { version: string; step: string },
): RotationStep | 'already current' => {
  if (!rotationEnabled) throw refused('rotation is not enabled for this secret', version);
  const carried = labels[version] ?? [];
  if (carried.includes('AWSCURRENT')) return 'already current';
  if (!carried.includes('AWSPENDING')) throw refused('this version is not AWSPENDING', version);
  if (!isStep(step)) throw refused('there is no such step', version);
  return step;
};
