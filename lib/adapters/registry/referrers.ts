import { DeployFailure } from '../../domain/failure.ts';
import type { Descriptor } from '../../domain/image-manifest.ts';
import { discard } from './exchange.ts';
import { readIndex } from './manifest-document.ts';
import { checkDigest, manifestBody } from './manifests.ts';
import { withTries, type Pace } from './pace.ts';
import type { RegistrySession } from './registry-session.ts';

const most = 100; // referrers, and pages of them
const indexType = 'application/vnd.oci.image.index.v1+json';

interface Page {
  referrers: readonly Descriptor[];
  next?: URL;
}

/**
 * The page after this one. https://www.rfc-editor.org/rfc/rfc8288#section-3
 * Raises RegistryRefused when it is at another origin: the token would go there.
 */
const nextPage = (url: URL, link: string | undefined): { next?: URL } => {
  const target = /<([^<>]*)>\s*;[^,]*\brel="?next\b/i.exec(link ?? '')?.[1];
  if (target === undefined) return {};
  const next = URL.parse(target, url.href);
  if (next?.origin !== url.origin)
    throw new DeployFailure('RegistryRefused', 'the registry has the next referrers at another origin', {
      facts: { host: url.host },
    });
  next.username = '';
  next.password = '';
  return { next };
};

export const referrersOf = (session: RegistrySession, pace: Pace) => {
  const page = (repository: string, url: URL): Promise<Page | undefined> =>
    withTries(pace, async () => {
      const question = { repository, method: 'GET' as const, url, headers: { accept: indexType } };
      const answer = await session.ask({ ...question, quiet: pace.quiet.answer, redirects: 0 });
      // A registry without this API may answer with a page of its own.
      if (answer.statusCode !== 200 || !answer.headers['content-type']?.startsWith(indexType)) {
        discard(answer);
        return undefined;
      }
      const { bytes } = await manifestBody(answer, { host: url.host, repository, pace });
      const link = answer.headers['link'];
      return { referrers: readIndex(bytes), ...nextPage(url, Array.isArray(link) ? link.join() : link) };
    });

  return async (repository: string, digest: string): Promise<readonly Descriptor[] | undefined> => {
    checkDigest(digest);
    const found: Descriptor[] = [];
    let url: URL | undefined = await session.urlOf(repository, `referrers/${digest}`);
    for (let pages = 0; url !== undefined; pages += 1) {
      const read: Page | undefined = await page(repository, url);
      if (read === undefined) return undefined;
      found.push(...read.referrers);
      if (found.length > most || pages === most)
        throw new DeployFailure('ImageRefused', `an image has more than ${most} referrers`);
      url = read.next;
    }
    return found;
  };
};
