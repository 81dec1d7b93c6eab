import type { Platform } from './image-manifest.ts';

/** A task definition as ECS describes it, tags beside it. All fields but the few named here pass through unread. */
export interface Revision {
  arn: string;
  family: string;
  number: number;
  active: boolean;
  definition: Readonly<Record<string, unknown>>;
  tags: readonly Tag[];
}

export interface Tag {
  key: string;
  value: string;
}

/** Marks whose revision it is; a retry of a lost registration finds it by this. */
export const deploymentTag = 'drawbridge:deployment';

/**
 * What DescribeTaskDefinition answers and RegisterTaskDefinition does not take; everything else is passed on, also
 * fields that are newer than this list. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
export const readOnlyFields = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
] as const;

type Container = Readonly<Record<string, unknown>>;
const containersOf = (definition: Readonly<Record<string, unknown>>): readonly Container[] =>
  (definition['containerDefinitions'] ?? []) as readonly Container[];

/** The execution that registered it, if it is one of ours. */
export const deploymentOf = ({ tags }: Revision): string | undefined =>
  tags.find(({ key }) => key === deploymentTag)?.value;

/** The image of each container, by the container's name. */
export const imagesOf = (revision: Revision): Record<string, string> =>
  Object.fromEntries(
    containersOf(revision.definition).map(({ name, image }) => [String(name), String(image)] as const),
  );

/**
 * What its tasks run on, in the words of images. ECS's defaults are Linux and X86_64; its Windows families are many, an
 * image only says `windows`. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
 */
export const platformOf = ({ definition }: Revision): Platform => {
  const asked = (definition['runtimePlatform'] ?? {}) as { cpuArchitecture?: string; operatingSystemFamily?: string };
  return {
    os: asked.operatingSystemFamily?.startsWith('WINDOWS') === true ? 'windows' : 'linux',
    architecture: asked.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  };
};

/** The definition to register: a clone with the image of the named containers replaced, tagged as this deployment's. */
export const cloneWithImage = (
  source: Revision,
  change: { containers: readonly string[]; image: string; deployment: string },
): { definition: Record<string, unknown>; tags: Tag[] } => {
  const kept = Object.entries(source.definition).filter(
    ([field]) => !(readOnlyFields as readonly string[]).includes(field),
  );
  const containerDefinitions = containersOf(source.definition).map((container) =>
    change.containers.includes(String(container['name'])) ? { ...container, image: change.image } : container,
  );
  // AWS reserves the prefix and refuses it in a request
  const tags = source.tags.filter(({ key }) => key !== deploymentTag && !key.startsWith('aws:'));
  return {
    definition: { ...Object.fromEntries(kept), containerDefinitions },
    tags: [...tags, { key: deploymentTag, value: change.deployment }],
  };
};

const empty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** One text for values that mean the same: keys sorted, null, absent and empty left out, lists as sets. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(canonical(item))).sort();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, canonical(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !empty(inner)).sort(([a], [b]) => (a < b ? -1 : 1)));
};

const ordered = new Set(['command', 'entryPoint']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const named = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every((item) => isRecord(item) && typeof item['name'] === 'string');

const byName = (items: Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(items.map((item) => [String(item['name']), item]));

const differ = (path: string, a: unknown, b: unknown): string[] => {
  if (empty(a) && empty(b)) return [];
  const field = path.split('.').at(-1) ?? '';
  if (ordered.has(field)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  if (named(a) && named(b)) return differ(path, byName(a), byName(b));
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) => differ(`${path}.${key}`, a[key], b[key]));
  }
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)) ? [] : [path];
};

/**
 * Where two definitions differ: paths, never values (they hold applications' secrets). Order matters for a command
 * line only; elsewhere ECS is free to answer lists in another order and empty values as absent.
 */
export const differingPaths = (
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] => {
  const fields = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  for (const field of readOnlyFields) fields.delete(field);
  return [...fields].sort().flatMap((field) => differ(field, wanted[field], found[field]));
};

/** `arn:…:task-definition/web:41` → family and number. */
export const revisionName = (arn: string): { family: string; number: number } => {
  const [family = '', number = ''] = arn.slice(arn.lastIndexOf('/') + 1).split(':');
  return { family, number: Number(number) };
};
