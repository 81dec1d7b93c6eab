import type { Clock } from '../../clock.ts';
import { httpApiEvent } from '../http-api-event.ts';
import { addProject } from '../projects.ts';
import { createWorld, type GitlabWorld } from '../world.ts';
import { teller } from './container-registry.ts';
import { projectContent } from './project-content.ts';
import { envelope, type RegistryEvent } from './registry-event.ts';
import { defaultSettings } from './registry-settings.ts';
import { deleteImage, storeImage, type Storing } from './store-image.ts';

/** What events/registry-*.json hold: notifications of acme/web's registry on https://gitlab.example.com. */

/** Authorization of the samples; no one's secret. */
export const sampleRegistryToken = 'sample-registry-token-0123456789abcdef';

interface History {
  world: GitlabWorld;
  storing: Storing;
  /** what was told since the last time it was asked */
  told: () => RegistryEvent[];
}

const begin = (clock: Clock): History => {
  const world = createWorld({ clock, seed: 4712, url: 'https://gitlab.example.com' });
  addProject(world, { id: 4711, path: 'acme/web' });
  let events: RegistryEvent[] = [];
  const tell = teller(world, (event) => events.push(event));
  const storing = { world, registry: { content: projectContent(world), settings: defaultSettings(), tell } };
  const told = (): RegistryEvent[] => {
    const all = events;
    events = [];
    return all;
  };
  return { world, storing, told };
};

const platforms = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];
const about = { repository: 'acme/web', tag: 'main', seed: 'acme/web' };

/** An image: its layer and config, then itself. An index: blobs of two images, the images, itself. */
const pushes = ({ storing, told }: History): Record<string, unknown> => {
  const { digest } = storeImage(storing, about);
  const [blob, , image] = told();
  storeImage(storing, { ...about, platforms, seed: 'acme/web for all' });
  const ofIndex = told();
  deleteImage(storing, about.repository, digest);
  return {
    'registry-push': { events: [image] },
    'registry-push-blob': { events: [blob] },
    'registry-push-child': { events: [ofIndex.at(-2)] },
    'registry-push-index': { events: [ofIndex.at(-1)] },
    'registry-push-many': { events: ofIndex },
    'registry-delete': { events: [told()[0]] },
  };
};

const pulled = ({ storing, told }: History): unknown => {
  const manifest = storing.registry.content.manifest(about.repository, about.tag);
  const { mediaType = '', digest = '', bytes = Buffer.alloc(0) } = manifest ?? {};
  const request = { id: storing.world.ids.uuid(), addr: '192.0.2.20:51234', host: 'registry.gitlab.example.com' };
  const happening = { action: 'pull', mediaType, digest, size: bytes.length, ...about } as const;
  storing.registry.tell(happening, {
    request: { ...request, method: 'GET', useragent: 'docker/28.5.1' },
    actor: { name: 'deployer', user_type: 'personal_access_token' },
  });
  return { events: told() };
};

/** As no registry writes it: a push that does not say which image. */
const withoutDigest = ({ storing, told }: History): unknown => {
  storeImage(storing, { ...about, seed: 'acme/web once more' });
  const event = told().at(-1);
  return { events: [{ ...event, target: { ...event?.target, digest: 'main' } }] };
};

const asHttpApi = ({ world, storing, told }: History): unknown => {
  storeImage(storing, { ...about, seed: 'acme/web by the door' });
  const event = told().at(-1);
  if (event === undefined) throw new Error('the push was not told');
  const headers = {
    Authorization: `Bearer ${sampleRegistryToken}`,
    'Content-Type': 'application/vnd.docker.distribution.events.v1+json',
    'User-Agent': 'Go-http-client/1.1',
  };
  const at = world.clock.now();
  return httpApiEvent({
    path: '/webhooks/registry',
    headers,
    body: envelope(event),
    at,
    requestId: 'JKJaXmPLvHcESIA=',
  });
};

/** Payloads by file name, without `.json`. */
export const sampleRegistryEvents = (clock: Clock): Record<string, unknown> => {
  const history = begin(clock);
  return {
    ...pushes(history),
    'registry-pull': pulled(history),
    'registry-push-without-digest': withoutDigest(history),
    'registry-no-envelope': { object_kind: 'push' },
    'registry-push.http-api': asHttpApi(history),
  };
};
