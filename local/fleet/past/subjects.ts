import { serviceName } from '../ecs/find.ts';
import type { Input, ServiceName } from '../operation.ts';
import { nameIn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { ownerOfPart, partsIn } from '../world/service-parts.ts';

/** The parts of the world that can be shown as they were: what a call reads or writes is one or more of them. */
export type Subject =
  | { kind: 'service'; cluster: string; name: string }
  | { kind: 'family'; name: string }
  | { kind: 'repository'; name: string }
  | { kind: 'layers'; repository: string }
  | { kind: 'load balancer' }
  | { kind: 'scaling' };

/** One for each subject. */
export const keyOf = (subject: Subject): string =>
  subject.kind === 'service' ? `service ${subject.cluster}/${subject.name}` : Object.values(subject).join(' ');

export interface PlayedCall {
  service: ServiceName;
  operation: string;
  input: Input;
}

/** What the call reads or writes, in the world as it stands. */
export const subjectsOf = (fleet: Fleet, { service, operation, input }: PlayedCall): Subject[] => {
  if (service === 'elbv2') return [{ kind: 'load balancer' }];
  if (service === 'application-autoscaling') return [{ kind: 'scaling' }];
  if (service === 'ecr') {
    return texts(input['repositoryName'] ?? input['repositoryNames']).flatMap((name) => ofRepository(operation, name));
  }
  const services = [...namedServices(input), ...servicesOfParts(input), ...servicesOfTasks(fleet, input)];
  if (services.length > 0) return services;
  return operation === 'ListServices' || operation === 'ListTasks' ? servicesOfCluster(fleet, input) : families(input);
};

/** Images and layers change apart from each other, and no read tells of uploads. */
const ofRepository = (operation: string, name: string): Subject[] => {
  const images: Subject = { kind: 'repository', name };
  const layers: Subject = { kind: 'layers', repository: name };
  switch (operation) {
    case 'InitiateLayerUpload':
    case 'UploadLayerPart':
      return [];
    case 'BatchCheckLayerAvailability':
    case 'CompleteLayerUpload':
    case 'GetDownloadUrlForLayer':
      return [layers];
    case 'BatchDeleteImage':
    case 'CreateRepository':
      return [images, layers];
    default:
      return [images];
  }
};

const texts = (value: unknown): string[] =>
  [value].flat().flatMap((given) => (typeof given === 'string' ? [given] : []));

const clusterIn = (input: Input): string => texts(input['cluster']).map(nameIn)[0] ?? 'default';

const namedServices = (input: Input): Subject[] =>
  ['services', 'service', 'serviceName']
    .flatMap((member) => texts(input[member]))
    .map((name) => ({ kind: 'service', cluster: clusterIn(input), name: serviceName(name) }));

const servicesOfParts = (input: Input): Subject[] =>
  partsIn(input)
    .map(ownerOfPart)
    .filter((owner) => owner !== undefined)
    .map((owner) => ({ kind: 'service', ...owner }));

const servicesOfTasks = (fleet: Fleet, input: Input): Subject[] =>
  texts(input['tasks']).flatMap((task): Subject[] => {
    const found = [...fleet.tasks.values()].find(({ arn, id }) => arn === task || id === task);
    return found === undefined ? [] : [{ kind: 'service', cluster: clusterIn(input), name: found.service.name }];
  });

const servicesOfCluster = (fleet: Fleet, input: Input): Subject[] =>
  [...(fleet.clusters.get(clusterIn(input))?.services.keys() ?? [])].map((name) => ({
    kind: 'service',
    cluster: clusterIn(input),
    name,
  }));

const families = (input: Input): Subject[] =>
  ['family', 'familyPrefix', 'taskDefinition']
    .flatMap((member) => texts(input[member]))
    .map((name) => ({ kind: 'family', name: nameIn(name).split(':')[0] ?? '' }));
