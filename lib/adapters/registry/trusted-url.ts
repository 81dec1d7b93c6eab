import { DeployFailure } from '../../domain/failure.ts';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Https; in the rehearsal also plain http, to this machine. */
const isAskedOver = ({ protocol, hostname }: URL, local: boolean): boolean =>
  protocol === 'https:' || (local && protocol === 'http:' && loopback.has(hostname));

/** Where the registry is. Raises Misconfigured when `host` is none. */
export const registryOrigin = (host: string, local: boolean): URL => {
  const plain = URL.parse(`http://${host}/`);
  const url = plain !== null && isAskedOver(plain, local) ? plain : URL.parse(`https://${host}/`);
  if (url === null) throw new DeployFailure('Misconfigured', 'registry_host is no host');
  return url;
};

/** Where a redirect leads; a user's name in it is left out. Raises RegistryRefused for what is not https. */
export const redirectTarget = (from: URL, location: string | undefined, local: boolean): URL => {
  const to = location === undefined ? null : URL.parse(location, from.href);
  if (to === null || !isAskedOver(to, local)) {
    throw new DeployFailure('RegistryRefused', 'the registry redirects to where nothing is asked over https', {
      facts: { host: from.host, ...(to === null ? {} : { to: to.host }) },
    });
  }
  to.username = '';
  to.password = '';
  return to;
};
