import { randomBytes } from 'node:crypto';

/** What a run plants where applications and other services keep their secrets, and where their error texts come from. */
export interface Planted {
  /** of a container's environment */
  environment: string;
  /** of a container's command */
  command: string;
  /** in the text of an error of AWS */
  awsError: string;
  /** in the text of an error of GitLab */
  gitlabError: string;
  /** a signing token, and a token that is pending only, for the tests that set one */
  signingToken: string;
  pendingToken: string;
}

/** Values that come up nowhere by chance. */
export const plant = (): Planted => {
  const word = `planted-${randomBytes(16).toString('hex')}`;
  return {
    environment: `${word}-environment`,
    command: `${word}-command`,
    awsError: `${word}-aws-error`,
    gitlabError: `${word}-gitlab-error`,
    signingToken: `whsec_${randomBytes(32).toString('base64')}`,
    pendingToken: `${word}-pending-token`,
  };
};
