import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Transfer } from '../../../lib/app/transfer/transfer.ts';
import { virtualClock, type VirtualClock } from '../../../local/clock.ts';
import { fleetControl, type FleetControl } from '../../../local/fleet/control.ts';
import { startFleet, type Fleet } from '../../../local/fleet/server.ts';
import { seededRandom } from '../../../local/fleet/wire/seeded-random.ts';
import { createWorld, type World } from '../../../local/fleet/world/world.ts';
import { startGitlab, type Gitlab } from '../../../local/gitlab/server.ts';
import { ensureVenv } from '../../../local/venv.ts';
import { below, type Random } from '../cuts/random-image.ts';
import { memoryCopyJournal, type MemoryCopyJournal } from '../memory-copy-journal.ts';
import { contentOf, randomCutImage, type CutContent, type CutImage } from './cut-image.ts';

export const source = 'acme/web/app';
export const destination = 'web';
export const region = 'eu-central-1';

/** What has gone wrong, and what was sent, by digest: bytes, and cuts of calls that were about it. */
export interface Counts {
  sent: Map<string, number>;
  cuts: Map<string, number>;
  /** that ECR took and then lost */
  lost: Map<string, number>;
  /** how often it lost all uploads under way */
  losses: number;
  deaths: number;
}

/** GitLab with its registry and ECR, each on ports of its own, on one clock; and what outlives every invocation. */
export interface WireWorld {
  seed: number;
  random: Random;
  clock: VirtualClock;
  world: World;
  fleet: Fleet;
  ecr: FleetControl;
  gitlab: Gitlab;
  /** another origin, which has nothing; the headers that it was sent */
  elsewhere: { url: string; received: IncomingHttpHeaders[] };
  /** what the registry is logged in to with */
  login: { username: string; password: string };
  /** object storage has the blobs, not the registry itself */
  layersAtStorage: boolean;
  image: CutImage;
  content: CutContent;
  transfer: Transfer;
  journal: MemoryCopyJournal;
  counts: Counts;
  /** the digest of what is uploaded, by upload */
  about: Map<string, string>;
  /** calls of dead invocations that come late, beside another invocation */
  late: (() => void)[];
  /** what dead invocations have under way */
  unheard: Promise<unknown>[];
  /** what was sent where it must not be, in words */
  leaks: string[];
  close(): Promise<void>;
}

const startElsewhere = async () => {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
};

const transferOf = (random: Random, { spec }: CutImage, digest: string): Transfer => ({
  copy: 'web-1',
  source: { repository: source, digest },
  destination: { repository: destination, tags: ['v1', 'latest'].slice(0, 1 + below(random, 2)) },
  platform: { os: 'linux', architecture: 'amd64' },
  signatures: spec.signature && random() < 0.5 ? 'required' : 'best-effort',
  maxBytes: 2 ** 30,
  createRepository: random() < 0.2,
});

const startParts = async (seed: number) => {
  const clock = virtualClock();
  const { sitePackages } = await ensureVenv();
  const world = createWorld({ clock, region, account: '123456789012', seed });
  const [fleet, gitlab, elsewhere] = await Promise.all([
    startFleet({ world, clock, models: join(sitePackages, 'botocore', 'data'), seed }),
    startGitlab({ clock, seed }),
    startElsewhere(),
  ]);
  return { clock, world, fleet, ecr: fleetControl(fleet.url), gitlab, elsewhere };
};

type Parts = Awaited<ReturnType<typeof startParts>>;

/** The image is pushed; what the registry and ECR are like is chance. */
const furnish = async ({ gitlab, world }: Parts, random: Random, image: CutImage) => {
  await gitlab.control.createProject({ id: 4711, path: 'acme/web' });
  // A minute is the least: https://distribution.github.io/distribution/spec/auth/token
  const tokenSeconds = random() < 0.3 ? 60 : 300;
  const [redirect, { referrersApi }] = [random() < 0.8, image];
  await gitlab.control.setRegistry({ tokenSeconds, redirect, referrersApi });
  const { username, token } = await gitlab.control.createDeployToken({ project: 4711 });
  await gitlab.control.pushImage({ ...image.spec, ...parts(image), repository: source, tag: 'v1' });
  world.setRegistry({ partSize: image.partSize, putImagesPerSecond: 10_000 });
  return { login: { username, password: token }, layersAtStorage: redirect };
};

const parts = ({ spec: { layers = [], platforms = [] } }: CutImage) => ({
  layers: layers.map(({ size, seed }) => (seed === undefined ? { size } : { size, seed })),
  platforms: [...platforms],
});

const emptyCounts = (): Counts => ({ sent: new Map(), cuts: new Map(), lost: new Map(), losses: 0, deaths: 0 });

export const startWireWorld = async (seed: number): Promise<WireWorld> => {
  const random = seededRandom(seed);
  const image = randomCutImage(random, seed);
  const content = contentOf(image);
  const parts = await startParts(seed);
  const furnished = await furnish(parts, random, image);
  const transfer = transferOf(random, image, content.root);
  if (!transfer.createRepository) parts.world.putRepository({ name: destination });
  return {
    ...{ seed, random, ...parts, ...furnished, image, content, transfer, journal: memoryCopyJournal() },
    ...{ counts: emptyCounts(), about: new Map<string, string>(), late: [], unheard: [], leaks: [] },
    close: async () => {
      parts.elsewhere.close();
      await Promise.all([parts.gitlab.close(), parts.fleet.close()]);
    },
  };
};
