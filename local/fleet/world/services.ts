import type { CreateServiceRequest, DeploymentConfiguration, Tag } from '@aws-sdk/client-ecs';
import { ecsArn } from './arns.ts';
import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import type { Cluster, RevisionSettings, ServiceRecord, ServiceSettings } from './records.ts';

export interface NewService {
  name: string;
  cluster: Cluster;
  desired: number;
  settings: ServiceSettings;
  revisionSettings: RevisionSettings;
  deploymentConfiguration: DeploymentConfiguration;
  /** the request that makes it, if one does */
  asked: CreateServiceRequest | undefined;
  tags: Tag[] | undefined;
}

/** An ACTIVE service without any rollout yet. It takes the place of an INACTIVE one of the same name. */
export const addService = (fleet: Fleet, given: NewService): ServiceRecord => {
  const { tags, ...rest } = given;
  const service: ServiceRecord = {
    ...rest,
    arn: ecsArn(fleet, `service/${given.cluster.name}/${given.name}`),
    createdAt: dateOf(fleet),
    status: 'ACTIVE',
    rollouts: [],
    deployments: [],
    revisions: [],
    events: [],
    lastCompleted: undefined,
    steady: false,
    serviceDeployments: fleet.defaults.serviceDeployments,
    readsLag: fleet.defaults.readsLag,
    awake: false,
    failedStarts: 0,
    noStartBefore: 0,
  };
  given.cluster.services.set(service.name, service);
  if (tags === undefined) fleet.tags.delete(service.arn);
  else fleet.tags.set(service.arn, tags);
  return service;
};

export const clusterNamed = (fleet: Fleet, name: string): Cluster => {
  const known = fleet.clusters.get(name);
  if (known !== undefined) return known;
  const cluster: Cluster = { name, arn: ecsArn(fleet, `cluster/${name}`), services: new Map() };
  fleet.clusters.set(name, cluster);
  return cluster;
};
