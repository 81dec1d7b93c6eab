import type { CopyEnd } from './play-cuts.ts';
import type { Trouble } from './trouble.ts';
import type { WireWorld } from './wire-world.ts';

/** Every byte under its digest, every tag on its manifest. */
const wrongInEcr = ({ world, content, transfer }: WireWorld): string[] => {
  const { repository, tags } = transfer.destination;
  const ecr = world.registry.content;
  const lacking = (digest: string) => `ECR has not the bytes of ${digest}`;
  const blobs = [...content.blobs].filter(([digest, bytes]) => ecr.blob(repository, digest)?.equals(bytes) !== true);
  const manifests = content.manifests.filter(
    ({ digest, mediaType, bytes }) =>
      ecr.manifest(repository, digest)?.bytes.equals(bytes) !== true ||
      ecr.manifest(repository, digest)?.mediaType !== mediaType,
  );
  const named = [...content.tags, ...tags.map((tag) => [tag, content.root] as const)];
  return [
    ...blobs.map(([digest]) => lacking(digest)),
    ...manifests.map(({ digest }) => lacking(digest)),
    ...named
      .filter(([tag, digest]) => ecr.tags(repository).get(tag) !== digest)
      .map(([tag]) => `${tag} is not its tag`),
  ];
};

const wrongEnd = (world: WireWorld, end: CopyEnd, trouble: Trouble | undefined): string[] => {
  const { content, transfer } = world;
  if (end.state === 'failed') {
    const tagged = [...world.world.registry.content.tags(transfer.destination.repository).values()];
    return [
      ...(end.name === trouble?.name ? [] : [`it failed by ${end.name}, not by ${trouble?.name ?? 'any name'}`]),
      ...(tagged.includes(content.root) ? ['it failed, and has its tag'] : []),
    ];
  }
  const { result } = end;
  return [
    ...(trouble === undefined ? [] : [`it ended well in spite of ${trouble.name}`]),
    ...(result.state === 'done' && result.digest === content.root ? [] : ['it has another digest']),
    ...(result.state === 'done' && result.leftOut.length === 0 ? [] : ['something was left out']),
    ...wrongInEcr(world),
  ];
};

/** What was sent of each blob beyond its own bytes and those that ECR lost; and how often it was cut, by whatever. */
export const sentTwice = ({ counts, content }: WireWorld) =>
  [...content.blobs].map(([digest, { length }]) => ({
    digest,
    bytes: (counts.sent.get(digest) ?? 0) - length - (counts.lost.get(digest) ?? 0),
    cuts: (counts.cuts.get(digest) ?? 0) + counts.losses + counts.deaths,
  }));

const sentTooOften = (world: WireWorld): string[] =>
  sentTwice(world)
    .filter(({ bytes, cuts }) => bytes > 2 * world.image.partSize * cuts)
    .map(({ digest, bytes, cuts }) => `${bytes} bytes of ${digest} were sent twice, for ${cuts} cuts`);

/** ECR's own count: it got no more than was sent, and nothing that nobody knows of. */
const unaccounted = ({ counts, world, transfer }: WireWorld): string[] => {
  const { repository } = transfer.destination;
  if (!world.registry.content.hasRepository(repository)) return [];
  const sent = [...counts.sent.values()].reduce((sum, bytes) => sum + bytes, 0);
  const { bytesReceived } = world.ecrView(repository);
  return bytesReceived <= sent ? [] : [`ECR received ${bytesReceived} bytes, and ${sent} were sent`];
};

/** Credentials go to GitLab, tokens to its registry, and nothing to anybody else. */
const leaked = async ({ gitlab, elsewhere, leaks }: WireWorld): Promise<string[]> => {
  const may: Record<string, readonly string[]> = { login: ['Basic'], registry: ['none', 'Bearer'], storage: ['none'] };
  const requests = await gitlab.control.registryRequests();
  const wrong = requests.filter(({ server, authorization }) => may[server]?.includes(authorization) !== true);
  const away = elsewhere.received.filter((headers) => headers.authorization ?? headers.cookie);
  return [
    ...leaks,
    ...wrong.map(({ server, authorization }) => `to ${server}: Authorization ${authorization}`),
    ...away.map(() => 'to another origin: credentials'),
  ];
};

/** What is not as it must be after a run, in words. */
export const wrongWith = async (world: WireWorld, end: CopyEnd, trouble: Trouble | undefined): Promise<string[]> => [
  ...wrongEnd(world, end, trouble),
  ...sentTooOften(world),
  ...unaccounted(world),
  ...(await leaked(world)),
  ...world.fleet.defects,
];
