import type {
  DescribeServicesResponse,
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionResponse,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import type { FleetControl } from './control.ts';

interface OneService {
  cluster: string;
  service: string;
}

/** What somebody else does to services by hand, past every deployer. */
export interface Colleague {
  /** Any UpdateService: another desired count, other percentages, a revision of before, `forceNewDeployment`, … */
  updateService(request: UpdateServiceRequest): Promise<void>;
  /** Rolls out the service's own revision with another image in its first container; tells the new revision's ARN. */
  deploy(service: OneService & { image: string }): Promise<string>;
  /** Deletes the service by force, whatever it is scaled to. */
  deleteService(service: OneService): Promise<void>;
}

type Ecs = (operation: string, input: object) => Promise<unknown>;

/** A colleague whose calls are recorded under that name. Rejects with AWS's code and message. */
export const colleague = (control: FleetControl, caller = 'a-colleague'): Colleague => {
  const ecs: Ecs = (operation, input) => control.call({ service: 'ecs', operation, caller, input: { ...input } });
  return {
    updateService: async (request) => {
      await ecs('UpdateService', request);
    },
    deploy: async ({ cluster, service, image }) => {
      const taskDefinition = await register(ecs, { cluster, service, image });
      await ecs('UpdateService', { cluster, service, taskDefinition });
      return taskDefinition;
    },
    deleteService: async (service) => {
      await ecs('DeleteService', { ...service, force: true });
    },
  };
};

/** Members of a task definition that Describe tells and Register refuses. */
const READ_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
];

const register = async (ecs: Ecs, { cluster, service, image }: OneService & { image: string }): Promise<string> => {
  const { services } = (await ecs('DescribeServices', { cluster, services: [service] })) as DescribeServicesResponse;
  const described = await ecs('DescribeTaskDefinition', { taskDefinition: services?.[0]?.taskDefinition });
  const { taskDefinition = {} } = described as DescribeTaskDefinitionResponse;
  const kept = Object.fromEntries(Object.entries(taskDefinition).filter(([member]) => !READ_ONLY.includes(member)));
  const [first, ...others] = taskDefinition.containerDefinitions ?? [];
  const made = await ecs('RegisterTaskDefinition', { ...kept, containerDefinitions: [{ ...first, image }, ...others] });
  return (made as RegisterTaskDefinitionResponse).taskDefinition?.taskDefinitionArn ?? '';
};
