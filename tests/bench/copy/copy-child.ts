import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { gitlabRegistry } from '../../../lib/adapters/registry/gitlab-registry.ts';
import { transferImage } from '../../../lib/app/transfer-image.ts';
import type { ImageStore } from '../../../lib/ports/image-store.ts';
import { v2ImageStore } from '../../../local/oci/v2-image-store.ts';
import { memoryCopyJournal } from '../../support/memory-copy-journal.ts';
import type { CopyDone, CopyJob } from './copy-job.ts';

/** One process of the copy benchmark. It is bundled before, as what is deployed is. */

const requests: Record<string, number> = {};
subscribe('http.client.request.start', (message) => {
  const { method } = (message as { request: ClientRequest }).request;
  requests[method] = (requests[method] ?? 0) + 1;
});

const copy = async ({ from, repository, digest, tag }: Exclude<CopyJob, { kind: 'bare parts' }>, store: ImageStore) => {
  const login = { host: from, username: 'nobody', password: 'none' };
  const credentials = { url: `http://${from}`, token: 'none', registry: login };
  const registry = gitlabRegistry(() => Promise.resolve(credentials), { local: true, privateHosts: [] });
  const result = await transferImage({ registry, store, journal: memoryCopyJournal() })(
    {
      ...{ copy: 'bench', source: { repository, digest }, destination: { repository, tags: [tag] } },
      ...{ signatures: 'best-effort', maxBytes: 50 * 2 ** 30, createRepository: false },
    },
    { remaining: () => 900_000, beforeTags: () => Promise.resolve() },
  );
  if (result.state !== 'done') throw new Error(`the copy ended as ${result.state}`);
  return result.moved;
};

/** AWS's SDK is loaded only where it is used: no peer would start with it. */
const act = async (job: CopyJob): Promise<number> => {
  if (job.kind === 'to registry') return copy(job, v2ImageStore({ url: `http://${job.to}` }));
  const { bareParts, storeAt } = await import('./ecr-client.ts');
  return job.kind === 'bare parts' ? bareParts(job) : copy(job, storeAt(job.to));
};

const started = performance.now();
const moved = await act(JSON.parse(process.argv[2] ?? '') as CopyJob);
const ms = performance.now() - started;
const done: CopyDone = { moved, requests, ms, peakRss: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(done), () => process.exit(0));
