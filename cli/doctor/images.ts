import type { Platform } from '../../lib/domain/image-manifest.ts';
import { targetLabel, type Target } from '../../lib/domain/target.ts';
import { when, wrong, type Finding, type Place } from './finding.ts';

/** What is seen of the ECR repository that a target deploys from. */
export interface ImagesSight {
  target: Target;
  repository: string;
  there: boolean;
  /** the tagged image that was pushed last; undefined: none, or none that says what it runs on */
  newest?: { tag: string; platforms: readonly Platform[] };
  /** what the live revision's tasks run on; undefined when there is none */
  needed?: Platform;
}

const text = ({ os, architecture }: Platform): string => `${os}/${architecture}`;

/** What is wrong with where images come from. */
export const judgeImages = ({ target, repository, there, newest, needed }: ImagesSight, place: Place): Finding[] => {
  if (!there) {
    const isMade = target.copy?.createRepository === true;
    const create = `aws ecr create-repository --repository-name ${repository} --region ${place.region}`;
    const what = `there is no ECR repository ${repository}, which target ${targetLabel(target)} names`;
    return when(!isMade, wrong(what, `${create}, or say create_repository in the target`));
  }
  if (newest === undefined || needed === undefined) return [];
  const platforms = newest.platforms.map(text);
  const what = `image ${repository}:${newest.tag} is for ${platforms.join(', ')}, and the tasks of target ${targetLabel(target)} run on ${text(needed)}`;
  const build = `build it for them, in CI: docker build --platform ${text(needed)}; or give the service a revision with another runtimePlatform`;
  return when(!platforms.includes(text(needed)), wrong(what, build));
};
