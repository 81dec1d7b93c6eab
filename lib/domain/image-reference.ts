import { DeployFailure } from './failure.ts';

/** An image by tag, in this account's ECR or in GitLab's registry, before it is looked up. */
export interface TaggedImage {
  host: string;
  repository: string;
  tag: string;
}

/** An image to look for. */
export interface SoughtImage extends TaggedImage {
  /** when it is known already; sha256:<64 hex> */
  digest?: string;
}

export interface PinnedImage {
  host: string;
  repository: string;
  tag: string;
  /** sha256:<64 hex> */
  digest: string;
}

/** What a name's placeholders are filled from: GitLab's own answer, never the hook's payload. */
export interface ImageNameParts {
  sha: string;
  ref: string;
  tag: boolean;
  pipeline: number;
}

export const placeholders = ['sha', 'short_sha', 'tag', 'ref_slug', 'pipeline_id'] as const;

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
const tagGrammar = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const repositoryGrammar = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

export const isTag = (text: string): boolean => tagGrammar.test(text);

/** A repository's path in a registry, without the registry's host. */
export const isRepository = (text: string): boolean => repositoryGrammar.test(text);

/** `<host>/<repository>:<tag template>`, or undefined when the name has no such shape. */
export const splitImageName = (name: string): { host: string; repository: string; tag: string } | undefined => {
  const colon = name.lastIndexOf(':');
  const slash = name.indexOf('/');
  if (slash < 1 || colon < slash) return undefined;
  const repository = name.slice(slash + 1, colon);
  if (!isRepository(repository)) return undefined;
  return { host: name.slice(0, slash), repository, tag: name.slice(colon + 1) };
};

/** Whether a tag template, its placeholders filled with anything, is an OCI tag. */
export const isTagTemplate = (template: string): boolean => isTag(template.replace(/\{[a-z_]+\}/g, 'x'));

/** As GitLab's CI_COMMIT_REF_SLUG: lower case, 63 characters, everything but a-z and 0-9 a dash, none at the ends. */
export const refSlug = (ref: string): string =>
  ref
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');

const values = ({ sha, ref, tag, pipeline }: ImageNameParts): Record<string, string> => ({
  sha,
  // GitLab's CI_COMMIT_SHORT_SHA has eight characters
  short_sha: sha.slice(0, 8),
  tag: tag ? ref : '',
  ref_slug: refSlug(ref),
  pipeline_id: String(pipeline),
});

/** Fills a target's image name. Raises ImageNameInvalid when the result is no OCI tag. */
export const imageFor = (template: string, parts: ImageNameParts): TaggedImage => {
  const name = splitImageName(template);
  const filled = name?.tag.replace(/\{([a-z_]+)\}/g, (whole, key: string) => values(parts)[key] ?? whole) ?? '';
  if (name === undefined || !isTag(filled)) {
    throw new DeployFailure('ImageNameInvalid', 'the image name, once filled in, is not an OCI reference', {
      facts: { template, filled },
    });
  }
  return { host: name.host, repository: name.repository, tag: filled };
};

/** `<host>/<repository>:<tag>` */
export const taggedName = ({ host, repository, tag }: TaggedImage): string => `${host}/${repository}:${tag}`;

export const pinnedName = ({ host, repository, digest }: PinnedImage): string => `${host}/${repository}@${digest}`;

/** The registry that every account has in every region; the suffix is the same in the commercial and the GovCloud partition. */
export const ecrHost = (account: string, region: string): string => `${account}.dkr.ecr.${region}.amazonaws.com`;

/** Whether it is the ECR of any account and region. */
export const isEcrHost = (host: string): boolean => /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/.test(host);
