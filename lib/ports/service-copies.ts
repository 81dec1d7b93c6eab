import type { ServiceName } from '../domain/deployment.ts';
import type { ServiceState } from '../domain/rollout.ts';
import type { DescribedService } from '../domain/service-copy.ts';

/** Services as a whole, to make another like them. Every method may raise DeployFailure AwsUnavailable or AwsRefused. */
export interface ServiceCopies {
  describe: (name: ServiceName) => Promise<DescribedService | undefined>;
  /** CreateService with this request; repeated word for word with its clientToken it answers the service that is there. */
  create: (request: Record<string, unknown>) => Promise<ServiceState>;
}
