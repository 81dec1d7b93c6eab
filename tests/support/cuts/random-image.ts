import type { Descriptor, Manifest } from '../../../lib/domain/image-manifest.ts';
import { descriptorOf, memoryRegistry, type MemoryRegistry } from '../memory-registry.ts';

export type Random = () => number;

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

const content = (random: Random): Buffer => {
  // a few parts, or less than one; often exactly whole parts
  const size = random() < 0.3 ? 16 * (1 + below(random, 8)) : 1 + below(random, random() < 0.5 ? 15 : 150);
  return Buffer.from(Array.from({ length: size }, () => below(random, 256)));
};

const image = (registry: MemoryRegistry, random: Random, known: Descriptor[]): Manifest => {
  const layers = Array.from({ length: 1 + below(random, 5) }, () => {
    const shared = known[below(random, 3 * known.length + 3)];
    const layer = shared ?? registry.layer(content(random));
    known.push(layer);
    return layer;
  });
  const architecture = `machine-${below(random, 1_000_000)}`;
  return registry.image({ layers, platform: { os: 'linux', architecture } });
};

const attach = (registry: MemoryRegistry, random: Random, subject: Manifest): void => {
  const layers = [registry.layer(content(random))];
  const tag = `${subject.digest.replace(':', '-')}.sig`;
  if (random() < 0.5 && !registry.tags.has(tag)) registry.tags.set(tag, registry.image({ layers }).digest);
  else registry.image({ subject, layers, artifactType: 'application/vnd.cncf.notary.signature' });
};

/** A registry with an image in it: one, or an index of some, of which one may be an index; layers shared, signatures by chance. */
export const randomImage = (random: Random): { registry: MemoryRegistry; root: Manifest } => {
  const registry = memoryRegistry();
  registry.chunk = 1 + below(random, 40);
  const known: Descriptor[] = [];
  const children = (): Descriptor[] =>
    Array.from({ length: 1 + below(random, 3) }, () => descriptorOf(image(registry, random, known)));
  const shape = random();
  const inner = shape < 0.2 ? [descriptorOf(registry.index(children()))] : [];
  const root = shape > 0.7 ? image(registry, random, known) : registry.index([...inner, ...children()]);
  for (let count = below(random, 3); count > 0; count -= 1) attach(registry, random, root);
  return { registry, root };
};
