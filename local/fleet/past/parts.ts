import type { Fleet } from '../world/fleet.ts';
import type { Cluster, ServiceRecord } from '../world/records.ts';
import type { Showing } from './other-showings.ts';
import { balancerShowing, familyShowing, layersShowing, repositoryShowing, scalingShowing } from './other-showings.ts';
import type { WithTasks } from './service-copy.ts';
import { copyOfService } from './service-copy.ts';
import type { Subject } from './subjects.ts';

export interface PastService {
  kind: 'service';
  cluster: string;
  name: string;
  /** what was copied, and the copy; both absent where no such service was */
  original?: ServiceRecord;
  copy?: WithTasks;
}

/** How one part of the fleet was at some moment. */
export type PastPart = PastService | { kind: 'another'; show: Showing };

/** A moment, and how something was then. */
export interface Kept {
  readonly at: number;
  readonly part: PastPart;
}

/** How the subject is now. */
export const partOf = (fleet: Fleet, subject: Subject): PastPart => {
  switch (subject.kind) {
    case 'service':
      return servicePart(fleet, subject);
    case 'family':
      return { kind: 'another', show: familyShowing(fleet, subject.name) };
    case 'repository':
      return { kind: 'another', show: repositoryShowing(fleet, subject.name) };
    case 'layers':
      return { kind: 'another', show: layersShowing(fleet, subject.repository) };
    case 'load balancer':
      return { kind: 'another', show: balancerShowing(fleet) };
    case 'scaling':
      return { kind: 'another', show: scalingShowing(fleet) };
  }
};

const servicePart = (fleet: Fleet, subject: Extract<Subject, { kind: 'service' }>): PastService => {
  const service = fleet.clusters.get(subject.cluster)?.services.get(subject.name);
  if (service === undefined) return subject;
  const tasks = [...fleet.tasks.values()].filter((task) => task.service === service);
  return { ...subject, original: service, copy: copyOfService({ service, tasks }) };
};

/** The fleet with these parts of it as they were. Only to be read from. */
export const withParts = (fleet: Fleet, parts: readonly PastPart[]): Fleet => {
  if (parts.length === 0) return fleet;
  const services = withServices(
    fleet,
    parts.filter((part) => part.kind === 'service'),
  );
  return parts.filter((part) => part.kind === 'another').reduce((shown, { show }) => show(shown), services);
};

/** All of them at once: a lagging world has many. */
const withServices = (fleet: Fleet, parts: readonly PastService[]): Fleet => {
  const clusters = new Map(
    [...fleet.clusters].map(([name, cluster]) => [name, { ...cluster, services: new Map(cluster.services) }]),
  );
  const replaced = new Set(parts.flatMap((part) => replacedBy(clusters, part)));
  const tasks = new Map([...fleet.tasks].filter(([, { service }]) => !replaced.has(service)));
  for (const { cluster, name, copy } of parts) {
    if (copy === undefined) clusters.get(cluster)?.services.delete(name);
    else clusters.get(cluster)?.services.set(name, copy.service);
    for (const task of copy?.tasks ?? []) tasks.set(task.arn, task);
  }
  return { ...fleet, clusters, tasks };
};

/** The service that is there now may be another one than the one that was there then. */
const replacedBy = (
  clusters: ReadonlyMap<string, Cluster>,
  { cluster, name, original }: PastService,
): ServiceRecord[] => [original, clusters.get(cluster)?.services.get(name)].filter((service) => service !== undefined);
