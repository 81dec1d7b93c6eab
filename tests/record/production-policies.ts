import type { Resources } from '../support/packaged-stack.ts';
import type { PolicyStatement } from './iam-policy.ts';

/** What CloudFormation fills in for `AWS::Partition`, `AWS::Region` and `AWS::AccountId`. */
export interface Pseudo {
  partition: string;
  region: string;
  account: string;
}

const arnOf = (resources: Resources, name: string, { partition, region, account }: Pseudo): string => {
  const { Type = 'nothing', Properties = {} } = resources[name] ?? {};
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  if (Type === 'AWS::Lambda::Function') return arn('lambda', `function:${String(Properties['FunctionName'])}`);
  if (Type === 'AWS::DynamoDB::Table') return arn('dynamodb', `table/${String(Properties['TableName'])}`);
  throw new Error(`a policy names the ARN of ${name}, which is ${Type}: not resolved here`);
};

const filledIn = (text: string, { partition, region, account }: Pseudo): string =>
  text
    .replaceAll('${AWS::Partition}', partition)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::AccountId}', account);

/** A part of a template with the functions that policies use (Fn::Sub, Fn::GetAtt of an ARN) carried out. */
const resolved = (resources: Resources, pseudo: Pseudo, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => resolved(resources, pseudo, one));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, inner] = ['', ''], ...others] = Object.entries(value) as [string, unknown][];
  if (others.length === 0 && name === 'Fn::Sub' && typeof inner === 'string') return filledIn(inner, pseudo);
  if (others.length === 0 && name === 'Fn::GetAtt') {
    const [logicalName = '', attribute] = inner as string[];
    if (attribute === 'Arn') return arnOf(resources, logicalName, pseudo);
  }
  if (name.startsWith('Fn::') || name === 'Ref') throw new Error(`not resolved here: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(resources, pseudo, one)]));
};

/** All statements of a role's own policies. A role that has managed ones beside them is refused: they are not here. */
const policyOf = (resources: Resources, role: string, pseudo: Pseudo): PolicyStatement[] => {
  const { Policies = [], ManagedPolicyArns = [] } = resources[role]?.Properties ?? {};
  if ((ManagedPolicyArns as unknown[]).length > 0)
    throw new Error(`${role} has managed policies, which are not judged here`);
  const documents = Policies as { PolicyDocument: { Statement: unknown[] } }[];
  return documents.flatMap(
    ({ PolicyDocument }) => resolved(resources, pseudo, PolicyDocument.Statement) as PolicyStatement[],
  );
};

/** What the workflow itself goes by here: Step Functions calls in its role's name. */
export const workflowRole = 'the workflow';

/** What each function may do, by the name under which it calls AWS, and what the workflow itself may. */
export const policiesOf = (resources: Resources, pseudo: Pseudo): Map<string, PolicyStatement[]> => {
  const functions = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const policies = functions.map(({ Properties }): [string, PolicyStatement[]] => {
    const { Variables } = Properties['Environment'] as { Variables: Record<string, string> };
    const [role = ''] = (Properties['Role'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
    return [Variables['AWS_SDK_UA_APP_ID'] ?? '', policyOf(resources, role, pseudo)];
  });
  return new Map([...policies, [workflowRole, policyOf(resources, 'DeployWorkflowRole', pseudo)]]);
};
