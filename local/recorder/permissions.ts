import type { Permission } from '../fleet/operation.ts';
import type { Place } from '../fleet/world/arns.ts';
import { arn } from '../fleet/world/arns.ts';

type Input = Record<string, unknown>;
type PermissionsOf = (place: Place, operation: string, input: Input) => Permission[];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const objects = (value: unknown): Input[] => (Array.isArray(value) ? (value as Input[]) : []);
const made = (place: Place, service: string, [name, prefix]: [name: unknown, prefix: string]): string =>
  text(name).startsWith('arn:') ? text(name) : arn(place, service, `${prefix}${text(name)}`);

const one = (action: string, ...resources: string[]): Permission[] => [{ action, resources, conditions: {} }];

/** Secrets Manager ends each secret's ARN with six characters of its own; a policy for a name says `-??????`. */
const secret: PermissionsOf = (place, operation, { SecretId }) => {
  const resource = made(place, 'secretsmanager', [SecretId, 'secret:']);
  return one(`secretsmanager:${operation}`, text(SecretId).startsWith('arn:') ? resource : `${resource}-??????`);
};

/** A parameter by its name, several by the path that they are below. */
const parameter: PermissionsOf = (place, operation, { Name, Names, Path }) => {
  const names = Array.isArray(Names) ? (Names as unknown[]) : [Name ?? Path];
  const named = names.map((name) => made(place, 'ssm', [text(name).replace(/^\/|\/$/g, ''), 'parameter/']));
  return one(`ssm:${operation}`, ...named);
};

const table = (place: Place, { TableName }: Input): string => made(place, 'dynamodb', [TableName, 'table/']);

/** What each part of a transaction is judged as. */
const partActions: Record<string, string> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

const item: PermissionsOf = (place, operation, input) => {
  if (operation.startsWith('Batch')) {
    const tables = Object.keys(input['RequestItems'] ?? {});
    return one(`dynamodb:${operation}`, ...tables.map((TableName) => table(place, { TableName })));
  }
  if (!operation.startsWith('Transact')) return one(`dynamodb:${operation}`, table(place, input));
  const parts = objects(input['TransactItems']).flatMap((part) => Object.entries(part));
  return parts.flatMap(([part, inner]) => one(`dynamodb:${partActions[part] ?? part}`, table(place, inner as Input)));
};

const workflow: PermissionsOf = (_place, operation, { stateMachineArn, executionArn }) =>
  one(`states:${operation}`, text(stateMachineArn ?? executionArn));

const bus: PermissionsOf = (place, operation, { Entries }) => {
  const buses = objects(Entries).map(({ EventBusName = 'default' }) => EventBusName);
  return one(`events:${operation}`, ...new Set(buses.map((name) => made(place, 'events', [name, 'event-bus/']))));
};

/** A list of alarms that may hold composite ones is judged on all, though it names some. */
const alarms: PermissionsOf = (_place, operation) => one(`cloudwatch:${operation}`, '*');

/** By what stands before the dot in `X-Amz-Target`. */
const services: Record<string, PermissionsOf> = {
  AWSEvents: bus,
  AWSStepFunctions: workflow,
  AmazonSSM: parameter,
  DynamoDB_20120810: item,
  GraniteServiceVersion20100801: alarms,
  secretsmanager: secret,
};

/**
 * What IAM judges a call of AWS's JSON protocols on, as the Service Authorization Reference has it. A call of a service
 * that is not known here comes out as an action that no policy allows.
 */
export const permissionsOf = (place: Place, target: string, input: Input): Permission[] => {
  const [service = '', operation = ''] = target.split('.');
  return services[service]?.(place, operation, input) ?? one(`unknown:${target}`, '*');
};
