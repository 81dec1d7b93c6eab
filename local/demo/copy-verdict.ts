import type { Pushed } from '../ci/run-build-job.ts';
import type { RepositoryView } from '../fleet/registry-seeds.ts';
import type { FleetCall } from '../fleet/seeds.ts';
import { inSize } from '../../cli/words.ts';

/** A commit's image on its way, as CI pushed it and as ECR's repository was before it and after it. */
export interface Carried {
  letter: string;
  pushed: Pick<Pushed, 'digest' | 'blobs' | 'given' | 'requests'>;
  /** those it must have in ECR */
  tags: readonly string[];
  ecr: { before: RepositoryView; after: RepositoryView };
}

type Call = Pick<FleetCall, 'service' | 'caller' | 'operation'>;

const arrivedProblems = ({ letter, pushed, tags, ecr }: Carried): string[] => {
  const { images, layers } = ecr.after;
  const image = images.find(({ digest }) => digest === pushed.digest);
  if (image === undefined) return [`ECR has no image of ${letter}'s digest ${pushed.digest}`];
  const there = new Map(layers.map(({ digest, size }) => [digest, size]));
  const absent = pushed.blobs.filter(({ digest, size }) => there.get(digest) !== size);
  const untagged = tags.filter((tag) => !image.tags.includes(tag));
  return [
    ...absent.map(({ digest }) => `ECR lacks ${letter}'s layer ${digest}`),
    ...untagged.map((tag) => `${letter}'s image in ECR has no tag ${tag}`),
  ];
};

/** bytes that have reached ECR for each layer */
const received = ({ layers }: RepositoryView): Map<string, number> =>
  new Map(layers.map(({ digest, bytesReceived }) => [digest, bytesReceived]));

/** What ECR had before is not sent to it once more. */
const sentAgainProblems = ({ letter, pushed, ecr }: Carried): string[] => {
  const [before, after] = [received(ecr.before), received(ecr.after)];
  const again = pushed.blobs.filter(({ digest }) => before.has(digest) && after.get(digest) !== before.get(digest));
  return again.map(({ digest }) => `${letter}'s layer ${digest} was in ECR, and was sent again`);
};

/** Bytes of the image that ECR had before, and those that reached it since. */
export const bytesOf = ({ pushed, ecr: { before, after } }: Pick<Carried, 'pushed' | 'ecr'>) => {
  const had = received(before);
  const present = pushed.blobs.filter(({ digest }) => had.has(digest)).reduce((sum, { size }) => sum + size, 0);
  return { present, moved: after.bytesReceived - before.bytesReceived };
};

const movedProblem = (carried: Carried): string[] => {
  const { present, moved } = bytesOf(carried);
  const own = carried.pushed.blobs.reduce((sum, { size }) => sum + size, 0) - present;
  return moved === own ? [] : [`${carried.letter}'s own layers are ${inSize(own)}, but ECR was sent ${inSize(moved)}`];
};

/** What CI was given, and by what it came to GitLab's registry. */
const ciProblems = ({ letter, pushed: { given, requests } }: Carried): string[] => {
  const ofAws = Object.keys(given).filter((name) => !name.startsWith('CI_'));
  const schemes = { login: ['Basic'], registry: ['none', 'Bearer'], storage: ['none'] };
  const odd = requests.filter(({ server, authorization }) => !schemes[server].includes(authorization));
  const wrote = requests.some(({ method, status }) => method === 'PUT' && status === 201);
  return [
    ...ofAws.map((name) => `${letter}'s CI was given ${name}`),
    ...odd.map(({ server, authorization }) => `${letter}'s CI came to GitLab's ${server} with ${authorization}`),
    ...(wrote ? [] : [`${letter}'s CI pushed nothing to GitLab's registry`]),
  ];
};

const ecrWrites = new Set(['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage']);

/** ECR is written to by Drawbridge's copy, and by nobody else. */
const writerProblems = (calls: readonly Call[]): string[] => {
  const writers = new Set(calls.filter(({ operation }) => ecrWrites.has(operation)).map(({ caller }) => caller));
  return [...writers].filter((caller) => caller !== 'copy-image').map((caller) => `ECR was written to by ${caller}`);
};

/** Why the images did not come into ECR as they should; empty when they did. `calls`: all that AWS was asked. */
export const copyProblems = (carried: readonly Carried[], calls: readonly Call[]): string[] => [
  ...carried.flatMap((one) => [
    ...arrivedProblems(one),
    ...sentAgainProblems(one),
    ...movedProblem(one),
    ...ciProblems(one),
  ]),
  ...writerProblems(calls),
];
