import type { Repository } from '../ecr/repository.ts';
import type { Balancer } from '../elbv2/balancer.ts';
import type { Fleet } from '../world/fleet.ts';

/** The fleet given, with one part of it as it was when the showing was made. Only to be read from. */
export type Showing = (fleet: Fleet) => Fleet;

const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): Map<string, V> => {
  const changed = new Map(map);
  if (value === undefined) changed.delete(key);
  else changed.set(key, value);
  return changed;
};

export const familyShowing = (fleet: Fleet, name: string): Showing => {
  const copy = fleet.families.get(name)?.map((record) => ({ ...record }));
  return (shown) => ({ ...shown, families: withEntry(shown.families, name, copy) });
};

export const repositoryShowing = ({ registry }: Fleet, name: string): Showing => {
  const original = registry.repositories.get(name);
  const copy: Repository | undefined = original && {
    ...original,
    images: new Map([...original.images].map(([digest, image]) => [digest, { ...image, tags: new Set(image.tags) }])),
  };
  return withRepository(name, (shown) => copy && { ...copy, layers: shown?.layers ?? copy.layers });
};

export const layersShowing = ({ registry }: Fleet, name: string): Showing => {
  const original = registry.repositories.get(name);
  const layers = original && new Map(original.layers);
  return withRepository(name, (shown) => (layers && shown ? { ...shown, layers } : undefined));
};

const withRepository =
  (name: string, as: (shown: Repository | undefined) => Repository | undefined): Showing =>
  (shown) => {
    const { repositories } = shown.registry;
    const changed = withEntry(repositories, name, as(repositories.get(name)));
    return { ...shown, registry: { ...shown.registry, repositories: changed } };
  };

export const balancerShowing = ({ balancer }: Fleet): Showing => {
  const { listeners, targetGroups } = balancer;
  const copy: Balancer = {
    ...balancer,
    listeners: new Map(
      [...listeners].map(([arn, listener]) => [
        arn,
        { ...listener, rules: new Map([...listener.rules].map(([rule, known]) => [rule, { ...known }])) },
      ]),
    ),
    targetGroups: new Map(
      [...targetGroups].map(([arn, group]) => [
        arn,
        {
          ...group,
          attributes: new Map(group.attributes),
          targets: new Map([...group.targets].map(([id, target]) => [id, { ...target }])),
        },
      ]),
    ),
  };
  return (shown) => ({ ...shown, balancer: copy });
};

export const scalingShowing = ({ scaling: { targets, policies, actions } }: Fleet): Showing => {
  const scaling = { targets: new Map(targets), policies: new Map(policies), actions: new Map(actions) };
  return (shown) => ({ ...shown, scaling });
};
