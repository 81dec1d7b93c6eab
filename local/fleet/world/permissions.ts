import type { Input, Permission, PermissionsOf, ServiceName } from '../operation.ts';
import { isRead } from '../operation.ts';
import type { Place } from './arns.ts';
import { ecsArn, nameIn } from './arns.ts';
import type { JudgedPlace } from './resources.ts';
import { resourcesIn } from './resources.ts';
import { ownerOfPart, partsIn } from './service-parts.ts';

const PREFIXES: Record<ServiceName, string> = {
  ecs: 'ecs',
  ecr: 'ecr',
  elbv2: 'elasticloadbalancing',
  'application-autoscaling': 'application-autoscaling',
};

/** Actions that IAM can also judge by the cluster, with that cluster as the condition `ecs:cluster`. */
const BY_CLUSTER = [
  'CreateService',
  'DeleteService',
  'DescribeServices',
  'DescribeTasks',
  'ListServiceDeployments',
  'ListServices',
  'ListTasks',
  'UpdateService',
];

/** As the Service Authorization Reference has them: https://docs.aws.amazon.com/service-authorization/latest/reference/list_ecs.html */
export const permissionsIn = (place: JudgedPlace): PermissionsOf => {
  const resourcesOf = resourcesIn(place);
  return (service, operation, input) => {
    const resources = resourcesOf(service, operation, input);
    const own: Permission = {
      action: `${PREFIXES[service]}:${operation}`,
      resources,
      conditions: conditionsOf(place, { service, operation, input }),
    };
    const tagged = tagging(service, operation, { input, resources });
    return service === 'ecs' ? [own, ...tagged, ...passing(place, operation, input)] : [own, ...tagged];
  };
};

interface Asked {
  service: ServiceName;
  operation: string;
  input: Input;
}

const conditionsOf = (place: Place, { service, operation, input }: Asked): Record<string, string> => {
  if (service === 'ecs') return ecsConditions(place, operation, input);
  return service === 'application-autoscaling' && !isRead(operation) ? scalingConditions(input) : {};
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_applicationautoscaling.html */
const scalingConditions = ({ ServiceNamespace, ScalableDimension }: Input): Record<string, string> => ({
  'application-autoscaling:service-namespace': String(ServiceNamespace),
  'application-autoscaling:scalable-dimension': String(ScalableDimension),
});

const ecsConditions = (place: Place, operation: string, input: Input): Record<string, string> => {
  if (BY_CLUSTER.includes(operation)) {
    const cluster = typeof input['cluster'] === 'string' ? nameIn(input['cluster']) : 'default';
    return { 'ecs:cluster': ecsArn(place, `cluster/${cluster}`) };
  }
  const owner = partsIn(input).map(ownerOfPart).at(0);
  if (owner === undefined) return {};
  return {
    'ecs:cluster': ecsArn(place, `cluster/${owner.cluster}`),
    'ecs:service': ecsArn(place, `service/${owner.cluster}/${owner.name}`),
  };
};

/** What is created with tags needs the right to tag it, too. */
const tagging = (
  service: ServiceName,
  operation: string,
  { input: { tags }, resources }: { input: Input; resources: string[] },
): Permission[] => {
  const creates = (service === 'ecs' || service === 'ecr') && /^(?:Create|Register)/.test(operation);
  if (!creates || !Array.isArray(tags) || tags.length === 0) return [];
  const conditions: Record<string, string> = service === 'ecs' ? { 'ecs:CreateAction': operation } : {};
  return [{ action: `${service}:TagResource`, resources, conditions }];
};

/** Roles that tasks take are passed to ecs-tasks; roles that ECS itself takes (load balancers, hooks, volumes) to ecs. */
const passing = (place: Place, operation: string, input: Input): Permission[] => {
  if (operation === 'RegisterTaskDefinition') {
    return [input['taskRoleArn'], input['executionRoleArn']]
      .filter((role) => typeof role === 'string')
      .map((role) => passRole(place, role, 'ecs-tasks.amazonaws.com'));
  }
  if (operation !== 'CreateService' && operation !== 'UpdateService') return [];
  const roles = new Set(rolesIn(input));
  return [...roles].map((role) => passRole(place, role, 'ecs.amazonaws.com'));
};

const passRole = (place: Place, role: string, service: string): Permission => ({
  action: 'iam:PassRole',
  resources: [role.startsWith('arn:') ? role : `arn:${place.partition}:iam::${place.account}:role/${role}`],
  conditions: { 'iam:PassedToService': service },
});

const rolesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(rolesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) =>
    (member === 'roleArn' || member === 'role') && typeof inner === 'string' ? [inner] : rolesIn(inner),
  );
};
