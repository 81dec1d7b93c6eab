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
