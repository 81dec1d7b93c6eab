/** The seam between the fleet's wire (protocols, models, faults, records) and its world (what the calls do). */

/** An error of the service being played, under the code its own model uses. `fields` are further members of the error's shape. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, unknown>;

  constructor(code: string, message: string, more: { status?: number; fields?: Record<string, unknown> } = {}) {
    super(message);
    this.code = code;
    this.status = more.status ?? 400;
    this.fields = more.fields ?? {};
  }
}

export type Input = Record<string, unknown>;
export type Output = Record<string, unknown>;

/**
 * One operation of an AWS service: input as in the service's model (member names as botocore spells them), output
 * likewise, timestamps as Date. Synchronous, so that a call is one step of the world. Raises AwsError.
 */
export type Operation = (input: Input) => Output;

export type ServiceName = 'ecs' | 'ecr' | 'elbv2' | 'application-autoscaling';

/** What the world offers to the wire: by service, by operation name as in the model (`UpdateService`). */
export type Operations = Record<ServiceName, Record<string, Operation>>;

/** One thing that IAM judges before a call is carried out; on AWS every resource of it must be allowed. */
export interface Permission {
  /** as policies write it: `ecs:UpdateService` */
  action: string;
  /** exact ARNs, '*' for actions that know no resource */
  resources: string[];
  /** the condition keys that IAM can judge it by, as far as this world fills them in */
  conditions: Record<string, string>;
}

/** What a call needs, its own action first: further ones are those of roles that it passes and tags that it sets. */
export type PermissionsOf = (service: ServiceName, operation: string, input: Input) => Permission[];

/** Whether the operation only looks. */
export const isRead = (operation: string): boolean => /^(?:Describe|List|Get|BatchGet|BatchCheck)/.test(operation);
