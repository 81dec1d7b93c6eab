import type { NewToken } from './gitlab-token.ts';
import type { GitlabDocument } from './rotation-documents.ts';

/** The version that was AWSCURRENT when a rotation began. */
export interface BaseVersion {
  version: string;
  document: GitlabDocument;
}

/** What a new version of the GitLab secret is made of. */
export interface NewVersion {
  base: BaseVersion;
  access: NewToken;
  /** absent: registry_password stays what it is */
  deploy?: NewToken;
  madeAt: Date;
}

const registryKeys = ({ id, value, username }: NewToken): Partial<GitlabDocument> => ({
  ...(username === undefined ? {} : { registry_username: username }),
  registry_password: value,
  registry_token_id: id,
});

/** The value of the version that is to come: its base's, with the new tokens in it. */
export const newVersion = ({ base, access, deploy, madeAt }: NewVersion): GitlabDocument => ({
  ...base.document,
  gitlab_token: access.value,
  gitlab_token_id: access.id,
  ...(deploy === undefined ? {} : registryKeys(deploy)),
  made_at: madeAt.toISOString(),
  base_version: base.version,
});
