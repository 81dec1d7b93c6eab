import { digest } from '../../support/samples.ts';

/** An image's push with its tag, as a registry tells of it, with what is not ours to read. */
export const pushEvent = (change: object = {}, target: object = {}): object => ({
  id: '37bf1c71-1f77-4ed7-a3ab-1cbb12ce3ed7',
  timestamp: '2026-01-05T09:40:00.123456789Z',
  action: 'push',
  target: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 1_234,
    digest,
    length: 1_234,
    repository: 'acme/web/app',
    url: 'http://169.254.169.254/v2/acme/web/app/manifests/hunter2',
    tag: 'v1',
    ...target,
  },
  request: { id: '9f', addr: '10.0.0.7', host: 'registry.internal.hunter2', method: 'PUT', useragent: 'docker/28' },
  actor: { name: 'hunter2', user_type: 'build', user: 'jwt-of-hunter2' },
  source: { addr: 'registry-0:5000', instanceID: '0c' },
  ...change,
});

/** What the registry sends: almost always one event. */
export const envelopeOf = (...events: unknown[]): { events: unknown[] } => ({ events });
