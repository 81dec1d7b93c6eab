import { ECRClient } from '@aws-sdk/client-ecr';
import { AsyncLocalStorage } from 'node:async_hooks';
import { ecrImageStore } from '../../../lib/adapters/aws/ecr-image-store.ts';
import { gitlabRegistry } from '../../../lib/adapters/registry/gitlab-registry.ts';
import type { TransferPorts } from '../../../lib/app/transfer/transfer.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { ImageStore } from '../../../lib/ports/image-store.ts';
import type { Life } from './life.ts';
import { region, type WireWorld } from './wire-world.ts';

/** ms of real time without an answer after which a connection is given up; stalled ones cost that much. */
const quiet = 60;

const add = (counts: Map<string, number>, digest: string, count: number): void => {
  counts.set(digest, (counts.get(digest) ?? 0) + count);
};

/** The blob that a call is about, where it goes in one go: nothing else tells whose upload it is. */
const inOneGo = new AsyncLocalStorage<string>();

interface Sent {
  input: { uploadId?: string; partFirstByte?: number; partLastByte?: number; layerDigests?: string[] };
  request: { headers: Record<string, string> };
}

interface Answered {
  response: { statusCode: number; headers: Record<string, string> };
}

type Handler = (args: Sent) => Promise<Answered>;

const isCut = ({ statusCode, headers }: Answered['response']): boolean =>
  statusCode >= 500 || (headers['x-amzn-errortype'] ?? '').startsWith('Throttling');

const digestOf = ({ about }: WireWorld, { uploadId = '' }: Sent['input']): string | undefined => {
  const digest = inOneGo.getStore();
  if (digest !== undefined && uploadId !== '') about.set(uploadId, digest);
  return digest ?? about.get(uploadId);
};

/** Each try of a call is a step of its life. Counts what it sends, and whether it was cut. */
const counting = ({ counts, leaks, ...world }: WireWorld, life: Life) => {
  const send = async (next: Handler, sent: Sent, digest: string | undefined): Promise<Answered> => {
    // The bytes themselves are in the body alone.
    const { partFirstByte = 0, partLastByte = -1 } = sent.input;
    add(counts.sent, digest ?? '', partLastByte + 1 - partFirstByte);
    try {
      const answered = await next(sent);
      if (isCut(answered.response)) add(counts.cuts, digest ?? '', 1);
      return answered;
    } catch (error) {
      add(counts.cuts, digest ?? '', 1);
      throw error;
    }
  };
  return (next: Handler): Handler =>
    (sent) => {
      const headers = JSON.stringify(sent.request.headers);
      if (/"(Bearer|Basic) /.test(headers) || headers.includes(world.login.password))
        leaks.push("to ECR: the registry's login");
      const digest = digestOf({ counts, leaks, ...world }, sent.input);
      return life.step(() => send(next, sent, digest));
    };
};

/** The SDK's own retries, but that no time passes between them. */
const unhurried = async (client: ECRClient): Promise<void> => {
  const strategy = (await client.config.retryStrategy()) as { retryBackoffStrategy?: object };
  if (strategy.retryBackoffStrategy === undefined) throw new Error('the SDK waits between its tries by other means');
  strategy.retryBackoffStrategy = { setDelayBase: () => undefined, computeNextBackoffDelay: () => 0 };
};

const ecrClient = async (world: WireWorld, life: Life): Promise<ECRClient> => {
  const client = new ECRClient({
    endpoint: world.fleet.url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    userAgentAppId: 'copy-image',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: quiet, throwOnRequestTimeout: true },
  });
  await unhurried(client);
  const middleware = counting(world, life);
  client.middlewareStack.add(middleware as never, { step: 'deserialize', name: 'cuts', priority: 'low' });
  return client;
};

const storeOf = (store: ImageStore): ImageStore => ({
  ...store,
  putBlob: (repository, blob, bytes) => inOneGo.run(blob.digest, () => store.putBlob(repository, blob, bytes)),
});

/** The journal, whose table is unavailable now and then: before it has written, or after. */
const journalOf = ({ journal, random, counts, about }: WireWorld, life: Life): TransferPorts['journal'] => {
  const call = <T>(act: () => Promise<T>, digest?: string): Promise<T> =>
    life.step(async () => {
      const chance = random();
      if (chance < 0.01) await act();
      if (chance >= 0.02) return act();
      if (digest !== undefined) add(counts.cuts, digest, 1);
      throw new DeployFailure('AwsUnavailable', 'the table gives no answer');
    });
  return {
    begin: (...args) => call(() => journal.begin(...args)),
    layers: (...args) => call(() => journal.layers(...args)),
    uploads: (...args) => call(() => journal.uploads(...args)),
    save: (copy, digest, progress) => {
      about.set(progress.uploadId, digest);
      return call(() => journal.save(copy, digest, progress), digest);
    },
    forget: (...args) => call(() => journal.forget(...args), args[1]),
  };
};

const steppedBytes = async function* (life: Life, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reading = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next: IteratorResult<Buffer, unknown> = await life.step(() => reading.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await reading.return?.();
  }
};

const registryOf = (world: WireWorld, life: Life): TransferPorts['registry'] => {
  const { clock, random, gitlab, login } = world;
  // Those who wait at the same time do not wait for one another.
  const wait = async (ms: number): Promise<void> => {
    const until = clock.now() + ms;
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(Math.max(0, until - clock.now()));
  };
  const pace = { quiet: { answer: quiet, blob: quiet }, tries: 4, now: () => clock.now(), wait, random };
  const credentials = { url: gitlab.url, token: 'unused', registry: { host: gitlab.registryHost, ...login } };
  const registry = gitlabRegistry(() => Promise.resolve(credentials), { local: true, privateHosts: [], pace });
  return {
    host: registry.host,
    digestOf: (...args) => life.step(() => registry.digestOf(...args)),
    manifest: (...args) => life.step(() => registry.manifest(...args)),
    referrers: (...args) => life.step(() => registry.referrers(...args)),
    blob: (...args) => steppedBytes(life, registry.blob(...args)),
  };
};

/** The real adapters of one invocation. */
export const wirePorts = async (world: WireWorld, life: Life): Promise<TransferPorts> => {
  const client = await ecrClient(world, life);
  life.hangUp = () => {
    client.destroy();
  };
  const store = storeOf(ecrImageStore(client, world.image.partSize));
  return { registry: registryOf(world, life), store, journal: journalOf(world, life) };
};
