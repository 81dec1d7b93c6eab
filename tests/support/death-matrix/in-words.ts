import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';

type Rollouts = readonly { taskDefinitionArn: string; images: readonly string[]; rolloutState: string }[];

/** A service's rollouts in words, newest first: `ours (IN_PROGRESS) over before`. */
export const inWords = (rollouts: Rollouts, before: string, record: DeploymentRecord | undefined): string => {
  const digest = record?.found?.digest ?? 'none';
  const named = rollouts.map(({ taskDefinitionArn, images, rolloutState }) => {
    const ours = taskDefinitionArn === record?.revision && images.some((image) => image.endsWith(`@${digest}`));
    const name = taskDefinitionArn === before ? 'before' : ours ? 'ours' : taskDefinitionArn;
    return rolloutState === 'COMPLETED' ? name : `${name} (${rolloutState})`;
  });
  return named.join(' over ');
};
