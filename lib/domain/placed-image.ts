import type { DeploymentRecord } from './deployment.ts';
import { taggedName, type SoughtImage } from './image-reference.ts';
import type { CopyRule } from './target.ts';

/** Where an image is looked for, and what it is in this account's ECR. */
export interface PlacedImage {
  sought: SoughtImage;
  /** the ECR repository that is read or written */
  repository: string;
  /** `<host>/<repository>:<tag>` in ECR */
  name: string;
  copy?: DeploymentRecord['copy'];
}

export const inEcr = (sought: SoughtImage): PlacedImage => ({
  sought,
  repository: sought.repository,
  name: taggedName(sought),
});

/** In GitLab's registry, to be copied: in ECR it keeps its tag. */
export const toBeCopied = (sought: SoughtImage, rule: CopyRule, ecr: string): PlacedImage => ({
  sought,
  repository: rule.repository,
  name: taggedName({ host: ecr, repository: rule.repository, tag: sought.tag }),
  copy: { ...rule, from: { repository: sought.repository, tag: sought.tag } },
});
