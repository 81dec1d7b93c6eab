import type { IncomingMessage } from 'node:http';
import type { Happening } from '../../oci/oci-call.ts';

/** Whoever caused an event, and how. */
export interface EventRequest {
  id: string;
  /** the client's address as the registry sees it */
  addr: string;
  /** the Host that the client asked for; it may say anything */
  host: string;
  method: string;
  useragent: string;
}

/** The registry's word on who it was. `user` is a token of GitLab's own. */
export interface EventActor {
  name?: string;
  user_type?: string;
  user?: string;
}

export interface EventParts {
  id: string;
  /** as Go writes it, world time: see eventTime */
  timestamp: string;
  happening: Happening;
  request: EventRequest;
  actor: EventActor;
  instanceId: string;
}

/** RFC 3339 with nine digits after the second, as Go has them; what this clock does not know follows from the number. */
export const eventTime = (at: number, number: number): string =>
  `${new Date(at).toISOString().slice(0, -1)}${String((number * 667_528_589) % 999_983).padStart(6, '0')}Z`;

/** Always by digest, also for a tag; deletions have none. */
const urlOf = ({ repository, digest = '', mediaType }: Happening, host: string): string => {
  const kind = mediaType === 'application/octet-stream' ? 'blobs' : 'manifests';
  return `http://${host}/v2/${repository}/${kind}/${digest}`;
};

const targetOf = (happening: Happening, host: string) => {
  const { action, mediaType, size, digest, repository, tag, from } = happening;
  return {
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(size === undefined ? {} : { size }),
    ...(digest === undefined ? {} : { digest }),
    ...(size === undefined ? {} : { length: size }),
    repository,
    ...(from === undefined ? {} : { fromRepository: from }),
    ...(action === 'delete' ? {} : { url: urlOf(happening, host) }),
    ...(tag === undefined ? {} : { tag }),
  };
};

/** One event in the order of fields of docker-registry 2.8 and GitLab's registry, from which it was taken down. */
export const registryEvent = ({ id, timestamp, happening, request, actor, instanceId }: EventParts) => ({
  id,
  timestamp,
  action: happening.action,
  target: targetOf(happening, request.host),
  request,
  actor,
  source: { addr: `registry-0:5000`, instanceID: instanceId },
});

export type RegistryEvent = ReturnType<typeof registryEvent>;

/** The bytes that are POSTed: one event each, in Go's indented form. */
export const envelope = (event: RegistryEvent): string => JSON.stringify({ events: [event] }, null, 3);

export const eventRequest = (request: IncomingMessage, id: string): EventRequest => ({
  id,
  addr: `${request.socket.remoteAddress ?? '127.0.0.1'}:${request.socket.remotePort ?? 0}`,
  host: request.headers.host ?? '',
  method: request.method ?? '',
  useragent: request.headers['user-agent'] ?? '',
});
