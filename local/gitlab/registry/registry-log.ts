import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';

/** A request to the registry or what belongs to it, and what became of it. Never holds a credential. */
export interface RegistryRequest {
  number: number;
  /** ISO 8601, world time */
  at: string;
  /** which origin it came to */
  server: 'registry' | 'login' | 'storage';
  method: string;
  /** with its query, but for storage, whose query is a signature */
  path: string;
  /** the scheme of the Authorization that was sent along */
  authorization: 'none' | 'Basic' | 'Bearer' | 'other';
  range?: string;
  status: number | 'under way' | 'cut';
  /** bytes of the body that were sent */
  bytes: number;
  /** the fault that hit it */
  fault?: string;
}

export interface RegistryLog {
  begin(server: RegistryRequest['server'], request: IncomingMessage): RegistryRequest;
  readonly requests: readonly RegistryRequest[];
}

const schemeOf = (header: string | undefined): RegistryRequest['authorization'] => {
  if (header === undefined) return 'none';
  if (/^Basic /i.test(header)) return 'Basic';
  return /^Bearer /i.test(header) ? 'Bearer' : 'other';
};

export const createRegistryLog = (clock: Clock): RegistryLog => {
  const requests: RegistryRequest[] = [];
  return {
    begin: (server, { method = '', url = '/', headers }) => {
      const entry: RegistryRequest = {
        number: requests.length + 1,
        at: new Date(clock.now()).toISOString(),
        server,
        method,
        path: server === 'storage' ? (url.split('?')[0] ?? '') : url,
        authorization: schemeOf(headers.authorization),
        ...(headers.range === undefined ? {} : { range: headers.range }),
        status: 'under way',
        bytes: 0,
      };
      requests.push(entry);
      return entry;
    },
    requests,
  };
};
