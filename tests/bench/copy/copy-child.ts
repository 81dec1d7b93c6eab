import { ECRClient, UploadLayerPartCommand } from '@aws-sdk/client-ecr';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { ecrImageStore } from '../../../lib/adapters/aws/ecr-image-store.ts';
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

const clientOf = (endpoint: string): ECRClient =>
  new ECRClient({ endpoint, region: 'us-gov-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

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

const bareParts = async ({ to, parts, partSize }: Extract<CopyJob, { kind: 'bare parts' }>): Promise<number> => {
  const client = clientOf(to);
  const layerPartBlob = Buffer.alloc(partSize, 'part');
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let part = next++; part < parts; part = next++) {
      const range = { partFirstByte: part * partSize, partLastByte: (part + 1) * partSize - 1 };
      const upload = { repositoryName: 'acme/web', uploadId: 'one' };
      await client.send(new UploadLayerPartCommand({ ...upload, ...range, layerPartBlob }));
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return parts * partSize;
};

const act = (job: CopyJob): Promise<number> => {
  if (job.kind === 'bare parts') return bareParts(job);
  return copy(job, job.kind === 'to ECR' ? ecrImageStore(clientOf(job.to)) : v2ImageStore({ url: `http://${job.to}` }));
};

const started = performance.now();
const moved = await act(JSON.parse(process.argv[2] ?? '') as CopyJob);
const ms = performance.now() - started;
const done: CopyDone = { moved, requests, ms, peakRss: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(done), () => process.exit(0));
