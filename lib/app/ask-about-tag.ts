import type { TagCause } from '../domain/cause.ts';
import { DeployFailure } from '../domain/failure.ts';
import { imageMisfit } from '../domain/plan-images.ts';
import { isOwnRepository, judgeTag, type TagConfirmation } from '../domain/tag-confirmation.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Gitlab } from '../ports/gitlab.ts';
import type { Registry } from '../ports/registry.ts';
import { askRegistry, unanswered, type Asked } from './asked.ts';

export interface TagPorts {
  gitlab: Gitlab;
  registry: Pick<Registry, 'digestOf'>;
  clock: Clock;
}

/** A tag in GitLab's registry, of the repository that its target waits for. */
interface TagOf {
  repository: string;
  tag: string;
}

const contradicted = (because: string): Asked<never> => ({ state: 'contradicted', because });
const confirmed: Asked<undefined> = { state: 'confirmed', confirmation: undefined };

const noRules =
  "GitLab shows no protection rules for tags of images: it is older than 18.7, or the token is not a Maintainer's; change that, or let the target say unprotected_tags";

/** A tag says who pushed last, not what was tested: only one that GitLab guards deploys, unless the target says otherwise. */
const askAboutProtection = async (
  gitlab: Gitlab,
  target: Target,
  of: TagOf & { path: string },
): Promise<Asked<undefined>> => {
  if (target.unprotectedTags) return confirmed;
  const answer = await gitlab.imageTagProtected({ id: target.project, path: of.path }, of.tag);
  if (answer.state === 'missing') return contradicted(noRules);
  if (answer.state === 'unavailable') return unanswered(answer);
  return answer.value ? confirmed : contradicted('no rule of the project protects the tag or makes it immutable');
};

const askAboutRepository = async (gitlab: Gitlab, target: Target, of: TagOf): Promise<Asked<undefined>> => {
  const answer = await gitlab.projectPath(target.project);
  if (answer.state === 'missing') return contradicted('GitLab knows no such project');
  if (answer.state === 'unavailable') return unanswered(answer);
  if (!isOwnRepository(answer.value, of.repository)) return contradicted("the repository is not the project's own");
  return askAboutProtection(gitlab, target, { ...of, path: answer.value });
};

/**
 * Asks GitLab whether the tag is guarded, then the registry what it names now. Raises ImageMissing when that is nothing,
 * and what the registry raises, but for RegistryUnavailable.
 */
export const askAboutTag = async (
  { gitlab, registry, clock }: TagPorts,
  target: Target,
  cause: TagCause,
): Promise<Asked<TagConfirmation & TagOf>> => {
  if (target.on.kind !== 'image') return contradicted('the target waits for no image');
  const of = { repository: cause.kind === 'image' ? cause.repository : target.on.repository, tag: cause.tag };
  const misfit = imageMisfit(target.on, of);
  if (misfit !== undefined) return contradicted(misfit);
  const guarded = await askAboutRepository(gitlab, target, of);
  if (guarded.state !== 'confirmed') return guarded;
  const digest = await askRegistry(() => registry.digestOf(of.repository, of.tag));
  if (digest.state === 'unavailable') return digest;
  if (digest.value === undefined)
    throw new DeployFailure('ImageMissing', "GitLab's registry has no image of this name", { facts: { ...of } });
  const verdict = judgeTag(cause, digest.value, clock());
  return verdict.state === 'confirmed' ? { ...verdict, confirmation: { ...verdict.confirmation, ...of } } : verdict;
};
