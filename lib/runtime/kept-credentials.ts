import type { CredentialSource, GitlabCredentials } from '../ports/vault.ts';

const keptFor = 60_000; // ms

const differ = (one: GitlabCredentials, other: GitlabCredentials): boolean =>
  one.token !== other.token || one.registry.password !== other.registry.password;

/**
 * GitLab's credentials, read once a minute: for a function that asks a thousand questions at a time. When they were refused they are read anew,
 * and only when nothing has replaced them the source is told of the refusal.
 */
export const keptCredentials = (source: CredentialSource, now: () => number): CredentialSource => {
  let kept: { credentials: Promise<GitlabCredentials>; until: number } | undefined;

  const read = async (): Promise<GitlabCredentials> => {
    if (kept === undefined || now() >= kept.until) kept = { credentials: source(), until: now() + keptFor };
    const { credentials } = kept;
    try {
      return await credentials;
    } catch (error) {
      if (kept.credentials === credentials) kept = undefined;
      throw error;
    }
  };

  return async (refused) => {
    if (refused === undefined) return read();
    const shown = kept;
    const isRefused = shown !== undefined && !differ(await shown.credentials, refused);
    // Whoever was refused beside us may have had them read anew by now.
    if (isRefused && kept === shown) kept = undefined;
    const current = await read();
    return differ(current, refused) ? current : source(refused);
  };
};
